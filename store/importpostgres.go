package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresImport copies the rows into a table of its own, and merges that
// into the directory in one statement.
type postgresImport struct {
	tx   *sql.Tx
	conn *sql.Conn

	left [][]byte // turned
}

func (im *postgresImport) load(ctx context.Context, rows <-chan []any, free chan<- []any) error {
	if err := execAll(ctx, im.tx, `CREATE TEMPORARY TABLE incoming (LIKE employees, line BIGINT GENERATED ALWAYS AS IDENTITY) ON COMMIT DROP`); err != nil {
		return err
	}
	return im.conn.Raw(func(raw any) error {
		c, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection of type %T", raw)
		}
		columns := strings.Split(importNames, ", ")
		_, err := c.Conn().CopyFrom(ctx, pgx.Identifier{"incoming"}, columns, &batches{rows: rows, free: free})
		return err
	})
}

func (im *postgresImport) merge(ctx context.Context) (int, error) {
	// Of two rows with one NIP the later counts, also when it changes nothing.
	if err := execAll(ctx, im.tx, `SET LOCAL work_mem = '64MB'`,
		`DELETE FROM incoming i USING (SELECT nip_hash, max(line) AS line FROM incoming GROUP BY nip_hash HAVING count(*) > 1) last
			WHERE i.nip_hash = last.nip_hash AND i.line < last.line`, `ANALYZE incoming`); err != nil {
		return 0, err
	}
	var err error
	if im.left, err = hashes(im.tx.QueryContext(ctx, `SELECT i.nip_hash FROM incoming i JOIN employees e ON e.nip_hash = i.nip_hash WHERE e.active = 1 AND i.active = 0`)); err != nil {
		return 0, err
	}
	// Unchanged rows are left out beforehand: a conflict would lock them,
	// which writes to their pages.
	res, err := im.tx.ExecContext(ctx, `INSERT INTO employees (`+importNames+`)
		SELECT i.nip_hash, i.person, i.email_hash, i.old_nip_hash, i.active, i.fingerprint
		FROM incoming i LEFT JOIN employees e ON e.nip_hash = i.nip_hash
		WHERE e.nip_hash IS NULL OR e.fingerprint <> i.fingerprint
		ORDER BY i.nip_hash `+importUpdate)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

func (im *postgresImport) turned() [][]byte { return im.left }

func (im *postgresImport) missing() string {
	return `SELECT ` + employeeColumns + ` FROM employees e WHERE active = 1 AND NOT EXISTS (SELECT 1 FROM incoming i WHERE i.nip_hash = e.nip_hash)`
}

// batches gives pgx the rows one by one.
type batches struct {
	rows  <-chan []any
	free  chan<- []any
	batch []any
	next  int
}

// Next tells whether there is another row.
func (b *batches) Next() bool {
	b.next += importColumns
	if b.batch != nil && b.next < len(b.batch) {
		return true
	}
	if b.batch != nil && len(b.batch) == cap(b.batch) {
		b.free <- b.batch[:0]
	}
	b.batch, b.next = <-b.rows, 0
	return b.batch != nil
}

// Values gives the row.
func (b *batches) Values() ([]any, error) { return b.batch[b.next : b.next+importColumns], nil }

// Err is nil: a bad row ends the import elsewhere.
func (b *batches) Err() error { return nil }
