package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"
)

const addAudit = `INSERT INTO audit (at, platform, account, nip, action, outcome, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)`

// Audit writes a line of the audit trail. It is queued: a crash within a
// moment may lose the line of what the crash undid.
func (s *Store) Audit(ctx context.Context, e Event) error {
	nip := sql.NullInt64{Int64: number(e.NIP), Valid: e.NIP != ""}
	if err := s.batch.later(ctx, addAudit, ms(e.At), e.Account.Platform, e.Account.ID, nip, e.Action, e.Outcome, e.Detail); err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	return nil
}

// auditTx writes a line of the audit trail in a transaction.
func (s *Store) auditTx(ctx context.Context, tx *sql.Tx, e Event) error {
	nip := sql.NullInt64{Int64: number(e.NIP), Valid: e.NIP != ""}
	if _, err := tx.ExecContext(ctx, addAudit, ms(e.At), e.Account.Platform, e.Account.ID, nip, e.Action, e.Outcome, e.Detail); err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	return nil
}

// Events gives the audit trail since a time, of everybody when nip is empty,
// the oldest first. The sequence ends after its first error.
func (s *Store) Events(ctx context.Context, since time.Time, nip string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		rows, err := s.read.QueryContext(ctx, `SELECT at, platform, account, coalesce(nip, 0), action, outcome, detail FROM audit
			WHERE at >= $1 AND (CAST($2 AS BIGINT) = 0 OR nip = CAST($2 AS BIGINT)) ORDER BY at, id`, ms(since), nipFilter(nip))
		if err != nil {
			yield(Event{}, fmt.Errorf("read audit: %w", err))
			return
		}
		defer closeRows(s, rows)
		for rows.Next() {
			var e Event
			var at, nip int64
			if err := rows.Scan(&at, &e.Account.Platform, &e.Account.ID, &nip, &e.Action, &e.Outcome, &e.Detail); err != nil {
				yield(Event{}, fmt.Errorf("read audit: %w", err))
				return
			}
			e.At = fromMS(at)
			if nip > 0 {
				e.NIP = nipText(nip)
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

func nipFilter(nip string) int64 {
	if nip == "" {
		return 0
	}
	return number(nip)
}

// ReportRow counts what happened on a day.
type ReportRow struct {
	Day      string `json:"day"` // 2006-01-02, western Indonesian time
	Platform string `json:"platform"`
	Action   string `json:"action"`
	Outcome  string `json:"outcome"`
	Detail   string `json:"detail,omitempty"`
	Count    int    `json:"count"`
}

const wibMillis = 7 * 60 * 60 * 1000 // western Indonesian time is 7 hours ahead, all year

// Report counts the audit trail since a time by day, platform, action,
// outcome and detail.
func (s *Store) Report(ctx context.Context, since time.Time) ([]ReportRow, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT (at + $1) / 86400000 AS day, platform, action, outcome, detail, count(*) FROM audit
		WHERE at >= $2 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`, wibMillis, ms(since))
	if err != nil {
		return nil, fmt.Errorf("count audit: %w", err)
	}
	defer closeRows(s, rows)
	var out []ReportRow
	for rows.Next() {
		var r ReportRow
		var day int64
		if err := rows.Scan(&day, &r.Platform, &r.Action, &r.Outcome, &r.Detail, &r.Count); err != nil {
			return nil, fmt.Errorf("count audit: %w", err)
		}
		r.Day = time.UnixMilli(day * 86400000).UTC().Format(time.DateOnly)
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("count audit: %w", err)
	}
	return out, nil
}
