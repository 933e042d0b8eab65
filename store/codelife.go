package store

import (
	"context"
	"fmt"
	"time"
)

// CodeOpen tells whether a code is still the one that an account is waiting
// for: not used, not used up, and no newer one in its place.
func (s *Store) CodeOpen(ctx context.Context, a Account, code string) (bool, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM codes WHERE platform = $1 AND account = $2 AND hash = $3 AND closed = 0`,
		a.Platform, a.ID, s.codeHash(a, code)).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("read code: %w", err)
	}
	return n > 0, nil
}

// ExtendCode lets an open code live until a time, when that is later than it
// would.
func (s *Store) ExtendCode(ctx context.Context, a Account, code string, expires time.Time) error {
	_, err := s.write.ExecContext(ctx, `UPDATE codes SET expires = $1 WHERE platform = $2 AND account = $3 AND hash = $4 AND closed = 0 AND expires < $1`,
		ms(expires), a.Platform, a.ID, s.codeHash(a, code))
	if err != nil {
		return fmt.Errorf("extend code: %w", err)
	}
	return nil
}
