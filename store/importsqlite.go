package store

import (
	"context"
	"database/sql"
	"strings"
)

// sqliteImport writes the rows as they come, many in one statement.
type sqliteImport struct {
	tx      *sql.Tx
	missing bool // keep the NIPs, to deactivate the others
	touched int
}

func (im *sqliteImport) load(ctx context.Context, rows <-chan []any, free chan<- []any) error {
	write, err := im.tx.PrepareContext(ctx, sqliteUpsert(importRows))
	if err != nil {
		return err
	}
	defer func() { _ = write.Close() }() // the transaction closes it too
	if im.missing {
		if err := execAll(ctx, im.tx, `CREATE TEMPORARY TABLE present (nip INTEGER PRIMARY KEY)`); err != nil {
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
	if err != nil || !im.missing {
		im.touched += int(touched)
		return err
	}
	im.touched += int(touched)
	nips := make([]any, n)
	for i := range nips {
		nips[i] = batch[i*importColumns]
	}
	_, err = im.tx.ExecContext(ctx, `INSERT INTO present (nip) VALUES `+marks(n, 1)+` ON CONFLICT DO NOTHING`, nips...)
	return err
}

func (im *sqliteImport) merge(context.Context) (int, error) { return im.touched, nil }

// deactivate takes the fingerprint too, so that the row is taken anew when it
// is named again.
func (im *sqliteImport) deactivate(ctx context.Context) (int, error) {
	res, err := im.tx.ExecContext(ctx, `UPDATE employees SET active = 0, fingerprint = x'' WHERE active = 1 AND nip NOT IN (SELECT nip FROM present)`)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, err
	}
	return int(n), execAll(ctx, im.tx, `DROP TABLE present`)
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
