package store

import (
	"context"
	"database/sql"
)

// wire is a way to the database that tells how it answers each question. What
// is done in a transaction is told by inTx.
type wire struct {
	*sql.DB
	heard func(ctx context.Context, err error)
}

// wired gives the way that tells; a file has no way to it.
func (s *Store) wired(db *sql.DB) wire {
	return wire{db, func(ctx context.Context, err error) { _ = s.answered(ctx, err) }} // only told: the caller has the error
}

// ExecContext is sql.DB's.
func (w wire) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	result, err := w.DB.ExecContext(ctx, query, args...)
	w.heard(ctx, err)
	return result, err
}

// QueryContext is sql.DB's.
func (w wire) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := w.DB.QueryContext(ctx, query, args...)
	w.heard(ctx, err)
	return rows, err
}

// QueryRowContext is sql.DB's.
func (w wire) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	row := w.DB.QueryRowContext(ctx, query, args...)
	w.heard(ctx, row.Err())
	return row
}
