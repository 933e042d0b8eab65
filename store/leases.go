package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

const (
	leaseUrgent = time.Second      // for so long after they asked in vain, those in a hurry come first
	leaseMost   = 10 * time.Minute // a lease that lasts longer is of a clock that was set back since
)

// leaseSQL writes a query with the engine's clock (CLOCK), in unix
// milliseconds: the clocks of two machines differ, the database's is one.
func (s *Store) leaseSQL(query string) string {
	clock := "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
	if s.pool != nil {
		clock = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
	}
	return strings.ReplaceAll(query, "CLOCK", clock)
}

// ClaimLease takes what only one of all processes may have at a time, for at
// most hold; the holder's name tells the processes apart. wait 0 means that it
// was taken; else it is worth asking again after that time. Who is urgent
// comes before those who are not, also those of other processes.
func (s *Store) ClaimLease(ctx context.Context, name, holder string, hold time.Duration, urgent bool) (wait time.Duration, err error) {
	res, err := s.write.ExecContext(ctx, s.leaseSQL(`INSERT INTO leases (name, holder, free_at, urgent_until) VALUES ($1, $2, CLOCK + $3, 0)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, free_at = excluded.free_at
		WHERE (leases.free_at <= CLOCK OR leases.free_at > CLOCK + $4) AND (leases.urgent_until <= CLOCK OR leases.urgent_until > CLOCK + $4 OR $5 = 1)`),
		name, s.holder(holder), hold.Milliseconds(), leaseMost.Milliseconds(), flag(urgent))
	if err != nil {
		return 0, fmt.Errorf("take lease: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return 0, err
	}
	var row *sql.Row
	if urgent {
		row = s.write.QueryRowContext(ctx, s.leaseSQL(`UPDATE leases SET urgent_until = CLOCK + $2 WHERE name = $1 RETURNING free_at - CLOCK`),
			name, leaseUrgent.Milliseconds())
	} else {
		row = s.write.QueryRowContext(ctx, s.leaseSQL(`SELECT CASE WHEN free_at > urgent_until THEN free_at ELSE urgent_until END - CLOCK FROM leases WHERE name = $1`), name)
	}
	var left int64
	if err := row.Scan(&left); err != nil {
		return 0, fmt.Errorf("take lease: %w", err)
	}
	return max(time.Duration(left)*time.Millisecond, time.Millisecond), nil
}

// ReleaseLease gives back what the holder has, free again after rest. A lease
// that ended before, and may be another's by now, is left alone.
func (s *Store) ReleaseLease(ctx context.Context, name, holder string, rest time.Duration) error {
	_, err := s.write.ExecContext(ctx, s.leaseSQL(`UPDATE leases SET holder = '', free_at = CLOCK + $3 WHERE name = $1 AND holder = $2`), name, s.holder(holder), rest.Milliseconds())
	if err != nil {
		return fmt.Errorf("give lease back: %w", err)
	}
	return nil
}

// holder names who has a lease after its process, whose death frees it.
func (s *Store) holder(name string) string { return s.process + " " + name }

// flag is a truth value as a number, which both engines compare alike.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
