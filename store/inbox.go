package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"sync/atomic"
)

// A row stays after its update was answered, without the payload, so that the
// same update is known when the platform brings it again. secure_delete makes
// SQLite overwrite the payload in the file.
const (
	addInbox = `INSERT INTO inbox (source, id, account, payload, received) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`

	// Where several processes write, their clocks differ: an update comes
	// behind what the account has open already.
	addSharedInbox = `INSERT INTO inbox (source, id, account, payload, received, owner) VALUES ($1, $2, $3, $4,
		greatest($5, (SELECT max(received) + 1 FROM inbox WHERE account = $3 AND payload IS NOT NULL)), $6) ON CONFLICT DO NOTHING`

	doneInbox = `UPDATE inbox SET payload = NULL WHERE source = $1 AND id = $2`
)

// addInbox is the statement that adds an update.
func (s *Store) addInbox() string {
	if s.SingleProcess() {
		return addInbox
	}
	return addSharedInbox
}

// arrival gives times that grow, so that updates of one moment keep their order.
type arrival struct{ last atomic.Int64 }

func (a *arrival) next(now int64) int64 {
	for {
		last := a.last.Load()
		n := max(now, last+1)
		if a.last.CompareAndSwap(last, n) {
			return n
		}
	}
}

// after makes the times to come later than one that was given before.
func (a *arrival) after(at int64) {
	for last := a.last.Load(); last < at && !a.last.CompareAndSwap(last, at); last = a.last.Load() {
	}
}

// AddInbox stores updates durably before they are acknowledged. fresh is
// false for one that was stored before. On an error, and when ctx ends, some
// may be stored: the caller has them brought again, and the look at the inbox
// finds those that were.
func (s *Store) AddInbox(ctx context.Context, entries ...InboxEntry) (fresh []bool, err error) {
	answers := make([]<-chan result, 0, len(entries))
	for _, e := range entries {
		answer, failed := s.batch.beginFirst(ctx, e.Account, s.addInbox(), s.inboxRow(e)...)
		if failed != nil {
			err = failed
			break
		}
		answers = append(answers, answer)
	}
	fresh = make([]bool, len(answers))
	for i, answer := range answers {
		r, unknown := await(ctx, answer)
		fresh[i] = r.rows == 1
		if err == nil {
			err = cmp.Or(unknown, r.err) // on a full disk all fail alike: one tells enough
		}
	}
	if err != nil {
		return nil, fmt.Errorf("store update: %w", err)
	}
	return fresh, nil
}

// inboxRow gives the values for addInbox.
func (s *Store) inboxRow(e InboxEntry) []any {
	at := s.arrival.next(s.now().UnixMicro())
	row := []any{e.Source, e.ID, e.Account, s.seal.seal(inboxPlace(e.Source, e.ID), e.Payload), at}
	if !s.SingleProcess() {
		row = append(row, s.process)
	}
	return row
}

// inboxPlace is what a payload is sealed for. A source has no blank.
func inboxPlace(source, id string) string { return "inbox " + source + " " + id }

// AckInbox closes an answered update and wipes its payload. It is queued: a
// crash within a moment makes the update be answered again.
func (s *Store) AckInbox(ctx context.Context, source, id string) error {
	if err := s.batch.later(ctx, doneInbox, source, id); err != nil {
		return fmt.Errorf("close update: %w", err)
	}
	return nil
}

// OpenInbox gives the updates that are not answered, the oldest first, without
// those of other processes. What comes later stays behind them, even when the
// clock was set back.
func (s *Store) OpenInbox(ctx context.Context) ([]InboxEntry, error) {
	if s.SingleProcess() {
		return s.inbox(ctx, `SELECT source, id, account, payload, received FROM inbox WHERE payload IS NOT NULL ORDER BY received`)
	}
	return s.inbox(ctx, `SELECT source, id, account, payload, received FROM inbox WHERE payload IS NOT NULL AND owner IN ($1, '') ORDER BY received`, s.process)
}

// AccountInbox gives an account's updates that are not answered, the oldest
// first and at most so many.
func (s *Store) AccountInbox(ctx context.Context, account string, most int) ([]InboxEntry, error) {
	return s.inbox(ctx, `SELECT source, id, account, payload, received FROM inbox
		WHERE account = $1 AND payload IS NOT NULL ORDER BY received LIMIT $2`, account, most)
}

func (s *Store) inbox(ctx context.Context, query string, args ...any) ([]InboxEntry, error) {
	return s.entries(s.read.QueryContext(ctx, query, args...))
}

// entries reads what a query found.
func (s *Store) entries(rows *sql.Rows, err error) ([]InboxEntry, error) {
	if err != nil {
		return nil, fmt.Errorf("read inbox: %w", err)
	}
	defer closeRows(s, rows)
	var out []InboxEntry
	for rows.Next() {
		var e InboxEntry
		var sealed []byte
		var received int64
		if err := rows.Scan(&e.Source, &e.ID, &e.Account, &sealed, &received); err != nil {
			return nil, fmt.Errorf("read inbox: %w", err)
		}
		if e.Payload, err = s.seal.open(inboxPlace(e.Source, e.ID), sealed); err != nil {
			return nil, err
		}
		s.arrival.after(received)
		out = append(out, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read inbox: %w", err)
	}
	return out, nil
}
