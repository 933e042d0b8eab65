package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// keepSpent is how long it is known what an employee has spent: longer than
// any Budget's span.
const keepSpent = 48 * time.Hour

// Budget bounds an effect on third parties: at most so many within a time.
type Budget struct {
	Most   int
	Within time.Duration // at most a day
}

// Spend counts one effect against an employee's budgets, whoever of their
// accounts causes it. A zero until means that it was counted and may happen;
// else it is refused until then, and nothing is counted. What a clock that was
// ahead has noted for the future blocks nobody.
func (s *Store) Spend(ctx context.Context, nip, what string, now time.Time, budgets ...Budget) (until time.Time, err error) {
	hash := s.seal.nipHash(nip)
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		until = time.Time{}
		if err := s.lockKeys(ctx, tx, "spend "+what+" "+nip); err != nil {
			return err
		}
		for _, b := range budgets {
			// The oldest of those that fill the budget makes room when it is out of the span.
			var n int
			var oldest int64
			if err := tx.QueryRowContext(ctx, `SELECT count(*), coalesce(min(at), 0) FROM (
				SELECT at FROM spent WHERE nip_hash = $1 AND what = $2 AND at > $3 AND at <= $4 ORDER BY at DESC LIMIT $5) recent`,
				hash, what, ms(now.Add(-b.Within)), ms(now), b.Most).Scan(&n, &oldest); err != nil {
				return fmt.Errorf("count what was spent: %w", err)
			}
			if free := fromMS(oldest).Add(b.Within); n >= b.Most && free.After(until) {
				until = free
			}
		}
		if !until.IsZero() {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO spent (nip_hash, what, at) VALUES ($1, $2, $3)`, hash, what, ms(now)); err != nil {
			return fmt.Errorf("spend: %w", err)
		}
		return nil
	})
	return until, err
}

// Refund takes back what was spent at a time and came to nothing.
func (s *Store) Refund(ctx context.Context, nip, what string, at time.Time) error {
	if _, err := s.write.ExecContext(ctx, `DELETE FROM spent WHERE nip_hash = $1 AND what = $2 AND at = $3`, s.seal.nipHash(nip), what, ms(at)); err != nil {
		return fmt.Errorf("refund: %w", err)
	}
	return nil
}
