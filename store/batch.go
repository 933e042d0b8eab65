package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"
)

// batcher shares commits: whatever small writes wait at the same moment go
// into one transaction. A write that fails is undone alone and fails alone.
type batcher struct {
	s     *Store
	queue *writeQueue
	quit  chan struct{}
	done  chan struct{}
	stmts map[string]*sql.Stmt // by their text, which is a constant of the program
	bound time.Duration        // PostgreSQL: most time for one commit; then its connection is thrown away

	failed  atomic.Bool  // the last commit; see Ping
	commits atomic.Int64 // that succeeded
}

// write is one statement; without a query it only asks for the commit of all
// before it. answer is nil for a write that nobody waits for.
type write struct {
	query  string
	args   []any
	answer chan result
	first  string  // not empty: written before all others, in the order of these
	about  Account // whoever reads of it first waits for it; zero: nobody does
}

type result struct {
	rows int64
	err  error
}

const (
	batchMost   = 256              // writes in one transaction
	commitBound = 10 * time.Second // a network that swallows what is sent tells nobody; TCP tries for a quarter of an hour
)

// newBatcher prepares the statements that every message needs and starts.
func newBatcher(ctx context.Context, s *Store) (*batcher, error) {
	b := &batcher{s: s, queue: newWriteQueue(), quit: make(chan struct{}), done: make(chan struct{}), stmts: make(map[string]*sql.Stmt), bound: commitBound}
	for _, q := range []string{s.addInbox(), doneInbox, addAudit, saveStatus, setOffer, spendTrigger} {
		if err := b.prepare(ctx, q); err != nil {
			return nil, fmt.Errorf("prepare statement: %w", err)
		}
	}
	go b.run()
	return b, nil
}

func (b *batcher) prepare(ctx context.Context, query string) error {
	if b.stmts[query] != nil || query == "" {
		return nil
	}
	stmt, err := b.s.write.PrepareContext(ctx, query) //nolint:sqlclosecheck // lives as long as the batcher; closing the database closes it
	if err == nil {
		b.stmts[query] = stmt
	}
	return err
}

var errClosed = errors.New("the database is closed")

// do writes and waits for the commit.
func (b *batcher) do(ctx context.Context, query string, args ...any) error {
	answer, err := b.begin(ctx, query, args...)
	if err != nil {
		return err
	}
	r, err := await(ctx, answer)
	return cmp.Or(err, r.err)
}

// await waits for an answer as long as ctx allows. Beyond that it is unknown
// what became of the write: it may still be done.
func await(ctx context.Context, answer <-chan result) (result, error) {
	select {
	case r := <-answer:
		return r, nil
	case <-ctx.Done():
		return result{}, fmt.Errorf("what was written is not known: %w", ctx.Err())
	}
}

// begin hands a write over; the answer comes when it is committed.
func (b *batcher) begin(ctx context.Context, query string, args ...any) (<-chan result, error) {
	return b.beginFirst(ctx, "", query, args...)
}

// beginFirst is begin for rows that other processes write at the same moment:
// in another order each would wait for what the other has written.
func (b *batcher) beginFirst(ctx context.Context, first, query string, args ...any) (<-chan result, error) {
	answer := make(chan result, 1)
	return answer, b.queue.put(ctx, write{query: query, args: args, answer: answer, first: first})
}

// flush waits until what was handed over before is committed.
func (b *batcher) flush(ctx context.Context) error {
	return b.do(ctx, "")
}

// later writes soon, with the next commit; the caller does not wait. A crash
// before that loses the write, so it must be one whose loss only makes
// something be done again or counted once less.
func (b *batcher) later(ctx context.Context, query string, args ...any) error {
	return b.queue.put(ctx, write{query: query, args: args})
}

// settle waits until what was queued about an account is committed.
func (b *batcher) settle(ctx context.Context, a Account) error {
	if !b.queue.owes(a) {
		return nil
	}
	return b.flush(ctx)
}

// close writes what waits and ends the batcher.
func (b *batcher) close() {
	if b.queue.close() {
		close(b.quit)
	}
	<-b.done
}

// run commits what waits whenever that is wanted.
func (b *batcher) run() {
	defer close(b.done)
	for {
		select {
		case <-b.queue.ready:
		case <-b.queue.rest.C:
		case <-b.quit:
			for writes := b.queue.take(); len(writes) > 0; writes = b.queue.take() {
				b.commit(writes)
			}
			return
		}
		b.commit(b.queue.take())
	}
}

// commit writes all in one transaction. When a statement fails, each is
// written alone, so that it spoils nobody else's; when the commit itself
// fails, it fails for all: whether it was done may not be known.
func (b *batcher) commit(writes []write) {
	if len(writes) == 0 {
		return
	}
	if !b.s.SingleProcess() {
		slices.SortStableFunc(writes, func(x, y write) int {
			return cmp.Or(cmp.Compare(last(x), last(y)), cmp.Compare(x.first, y.first))
		})
	}
	results := make([]result, len(writes))
	began := time.Now()
	err := b.s.answered(context.Background(), began, b.together(writes, results))
	b.failed.Store(err != nil)
	if err != nil {
		alone := len(writes) > 1 && !errors.Is(err, errCommit) && !errors.Is(err, context.DeadlineExceeded)
		for i := range writes {
			if alone {
				err = b.together(writes[i:i+1], results[i:i+1])
			}
			if err != nil {
				results[i] = result{err: err}
			}
		}
	}
	b.queue.done(writes)
	for i, w := range writes {
		switch {
		case w.answer != nil:
			w.answer <- results[i]
		case results[i].err != nil:
			b.s.log.Error("a queued write failed", "error", results[i].err)
		}
	}
}

// last is 1 for a write that comes behind those that come first.
func last(w write) int {
	if w.first == "" {
		return 1
	}
	return 0
}

// errCommit marks an error of the commit itself.
var errCommit = errors.New("commit")

func (b *batcher) together(writes []write, results []result) error {
	ctx := context.Background()
	if !b.s.SingleProcess() { // a file answers at once, or after busyTimeout; a context that ends costs a goroutine a statement
		bounded, cancel := context.WithTimeout(ctx, b.bound)
		defer cancel()
		ctx = bounded
	}
	for _, w := range writes { // SQLite's one connection is the transaction's afterwards
		if err := b.prepare(ctx, w.query); err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
	}
	tx, err := b.s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	for i, w := range writes {
		if results[i].rows, err = b.write(ctx, tx, w); err != nil {
			return errors.Join(fmt.Errorf("write: %w", err), tx.Rollback())
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%w: %w", errCommit, err)
	}
	b.commits.Add(1)
	return nil
}

func (b *batcher) write(ctx context.Context, tx *sql.Tx, w write) (int64, error) {
	if w.query == "" {
		return 0, nil
	}
	var res sql.Result
	var err error
	if stmt := b.stmts[w.query]; stmt != nil {
		res, err = tx.StmtContext(ctx, stmt).ExecContext(ctx, w.args...) //nolint:sqlclosecheck // the transaction ends it
	} else {
		res, err = tx.ExecContext(ctx, w.query, w.args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
