package store

import (
	"context"
	"fmt"
	"time"
)

// keepOddities is how long after it came last an oddity is known.
const keepOddities = 30 * 24 * time.Hour

// Oddity is a value of an outside system that could not be read.
type Oddity struct {
	Field string
	Shape string // every digit is 9 and every letter a: no value is kept
	Times int64
	First time.Time
	Last  time.Time
}

// NoteOddity counts a value that could not be read.
func (s *Store) NoteOddity(ctx context.Context, field, shape string, now time.Time) error {
	err := s.batch.later(ctx, `INSERT INTO oddities (field, shape, times, first, last) VALUES ($1, $2, 1, $3, $3)
		ON CONFLICT (field, shape) DO UPDATE SET times = oddities.times + 1, last = excluded.last`, field, shape, ms(now))
	if err != nil {
		return fmt.Errorf("note oddity: %w", err)
	}
	return nil
}

// Oddities gives what could not be read since a time, the latest first.
func (s *Store) Oddities(ctx context.Context, since time.Time) ([]Oddity, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT field, shape, times, first, last FROM oddities WHERE last >= $1 ORDER BY last DESC, field, shape`, ms(since))
	if err != nil {
		return nil, fmt.Errorf("read oddities: %w", err)
	}
	defer closeRows(s, rows)
	var out []Oddity
	for rows.Next() {
		var o Oddity
		var first, last int64
		if err := rows.Scan(&o.Field, &o.Shape, &o.Times, &first, &last); err != nil {
			return nil, fmt.Errorf("read oddities: %w", err)
		}
		o.First, o.Last = fromMS(first), fromMS(last)
		out = append(out, o)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read oddities: %w", err)
	}
	return out, nil
}
