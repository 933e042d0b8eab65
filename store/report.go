package store

import (
	"context"
	"fmt"
	"time"
)

// ReportRow counts one kind of event of a day.
type ReportRow struct {
	Day      string `json:"day"` // 2006-01-02, in the zone of the report
	Platform string `json:"platform"`
	Action   string `json:"action"`
	Outcome  string `json:"outcome"`
	Detail   string `json:"detail,omitempty"`
	Count    int    `json:"count"`
}

// Span is a time from From on, and before Until; a zero From is the
// beginning. Days are those of Zone, which has one offset all year.
type Span struct {
	From, Until time.Time
	Zone        *time.Location
}

func (p Span) offset() int64 {
	_, seconds := p.Until.In(p.Zone).Zone()
	return int64(seconds) * 1000
}

// Report counts the audit trail of a time by day, platform, action, outcome
// and detail.
func (s *Store) Report(ctx context.Context, span Span) ([]ReportRow, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT (at + $1) / 86400000 AS day, platform, action, outcome, detail, count(*) FROM audit
		WHERE at >= $2 AND at < $3 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`, span.offset(), ms(span.From), ms(span.Until))
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

// CountPeople counts the employees who did something in a chat in that time.
func (s *Store) CountPeople(ctx context.Context, span Span) (n int, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT count(DISTINCT nip_hash) FROM audit WHERE at >= $1 AND at < $2 AND platform <> 'cli' AND nip_hash IS NOT NULL`,
		ms(span.From), ms(span.Until)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count people: %w", err)
	}
	return n, nil
}

// FirstEvent is when the audit trail begins; zero: it is empty.
func (s *Store) FirstEvent(ctx context.Context) (time.Time, error) {
	var at int64
	if err := s.read.QueryRowContext(ctx, `SELECT coalesce(min(at), 0) FROM audit`).Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("look for the first event: %w", err)
	}
	return fromMS(at), nil
}
