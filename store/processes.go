package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Left is what processes left that died.
type Left struct {
	Processes int
	Updates   []InboxEntry // that they had not answered, the oldest first; now this process' own
}

const (
	// A name that was found unlocked for so long is a dead process'. Who lives
	// and lost its connection has a new one sooner: it looks every second.
	deathAfter = 3 * time.Second

	// Who has not looked for so long was away itself, and begins to count anew.
	lookMost = 2 * time.Second
)

// keepAlive lets PostgreSQL find out within 90 s that a machine is gone, with
// which a session ends that no process has ended. A network that is silent for
// a minute ends none.
const keepAlive = `SELECT set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false), set_config('tcp_keepalives_count', '6', false)`

// introduce holds the process' name on a new connection, for as long as the
// connection lives. The lock is shared: a connection before this one may still
// have it, for PostgreSQL hears late of some that broke.
func (s *Store) introduce(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, keepAlive); err != nil {
		return fmt.Errorf("set keepalive: %w", err)
	}
	if s.process == "" {
		return nil
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock_shared(hashtextextended($1, 2))`, s.process); err != nil {
		return fmt.Errorf("lock this process' name: %w", err)
	}
	_, err := conn.Exec(ctx, `INSERT INTO processes (name, since) VALUES ($1, $2) ON CONFLICT DO NOTHING`, s.process, ms(s.now()))
	if err != nil {
		return fmt.Errorf("write down this process' name: %w", err)
	}
	return nil
}

// enter lets the other processes know this one, before it has any work.
func (s *Store) enter(ctx context.Context) error {
	if s.locks == nil || s.process == "" {
		return nil
	}
	return s.locks.use(ctx, func(context.Context, *pgx.Conn) error { return nil })
}

// AdoptDead looks once for processes that died, on PostgreSQL, and takes over
// what they had in their hands: their updates become this process' and are
// given, their jobs are done anew, what they had leased is free, and OpenResets
// gives the resets that they asked BSrE for. It is called every second: a
// process counts as dead when its name was unlocked at all looks of 3 s. Who is
// stopped, or behind a network that is silent for a minute, is not.
func (s *Store) AdoptDead(ctx context.Context) (Left, error) {
	var left Left
	if s.locks == nil || s.process == "" {
		return left, nil
	}
	names, err := s.unlocked(ctx)
	if err != nil {
		return left, fmt.Errorf("look for dead processes: %w", err)
	}
	for _, name := range s.missing.dead(names, time.Now()) {
		if err := s.adoptFrom(ctx, name, &left); err != nil {
			return left, fmt.Errorf("take over from a dead process: %w", err)
		}
	}
	return left, nil
}

// unlocked gives the names of other processes that nobody holds just now.
func (s *Store) unlocked(ctx context.Context) (names []string, err error) {
	err = s.locks.use(ctx, func(ctx context.Context, conn *pgx.Conn) error {
		// This session could take its own name's lock once more.
		rows, err := conn.Query(ctx, `SELECT name FROM processes WHERE CASE WHEN name <> $1 THEN pg_try_advisory_xact_lock(hashtextextended(name, 2)) ELSE false END`, s.process)
		if err != nil {
			return err
		}
		names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return names, err
}

// adoptFrom does nothing when the process has its name again, or another
// process was quicker.
func (s *Store) adoptFrom(ctx context.Context, name string, left *Left) error {
	var updates []InboxEntry
	var gone bool
	err := s.inTx(ctx, func(tx *sql.Tx) (err error) {
		gone = false
		err = tx.QueryRowContext(ctx, `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 2))`, name).Scan(&gone)
		if err != nil || !gone {
			return err
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM processes WHERE name = $1`, name)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			gone = false
			return err
		}
		for _, query := range []string{
			`UPDATE river_job SET state = 'available' WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $1`,
			`DELETE FROM river_leader WHERE leader_id = $1`,
			s.leaseSQL(`UPDATE leases SET holder = '', free_at = CLOCK WHERE starts_with(holder, $1 || ' ')`),
		} {
			if _, err := tx.ExecContext(ctx, query, name); err != nil {
				return err
			}
		}
		updates, err = s.entries(tx.QueryContext(ctx, `WITH moved AS (UPDATE inbox SET owner = $1 WHERE owner = $2 AND payload IS NOT NULL
			RETURNING source, id, account, payload, received) SELECT source, id, account, payload, received FROM moved ORDER BY received`, s.process, name))
		return err
	})
	if err != nil || !gone {
		return err
	}
	left.Processes++
	left.Updates = append(left.Updates, updates...)
	return nil
}

// missing remembers since when names were found unlocked.
type missing struct {
	mu    sync.Mutex
	since map[string]time.Time
	last  time.Time
}

// dead takes what a look has found, and gives the names of the dead.
func (m *missing) dead(unlocked []string, now time.Time) (dead []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.last) > lookMost {
		m.since = nil
	}
	m.last = now
	since := make(map[string]time.Time, len(unlocked))
	for _, name := range unlocked {
		at, known := m.since[name]
		if !known {
			at = now
		}
		since[name] = at
		if now.Sub(at) >= deathAfter {
			dead = append(dead, name)
		}
	}
	m.since = since
	return dead
}
