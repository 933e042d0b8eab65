package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgTx lets River insert jobs into a transaction that database/sql began, by
// speaking on the same connection. Whoever began the transaction ends it.
type pgTx struct{ conn *pgx.Conn }

var errNotOwner = errors.New("the transaction belongs to whoever began it")

// Begin refuses: pgx would begin a transaction here, not a savepoint in ours.
func (t pgTx) Begin(context.Context) (pgx.Tx, error) { return nil, errNotOwner }
func (t pgTx) Commit(context.Context) error          { return errNotOwner }
func (t pgTx) Rollback(context.Context) error        { return errNotOwner }
func (t pgTx) LargeObjects() pgx.LargeObjects        { return pgx.LargeObjects{} }
func (t pgTx) Conn() *pgx.Conn                       { return t.conn }

func (t pgTx) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	return t.conn.CopyFrom(ctx, table, columns, rows)
}

func (t pgTx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return t.conn.SendBatch(ctx, b)
}

func (t pgTx) Prepare(ctx context.Context, name, query string) (*pgconn.StatementDescription, error) {
	return t.conn.Prepare(ctx, name, query)
}

func (t pgTx) Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error) {
	return t.conn.Exec(ctx, query, args...)
}

func (t pgTx) Query(ctx context.Context, query string, args ...any) (pgx.Rows, error) {
	return t.conn.Query(ctx, query, args...)
}

func (t pgTx) QueryRow(ctx context.Context, query string, args ...any) pgx.Row {
	return t.conn.QueryRow(ctx, query, args...)
}
