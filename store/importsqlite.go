package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteImport writes the rows as they come, many in one statement.
type sqliteImport struct {
	tx      *sql.Tx
	first   bool // the directory was empty
	look    bool // keep whom the rows name, and whom they make inactive
	touched int
	left    [][]byte // turned
}

// The indexes are made in one go after the rows of a first import: hashes
// come in no order, and each would be written to a page of its own. PostgreSQL
// would let nobody read until then, so that it keeps its indexes.
const (
	indexNIP    = `CREATE UNIQUE INDEX employees_nip_hash ON employees (nip_hash)`
	indexOldNIP = `CREATE INDEX employees_old_nip_hash ON employees (old_nip_hash) WHERE old_nip_hash IS NOT NULL`
	indexEmail  = `CREATE INDEX employees_email_hash ON employees (email_hash)`
)

func (im *sqliteImport) load(ctx context.Context, rows <-chan []any, free chan<- []any) error {
	if im.first {
		if err := execAll(ctx, im.tx, `DROP INDEX employees_nip_hash`, `DROP INDEX employees_old_nip_hash`, `DROP INDEX employees_email_hash`); err != nil {
			return err
		}
	}
	write, err := im.tx.PrepareContext(ctx, im.insert(importRows))
	if err != nil {
		return err
	}
	defer func() { _ = write.Close() }() // the transaction closes it too
	if im.look {
		if err := execAll(ctx, im.tx, `DROP TABLE IF EXISTS temp.present`, `CREATE TEMPORARY TABLE present (nip_hash BLOB PRIMARY KEY) WITHOUT ROWID`); err != nil {
			return err
		}
	}
	for batch := range rows {
		if err := im.write(ctx, write, batch); err != nil {
			return err
		}
		if len(batch) == cap(batch) {
			free <- batch[:0]
		}
	}
	return nil
}

func (im *sqliteImport) write(ctx context.Context, full *sql.Stmt, batch []any) error {
	if im.look {
		if err := im.note(ctx, batch); err != nil {
			return err
		}
	}
	var res sql.Result
	var err error
	n := len(batch) / importColumns
	if n == importRows {
		res, err = full.ExecContext(ctx, batch...)
	} else {
		res, err = im.tx.ExecContext(ctx, im.insert(n), batch...)
	}
	if err != nil {
		return err
	}
	touched, err := res.RowsAffected()
	im.touched += int(touched)
	return err
}

// note keeps whom a batch names, and whom it is about to make inactive.
func (im *sqliteImport) note(ctx context.Context, batch []any) error {
	named := make([]any, 0, importRows)
	var inactive []any
	for i := 0; i < len(batch); i += importColumns {
		named = append(named, batch[i])
		if batch[i+importActive] == int64(0) {
			inactive = append(inactive, batch[i])
		}
	}
	if _, err := im.tx.ExecContext(ctx, `INSERT INTO present (nip_hash) VALUES `+marks(len(named), 1)+` ON CONFLICT DO NOTHING`, named...); err != nil {
		return err
	}
	if len(inactive) == 0 {
		return nil
	}
	left, err := hashes(im.tx.QueryContext(ctx, `SELECT nip_hash FROM employees WHERE active = 1 AND nip_hash IN (`+marks(1, len(inactive))[1:], inactive...))
	im.left = append(im.left, left...)
	return err
}

// merge makes the indexes that a first import left out. Of two rows with one
// NIP the later stays.
func (im *sqliteImport) merge(ctx context.Context) (int, error) {
	if !im.first {
		return im.touched, nil
	}
	err := execAll(ctx, im.tx, indexNIP)
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_CONSTRAINT {
		err = execAll(ctx, im.tx, `DELETE FROM employees WHERE id NOT IN (SELECT max(id) FROM employees GROUP BY nip_hash)`, indexNIP)
	}
	if err != nil {
		return 0, err
	}
	return im.touched, execAll(ctx, im.tx, indexOldNIP, indexEmail)
}

func (im *sqliteImport) turned() [][]byte { return im.left }

func (im *sqliteImport) missing() string {
	return `SELECT ` + employeeColumns + ` FROM employees WHERE active = 1 AND nip_hash NOT IN (SELECT nip_hash FROM present)`
}

// insert is the statement for n rows.
func (im *sqliteImport) insert(n int) string {
	query := `INSERT INTO employees (` + importNames + `) VALUES ` + marks(n, importColumns)
	if im.first {
		return query
	}
	return query + ` ` + importUpdate
}

// marks gives the parameters of n rows. They have no numbers: SQLite would
// look each up among hundreds by its name, which takes longer than the row.
func marks(n, columns int) string {
	row := ",(" + strings.Repeat(",?", columns)[1:] + ")"
	return strings.Repeat(row, n)[1:]
}
