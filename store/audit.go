package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"
)

const addAudit = `INSERT INTO audit (at, platform, account, nip_hash, nip_sealed, action, outcome, detail, trace) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

// Audit writes a line of the audit trail about what changed nothing: a deed
// writes its own in its transaction. It is queued, and a crash within a moment
// may lose it.
func (s *Store) Audit(ctx context.Context, e Event) error {
	if err := s.batch.later(ctx, addAudit, s.auditRow(ctx, e)...); err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	s.observe(e)
	return nil
}

// Record writes a line of the audit trail together with the jobs that it is
// about. It returns when both are stored.
func (s *Store) Record(ctx context.Context, e Event, jobs ...Job) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.auditTx(ctx, tx, e); err != nil {
			return err
		}
		return s.enqueueTx(ctx, tx, jobs)
	})
}

// auditTx writes lines of the audit trail in a transaction, with the deed that
// they are about.
func (s *Store) auditTx(ctx context.Context, tx *sql.Tx, lines ...Event) error {
	for _, e := range lines {
		if _, err := tx.ExecContext(ctx, addAudit, s.auditRow(ctx, e)...); err != nil {
			return fmt.Errorf("write audit: %w", err)
		}
		s.uncommitted.add(tx, func(u *effects) { u.lines = append(u.lines, e) })
	}
	return nil
}

// auditRow gives the values for addAudit.
func (s *Store) auditRow(ctx context.Context, e Event) []any {
	var hash, sealed []byte
	if e.NIP != "" {
		hash, sealed = s.seal.sealNIP("audit", e.NIP)
	}
	return []any{ms(e.At), e.Account.Platform, e.Account.ID, hash, sealed, e.Action, e.Outcome, e.Detail, cmp.Or(e.ID, s.ids.Of(ctx))}
}

// Events gives the audit trail since a time, of everybody when nip is empty,
// the oldest first. The sequence ends after its first error.
func (s *Store) Events(ctx context.Context, since time.Time, nip string) iter.Seq2[Event, error] {
	whose, args := "1 = 1", []any{ms(since)}
	if nip != "" {
		whose, args = "nip_hash = $2", append(args, s.seal.nipHash(nip))
	}
	return func(yield func(Event, error) bool) {
		rows, err := s.read.QueryContext(ctx, `SELECT at, platform, account, nip_hash, nip_sealed, action, outcome, detail, trace FROM audit
			WHERE at >= $1 AND `+whose+` ORDER BY at, id`, args...)
		if err != nil {
			yield(Event{}, fmt.Errorf("read audit: %w", err))
			return
		}
		defer closeRows(s, rows)
		for rows.Next() {
			var e Event
			var at int64
			var hash, sealed []byte
			if err := rows.Scan(&at, &e.Account.Platform, &e.Account.ID, &hash, &sealed, &e.Action, &e.Outcome, &e.Detail, &e.ID); err != nil {
				yield(Event{}, fmt.Errorf("read audit: %w", err))
				return
			}
			e.At = fromMS(at)
			if hash != nil {
				if e.NIP, err = s.seal.openNIP("audit", hash, sealed); err != nil {
					yield(Event{}, fmt.Errorf("read audit: %w", err))
					return
				}
			}
			if !yield(e, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Event{}, fmt.Errorf("read audit: %w", err))
		}
	}
}
