package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// txTries is how often a transaction is tried that PostgreSQL gave up for
// another; up to txPause, and longer each time, lies between two tries, so that
// those two do not meet again.
const (
	txTries = 5
	txPause = 50 * time.Millisecond
)

// inTx runs f in a transaction and commits when it gives nil. f may run again
// from the start, when PostgreSQL chose it to end a deadlock with another
// replica's transaction.
func (s *Store) inTx(ctx context.Context, f func(tx *sql.Tx) error) error {
	return s.inTxOn(ctx, func(tx *sql.Tx, _ *sql.Conn) error { return f(tx) })
}

// inTxOn is inTx for what needs the transaction's connection: PostgreSQL's COPY.
func (s *Store) inTxOn(ctx context.Context, f func(tx *sql.Tx, conn *sql.Conn) error) error {
	for try := 1; ; try++ {
		began := time.Now()
		err := s.answered(ctx, began, s.txOnce(ctx, f))
		if try == txTries || !givenUp(err) {
			return err
		}
		if sleep(ctx, rand.N(time.Duration(try)*txPause)) != nil { //nolint:gosec // a pause is no secret
			return err
		}
	}
}

// givenUp tells whether PostgreSQL undid a transaction for another's sake
// (https://www.postgresql.org/docs/current/errcodes-appendix.html, class 40).
func givenUp(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && strings.HasPrefix(e.Code, "40")
}

// txOnce is one try. A panic in f undoes it too: the one writing connection of
// SQLite must come back whatever happens.
func (s *Store) txOnce(ctx context.Context, f func(tx *sql.Tx, conn *sql.Conn) error) (err error) {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() {
		if back := conn.Close(); back != nil && !errors.Is(back, sql.ErrConnDone) {
			s.log.Warn("a connection could not be given back", "error", back)
		}
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() {
		done := s.uncommitted.take(tx)
		if err != nil {
			return
		}
		for _, e := range done.lines {
			s.observe(e)
		}
		for _, j := range done.jobs {
			s.wake.later(j.Kind, time.Until(j.RunAt))
		}
		if len(done.words) > 0 {
			s.say(done.words)
		}
	}()
	defer func() {
		if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
			err = errors.Join(err, back)
		}
	}()
	if err := f(tx, conn); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// lockKeys makes transactions that share a key wait for each other. SQLite
// has one writer anyway.
func (s *Store) lockKeys(ctx context.Context, tx *sql.Tx, keys ...string) error {
	if s.pool == nil {
		return nil
	}
	for _, k := range keys {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 1))`, k); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
	}
	return nil
}
