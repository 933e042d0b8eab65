package store

import (
	"context"
	"database/sql"
	"time"
)

// wire is a way to the database that tells how it answers each question. What
// is done in a transaction is told by inTx.
type wire struct {
	*sql.DB
	heard func(ctx context.Context, began time.Time, err error)
}

// wired gives the way that tells; a file has no way to it.
func (s *Store) wired(db *sql.DB) wire {
	return wire{db, func(ctx context.Context, began time.Time, err error) { _ = s.answered(ctx, began, err) }} // only told: the caller has the error
}

// brief gives the context for a small read. A file answers at once; a context
// that may end costs SQLite's driver and database/sql a goroutine each.
func (s *Store) brief(ctx context.Context) context.Context {
	if s.SingleProcess() && ctx.Err() == nil {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// ExecContext is sql.DB's.
func (w wire) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	began := time.Now()
	result, err := w.DB.ExecContext(ctx, query, args...)
	w.heard(ctx, began, err)
	return result, err
}

// QueryContext is sql.DB's.
func (w wire) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	began := time.Now()
	rows, err := w.DB.QueryContext(ctx, query, args...)
	w.heard(ctx, began, err)
	return rows, err
}

// QueryRowContext is sql.DB's.
func (w wire) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	began := time.Now()
	row := w.DB.QueryRowContext(ctx, query, args...)
	w.heard(ctx, began, row.Err())
	return row
}
