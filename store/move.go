package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// ErrNotEmpty says that a database to move into holds something already.
var ErrNotEmpty = errors.New("the database to move into is not empty")

// Move copies everything from this SQLite database into an empty PostgreSQL
// one, jobs included, in one transaction, and gives how many rows that were.
// This database must be open to serve, so that nobody else does; it stays as
// it is. Both have the same key. It gives ErrNotEmpty when somebody has used
// the other one.
func (s *Store) Move(ctx context.Context, to *Store) (rows int64, err error) {
	if s.pool != nil || to.pool == nil {
		return 0, errors.New("only a SQLite database is moved, and to PostgreSQL; between PostgreSQL servers use pg_dump")
	}
	tables, err := s.ownTables(ctx)
	if err != nil {
		return 0, err
	}
	jobs, err := s.openTasks(ctx)
	if err != nil {
		return 0, err
	}
	err = to.inTxOn(ctx, func(tx *sql.Tx, conn *sql.Conn) error {
		rows = int64(len(jobs))
		if _, err := tx.ExecContext(ctx, `DELETE FROM kv`); err != nil { // its own canary
			return err
		}
		for _, t := range tables {
			n, err := s.moveTable(ctx, t, tx, conn)
			if err != nil {
				return fmt.Errorf("move %s: %w", t, err)
			}
			rows += n
		}
		if len(jobs) == 0 {
			return nil
		}
		_, err := to.queue.InsertManyTx(ctx, tx, jobs)
		return err
	})
	return rows, err
}

// ownTables are the tables of the program's own migrations; those whose rows
// belong to rows of another come after that.
func (s *Store) ownTables(ctx context.Context) ([]string, error) {
	return column[string](ctx, s.read, `SELECT name FROM sqlite_schema s WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' AND name NOT LIKE 'river%' ORDER BY EXISTS (SELECT 1 FROM pragma_foreign_key_list(s.name)), name`)
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// column reads a query's only column.
func column[T any](ctx context.Context, db querier, query string) (out []T, err error) {
	found, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, found.Err(), found.Close()) }()
	for found.Next() {
		var v T
		if err := found.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// moveTable copies a table's rows by PostgreSQL's COPY, which keeps their
// numbers, and lets its own begin after them. The types of both engines are
// the same: whole numbers, text and bytes.
func (s *Store) moveTable(ctx context.Context, table string, tx *sql.Tx, conn *sql.Conn) (int64, error) {
	var used bool
	if err := tx.QueryRowContext(ctx, fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM %s)`, table)).Scan(&used); err != nil {
		return 0, err
	}
	if used {
		return 0, fmt.Errorf("%w: %s has rows", ErrNotEmpty, table)
	}
	// What SQLite has beyond that is its own, a row's number for example.
	columns, err := column[string](ctx, tx, `SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '`+table+`' ORDER BY ordinal_position`)
	if err != nil {
		return 0, err
	}
	from, err := s.read.QueryContext(ctx, `SELECT `+strings.Join(columns, ", ")+` FROM `+table)
	if err != nil {
		return 0, err
	}
	defer func() { _ = from.Close() }() // read to its end, or given up
	var copied int64
	err = conn.Raw(func(raw any) error {
		c, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection of type %T", raw)
		}
		copied, err = c.Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) { return nextRow(from, len(columns)) }))
		return errors.Join(err, from.Err())
	})
	if err != nil {
		return copied, err
	}
	return copied, countOn(ctx, tx, table, columns)
}

// nextRow reads a row; nil is the end.
func nextRow(from *sql.Rows, columns int) ([]any, error) {
	if !from.Next() {
		return nil, from.Err()
	}
	row, into := make([]any, columns), make([]any, columns)
	for i := range row {
		into[i] = &row[i]
	}
	return row, from.Scan(into...)
}

// countOn lets the numbers that PostgreSQL gives by itself begin after those
// that came along.
func countOn(ctx context.Context, tx *sql.Tx, table string, columns []string) error {
	for _, c := range columns {
		var counter sql.NullString
		if err := tx.QueryRowContext(ctx, `SELECT pg_get_serial_sequence($1, $2)`, table, c).Scan(&counter); err != nil {
			return err
		}
		if !counter.Valid {
			continue
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(`SELECT setval($1, (SELECT coalesce(max(%s), 0) + 1 FROM %s), false)`, c, table), counter.String); err != nil {
			return err
		}
	}
	return nil
}

// openTasks gives the jobs that are still to be done, sealed as they are.
func (s *Store) openTasks(ctx context.Context) (out []river.InsertManyParams, err error) {
	found, err := s.read.QueryContext(ctx, `SELECT json(args), queue, max_attempts, scheduled_at FROM river_job WHERE finalized_at IS NULL ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	defer func() { err = errors.Join(err, found.Err(), found.Close()) }()
	for found.Next() {
		var args string
		var at time.Time
		opts := &river.InsertOpts{}
		if err := found.Scan(&args, &opts.Queue, &opts.MaxAttempts, &at); err != nil {
			return nil, fmt.Errorf("read jobs: %w", err)
		}
		var t task
		if err := json.NewDecoder(strings.NewReader(args)).Decode(&t); err != nil {
			return nil, fmt.Errorf("read jobs: %w", err)
		}
		opts.ScheduledAt = at
		if t.Key != "" {
			opts.UniqueOpts = uniqueWhileOpen()
		}
		out = append(out, river.InsertManyParams{Args: t, InsertOpts: opts})
	}
	return out, nil
}

// uniqueWhileOpen refuses a job whose like is not done yet.
func uniqueWhileOpen() river.UniqueOpts {
	return river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled,
	}}
}
