package store

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

const spendTrigger = `INSERT INTO spent_triggers (id, until) VALUES ($1, $2) ON CONFLICT DO NOTHING`

// SpendTrigger notes that a proof of who acts was used, over all processes
// that share the database. It gives false for one that was used before. The
// note is kept until the proof is too old by itself.
func (s *Store) SpendTrigger(ctx context.Context, id string, until time.Time) (first bool, err error) {
	answer, err := s.batch.begin(ctx, spendTrigger, id, ms(until))
	if err != nil {
		return false, fmt.Errorf("spend trigger: %w", err)
	}
	r, err := await(ctx, answer)
	if err = cmp.Or(err, r.err); err != nil {
		return false, fmt.Errorf("spend trigger: %w", err)
	}
	return r.rows == 1, nil
}

// FreeTrigger lets what was spent count once more.
func (s *Store) FreeTrigger(ctx context.Context, id string) error {
	if err := s.batch.do(ctx, `DELETE FROM spent_triggers WHERE id = $1`, id); err != nil {
		return fmt.Errorf("free trigger: %w", err)
	}
	return nil
}
