package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// poolConns is how many connections a process uses at most, when the address
// does not say: three replicas fit into PostgreSQL's usual hundred.
const poolConns = 30

// openPostgres connects a pool that database/sql and River share.
func (s *Store) openPostgres(ctx context.Context, url string) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return errors.New("DATABASE_URL: not a PostgreSQL address") // the error would show the password
	}
	if !strings.Contains(url, "pool_max_conns=") {
		config.MaxConns = poolConns
	}
	s.poll, s.wake = jobLook, &wake{tell: s.notify}
	s.clear = requireTLS(config.ConnConfig, url)
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	s.write = s.wired(stdlib.OpenDBFromPool(s.pool))
	s.read = s.write
	s.locks = newAccountLocks(config.ConnConfig.Copy(), s.log, s.introduce)
	if err := s.pool.Ping(ctx); err != nil {
		return connecting(err, config.ConnConfig)
	}
	return refusePooler(ctx, config.ConnConfig)
}

// oneLine gives what pgx says of every address that it tried as one line, and
// what it says twice, of a try with TLS and of one without, once.
func oneLine(err error) error {
	lines := strings.Split(err.Error(), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	text := strings.Join(slices.Compact(lines), " ")
	if strings.Contains(text, "server refused TLS") {
		return errors.New(text + "; without TLS the password and all data would go over the network in clear: switch TLS on in PostgreSQL (ssl=on), or say sslmode=disable in DATABASE_URL")
	}
	return errors.New(text + "; look at DATABASE_URL, and whether PostgreSQL runs")
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
	ctx, cancel := context.WithTimeout(context.Background(), lockPatience)
	defer cancel()
	if _, err := conn.Exec(ctx, query, key); err != nil {
		s.log.Warn("a lock could not be given back; its connection is closed", "error", err)
		if err := conn.Hijack().Close(ctx); err != nil {
			s.log.Debug("close connection", "error", err)
		}
		return
	}
	conn.Release()
}
