package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// openPostgres connects a pool that database/sql and River share.
func (s *Store) openPostgres(ctx context.Context, url string) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return errors.New("DATABASE_URL: not a PostgreSQL address") // the error would show the password
	}
	if config.MaxConns < 20 {
		config.MaxConns = 100 // an account at work holds a connection for its lock
	}
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	s.write = stdlib.OpenDBFromPool(s.pool)
	s.read = s.write
	if err := s.pool.Ping(ctx); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	return nil
}

// migrationLock is the advisory lock under which replicas migrate, one after
// the other.
const migrationLock = 0x7265736574 // "reset"

func (s *Store) lockMigrations(ctx context.Context) (unlock func(), err error) {
	if s.pool == nil {
		return func() {}, nil
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("lock migrations: %w", err)
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		conn.Release()
		return nil, fmt.Errorf("lock migrations: %w", err)
	}
	return func() { s.releaseLock(conn, "SELECT pg_advisory_unlock($1)", migrationLock) }, nil
}

// releaseLock gives an advisory lock and its connection back; a connection
// that cannot do so is closed, which frees the lock too.
func (s *Store) releaseLock(conn *pgxpool.Conn, query string, key any) {
	if _, err := conn.Exec(context.Background(), query, key); err != nil {
		s.log.Warn("a lock could not be given back; its connection is closed", "error", err)
		if err := conn.Hijack().Close(context.Background()); err != nil {
			s.log.Debug("close connection", "error", err)
		}
		return
	}
	conn.Release()
}

// LockAccount waits until no other process answers the account. On SQLite
// there is no other.
func (s *Store) LockAccount(ctx context.Context, account string) (unlock func(), err error) {
	if s.pool == nil {
		return func() {}, nil
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("lock account: %w", err)
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtextextended($1, 0))", account); err != nil {
		conn.Release()
		return nil, fmt.Errorf("lock account: %w", err)
	}
	return func() { s.releaseLock(conn, "SELECT pg_advisory_unlock(hashtextextended($1, 0))", account) }, nil
}

// inTx runs f in a transaction and commits when it gives nil. conn is the
// transaction's connection, for River.
func (s *Store) inTx(ctx context.Context, f func(tx *sql.Tx, conn *sql.Conn) error) error {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() {
		if err := conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) {
			s.log.Warn("a connection could not be given back", "error", err)
		}
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	if err := f(tx, conn); err != nil {
		if back := tx.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
			return errors.Join(err, back)
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
