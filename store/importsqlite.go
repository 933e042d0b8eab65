package store

import (
	"context"
	"database/sql"
	"strings"
)

// sqliteImport writes the rows as they come, many in one statement.
type sqliteImport struct {
	tx      *sql.Tx
	look    bool // keep whom the rows name, and whom they make inactive
	touched int
	left    []int64
}

func (im *sqliteImport) load(ctx context.Context, rows <-chan []any, free chan<- []any) error {
	write, err := im.tx.PrepareContext(ctx, sqliteUpsert(importRows))
	if err != nil {
		return err
	}
	defer func() { _ = write.Close() }() // the transaction closes it too
	if im.look {
		if err := execAll(ctx, im.tx, `DROP TABLE IF EXISTS temp.present`, `CREATE TEMPORARY TABLE present (nip INTEGER PRIMARY KEY)`); err != nil {
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
		res, err = im.tx.ExecContext(ctx, sqliteUpsert(n), batch...)
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
	nips := make([]any, 0, importRows)
	var inactive []any
	for i := 0; i < len(batch); i += importColumns {
		nips = append(nips, batch[i])
		if batch[i+importActive] == int64(0) {
			inactive = append(inactive, batch[i])
		}
	}
	if _, err := im.tx.ExecContext(ctx, `INSERT INTO present (nip) VALUES `+marks(len(nips), 1)+` ON CONFLICT DO NOTHING`, nips...); err != nil {
		return err
	}
	if len(inactive) == 0 {
		return nil
	}
	left, err := numbers(im.tx.QueryContext(ctx, `SELECT nip FROM employees WHERE active = 1 AND nip IN (`+marks(1, len(inactive))[1:], inactive...))
	im.left = append(im.left, left...)
	return err
}

func (im *sqliteImport) merge(context.Context) (int, error) { return im.touched, nil }

func (im *sqliteImport) turned() []int64 { return im.left }

func (im *sqliteImport) missing() string {
	return `SELECT nip, nik FROM employees WHERE active = 1 AND nip NOT IN (SELECT nip FROM present) ORDER BY nip`
}

// sqliteUpsert is the statement for n rows.
func sqliteUpsert(n int) string {
	return `INSERT INTO employees (` + importNames + `) VALUES ` + marks(n, importColumns) + ` ` + importUpdate
}

// marks gives the parameters of n rows. They have no numbers: SQLite would
// look each up among hundreds by its name, which takes longer than the row.
func marks(n, columns int) string {
	row := ",(" + strings.Repeat(",?", columns)[1:] + ")"
	return strings.Repeat(row, n)[1:]
}
