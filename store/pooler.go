package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrPooled says that PostgreSQL is behind a pooler that gives a connection to
// somebody else after each transaction, and the locks on it too.
var ErrPooled = errors.New("DATABASE_URL: PostgreSQL is behind a pooler that hands a connection on after each transaction " +
	"(PgBouncer: pool_mode=transaction), which loses locks: use session pooling, or go straight to PostgreSQL")

// The looks at a pooler: other clients may be served between two questions.
const (
	poolerLooks    = 5
	poolerPatience = 5 * time.Second
)

// refusePooler gives ErrPooled when two connections that are open at the same
// time reach one process of PostgreSQL.
func refusePooler(ctx context.Context, config *pgx.ConnConfig) error {
	ctx, cancel := context.WithTimeout(ctx, poolerPatience)
	defer cancel()
	config = config.Copy()
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol // prepared statements get lost there too
	var conns [2]*pgx.Conn
	for i := range conns {
		conn, err := pgx.ConnectConfig(ctx, config)
		if err != nil {
			return nil // too few connections to tell; the pool says what is wrong
		}
		defer func() { _ = conn.Close(ctx) }() // only asked
		conns[i] = conn
	}
	for range poolerLooks {
		var pids [2]int
		for i, conn := range conns {
			if err := conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&pids[i]); err != nil {
				return nil
			}
		}
		if pids[0] == pids[1] {
			return ErrPooled
		}
	}
	return nil
}
