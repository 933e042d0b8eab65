package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// batcher shares commits: whatever small writes wait at the same moment go
// into one transaction. A write that fails is undone alone and fails alone.
type batcher struct {
	s     *Store
	in    chan write
	quit  chan struct{}
	done  chan struct{}
	once  sync.Once
	stmts map[string]*sql.Stmt
}

// write is one statement. answer is nil for a write that nobody waits for.
type write struct {
	query  string
	args   []any
	answer chan result
}

type result struct {
	rows int64
	err  error
}

const (
	batchMost = 256                   // writes in one transaction
	batchRest = 20 * time.Millisecond // a write that nobody waits for is taken along or done after this
)

// newBatcher prepares the statements that are worth it and starts.
func newBatcher(ctx context.Context, s *Store) (*batcher, error) {
	b := &batcher{s: s, in: make(chan write, 4*batchMost), quit: make(chan struct{}), done: make(chan struct{}), stmts: make(map[string]*sql.Stmt)}
	for _, q := range []string{addInbox, doneInbox, addAudit, saveStatus} {
		stmt, err := s.write.PrepareContext(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("prepare statement: %w", err)
		}
		b.stmts[q] = stmt
	}
	go b.run()
	return b, nil
}

var errClosed = errors.New("the database is closed")

// do writes and waits for the commit. It tells how many rows were touched.
func (b *batcher) do(ctx context.Context, query string, args ...any) (int64, error) {
	answer := make(chan result, 1)
	if err := b.put(ctx, write{query, args, answer}); err != nil {
		return 0, err
	}
	select {
	case r := <-answer:
		return r.rows, r.err
	case <-b.done:
		select {
		case r := <-answer:
			return r.rows, r.err
		default:
			return 0, errClosed
		}
	}
}

// later writes soon, with the next commit; the caller does not wait. A crash
// before that loses the write, so it must be one whose loss only makes
// something be done again or counted once less.
func (b *batcher) later(ctx context.Context, query string, args ...any) error {
	return b.put(ctx, write{query: query, args: args})
}

func (b *batcher) put(ctx context.Context, w write) error {
	select {
	case <-b.quit:
		return errClosed
	default:
	}
	select {
	case b.in <- w:
		return nil
	case <-b.quit:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *batcher) close() {
	b.once.Do(func() { close(b.quit) })
	<-b.done
}

// run gathers writes and commits them. Writes that nobody waits for rest
// until one comes that somebody does, or a short time has passed.
func (b *batcher) run() {
	defer close(b.done)
	var pending []write
	timer := time.NewTimer(batchRest)
	timer.Stop()
	for {
		urgent := false
		select {
		case w := <-b.in:
			if len(pending) == 0 {
				timer.Reset(batchRest)
			}
			pending = append(pending, w)
			urgent = w.answer != nil
		case <-timer.C:
			urgent = len(pending) > 0
		case <-b.quit:
			pending = b.gather(pending, 1<<20)
			b.commit(pending)
			return
		}
		if !urgent && len(pending) < batchMost {
			continue
		}
		pending = b.gather(pending, batchMost)
		b.commit(pending)
		pending = pending[:0]
		timer.Stop()
	}
}

// gather adds what waits already.
func (b *batcher) gather(pending []write, most int) []write {
	for len(pending) < most {
		select {
		case w := <-b.in:
			pending = append(pending, w)
		default:
			return pending
		}
	}
	return pending
}

// commit writes all in one transaction, and one by one when that fails.
func (b *batcher) commit(writes []write) {
	if len(writes) == 0 {
		return
	}
	results := make([]result, len(writes))
	if err := b.together(writes, results); err != nil {
		for i := range writes {
			if err := b.together(writes[i:i+1], results[i:i+1]); err != nil {
				results[i] = result{err: err}
			}
		}
	}
	for i, w := range writes {
		switch {
		case w.answer != nil:
			w.answer <- results[i]
		case results[i].err != nil:
			b.s.log.Error("a queued write failed", "error", results[i].err)
		}
	}
}

func (b *batcher) together(writes []write, results []result) error {
	ctx := context.Background()
	tx, err := b.s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	for i, w := range writes {
		var res sql.Result
		if stmt := b.stmts[w.query]; stmt != nil {
			res, err = tx.StmtContext(ctx, stmt).ExecContext(ctx, w.args...)
		} else {
			res, err = tx.ExecContext(ctx, w.query, w.args...)
		}
		if err == nil {
			results[i].rows, err = res.RowsAffected()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("write: %w", err), tx.Rollback())
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
