package store

import (
	"context"
	"fmt"
	"time"
)

// Depths are how much of everything there is in the database.
type Depths struct {
	Jobs      map[string]map[string]int // by kind, then by River's state
	Resets    map[ResetState]int
	Tickets   map[TicketState]int // that are not closed
	Employees int
	Imported  time.Time // when the directory was last refreshed; zero: never, or longer ago than RETENTION
}

// Depths counts. It is meant to be asked now and then, not for each update.
func (s *Store) Depths(ctx context.Context) (Depths, error) {
	d := Depths{Jobs: make(map[string]map[string]int), Resets: make(map[ResetState]int), Tickets: map[TicketState]int{TicketWaiting: 0, TicketTaken: 0}}
	var a, b string
	var n int
	err := s.each(ctx, `SELECT queue, state, count(*) FROM river_job GROUP BY 1, 2`, []any{&a, &b, &n}, func() {
		if d.Jobs[a] == nil {
			d.Jobs[a] = make(map[string]int)
		}
		d.Jobs[a][b] = n
	})
	if err != nil {
		return d, err
	}
	if err := s.each(ctx, `SELECT state, count(*) FROM resets GROUP BY 1`, []any{&a, &n}, func() { d.Resets[ResetState(a)] = n }); err != nil {
		return d, err
	}
	if err := s.each(ctx, `SELECT state, count(*) FROM tickets WHERE state <> 'closed' GROUP BY 1`, []any{&a, &n}, func() { d.Tickets[TicketState(a)] = n }); err != nil {
		return d, err
	}
	if d.Employees, err = s.CountEmployees(ctx); err != nil {
		return d, err
	}
	var at int64
	if err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(at), 0) FROM audit WHERE action = 'import' AND outcome = 'done'`).Scan(&at); err != nil {
		return d, fmt.Errorf("look for the last import: %w", err)
	}
	d.Imported = fromMS(at)
	return d, nil
}

func (s *Store) each(ctx context.Context, query string, into []any, take func()) error {
	return s.eachOf(ctx, query, nil, into, take)
}

// eachOf reads the rows of a query with arguments, one after the other, into
// the same places.
func (s *Store) eachOf(ctx context.Context, query string, args, into []any, take func()) error {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("count: %w", err)
	}
	defer closeRows(s, rows)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("count: %w", err)
		}
		take()
	}
	return rows.Err()
}
