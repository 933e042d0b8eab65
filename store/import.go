package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// ImportOptions are the choices of an import.
type ImportOptions struct {
	DryRun            bool         // count, and write nothing
	DeactivateMissing bool         // make inactive whom the rows do not name
	Progress          func(int)    // told how many rows are done, from time to time; may be nil
	Check             func() error // asked after the last row; an error undoes everything; may be nil
}

// ImportResult counts what an import did.
type ImportResult struct {
	Added, Changed, Unchanged, Deactivated int
}

// importRows is how many employees one statement writes: enough that the
// statement's own cost no longer shows.
const importRows = 50

const importColumns = 10

// errDryRun undoes the transaction of an import that was only to count.
var errDryRun = errors.New("dry run")

// Import loads or refreshes the directory in one transaction. Rows that did
// not change are not touched. An error of rows ends it and nothing is written.
func (s *Store) Import(ctx context.Context, rows iter.Seq2[Employee, error], o ImportOptions) (ImportResult, error) {
	var out ImportResult
	err := s.inTx(ctx, func(tx *sql.Tx, _ *sql.Conn) error {
		im := &importer{s: s, tx: tx, o: o}
		if err := im.run(ctx, rows); err != nil {
			return err
		}
		out = im.result
		if o.Check != nil {
			if err := o.Check(); err != nil {
				return err
			}
		}
		if o.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return out, err
}

// importer carries one import.
type importer struct {
	s      *Store
	tx     *sql.Tx
	o      ImportOptions
	full   *sql.Stmt // writes importRows rows
	args   []any
	count  int
	before int
	first  bool
	result ImportResult
	change int
}

func (im *importer) run(ctx context.Context, rows iter.Seq2[Employee, error]) error {
	if err := im.prepare(ctx); err != nil {
		return err
	}
	for e, err := range rows {
		if err != nil {
			return err
		}
		if err := im.add(ctx, e); err != nil {
			return err
		}
	}
	if err := im.flush(ctx); err != nil {
		return err
	}
	return im.finish(ctx)
}

// prepare drops the secondary indexes of an empty table, to make them in one
// go at the end, and keeps the NIPs that came when the others are to be
// deactivated.
func (im *importer) prepare(ctx context.Context) error {
	if err := im.tx.QueryRowContext(ctx, `SELECT count(*) FROM employees`).Scan(&im.before); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	im.first = im.before == 0
	if im.first {
		for _, q := range []string{`DROP INDEX employees_old_nip`, `DROP INDEX employees_email`} {
			if _, err := im.tx.ExecContext(ctx, q); err != nil {
				return fmt.Errorf("import: %w", err)
			}
		}
	}
	if im.o.DeactivateMissing {
		if _, err := im.tx.ExecContext(ctx, `CREATE TEMPORARY TABLE present (nip BIGINT PRIMARY KEY)`); err != nil {
			return fmt.Errorf("import: %w", err)
		}
	}
	var err error
	if im.full, err = im.tx.PrepareContext(ctx, im.upsert(importRows)); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	im.args = make([]any, 0, importRows*importColumns)
	return nil
}

// upsert is the statement for n rows. On SQLite its parameters have no
// numbers: looking one up among hundreds by its name takes longer than the
// row itself.
func (im *importer) upsert(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO employees (nip, nik, name, email, position, unit, grade, old_nip, active, fingerprint) VALUES `)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for c := range importColumns {
			if c > 0 {
				b.WriteByte(',')
			}
			if im.s.pool == nil {
				b.WriteByte('?')
			} else {
				fmt.Fprintf(&b, "$%d", i*importColumns+c+1)
			}
		}
		b.WriteByte(')')
	}
	b.WriteString(` ON CONFLICT (nip) DO UPDATE SET nik = excluded.nik, name = excluded.name, email = excluded.email, position = excluded.position,
		unit = excluded.unit, grade = excluded.grade, old_nip = excluded.old_nip, active = excluded.active, fingerprint = excluded.fingerprint
		WHERE employees.fingerprint <> excluded.fingerprint`)
	return b.String()
}

func (im *importer) add(ctx context.Context, e Employee) error {
	old := sql.NullInt64{}
	if e.OldNIP != "" {
		old = sql.NullInt64{Int64: number(e.OldNIP), Valid: true}
	}
	active := int64(0)
	if e.Active {
		active = 1
	}
	// 12 bytes of the keyed hash: a change goes unseen once in 2^96 times.
	print := im.s.seal.sum("employee", e.NIK, e.Name, e.Email, e.Position, e.Unit, e.Grade, e.OldNIP, fmt.Sprint(active))[:12]
	im.args = append(im.args, number(e.NIP), im.s.seal.seal("nik "+e.NIP, []byte(e.NIK)), e.Name, e.Email, e.Position, e.Unit, e.Grade, old, active, print)
	im.count++
	if len(im.args) == cap(im.args) {
		return im.flush(ctx)
	}
	return nil
}

// flush writes the gathered rows.
func (im *importer) flush(ctx context.Context) error {
	n := len(im.args) / importColumns
	if n == 0 {
		return nil
	}
	var res sql.Result
	var err error
	if n == importRows {
		res, err = im.full.ExecContext(ctx, im.args...)
	} else {
		res, err = im.tx.ExecContext(ctx, im.upsert(n), im.args...)
	}
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	touched, err := res.RowsAffected()
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	im.change += int(touched)
	if im.o.DeactivateMissing {
		if err := im.notePresent(ctx, n); err != nil {
			return err
		}
	}
	im.args = im.args[:0]
	if im.o.Progress != nil {
		im.o.Progress(im.count)
	}
	return nil
}

func (im *importer) notePresent(ctx context.Context, n int) error {
	nips := make([]any, n)
	marks := make([]string, n)
	for i := range n {
		nips[i], marks[i] = im.args[i*importColumns], fmt.Sprintf("($%d)", i+1)
	}
	if _, err := im.tx.ExecContext(ctx, `INSERT INTO present (nip) VALUES `+strings.Join(marks, ",")+` ON CONFLICT DO NOTHING`, nips...); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// finish deactivates, counts, and brings the indexes back.
func (im *importer) finish(ctx context.Context) error {
	if im.o.DeactivateMissing {
		// The fingerprint goes too, so that the row is taken anew when it is named again.
		res, err := im.tx.ExecContext(ctx, `UPDATE employees SET active = 0, fingerprint = $1 WHERE active = 1 AND nip NOT IN (SELECT nip FROM present)`, []byte{})
		if err != nil {
			return fmt.Errorf("deactivate: %w", err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return fmt.Errorf("deactivate: %w", err)
		}
		im.result.Deactivated = int(n)
		if _, err := im.tx.ExecContext(ctx, `DROP TABLE present`); err != nil {
			return fmt.Errorf("import: %w", err)
		}
	}
	var after int
	if err := im.tx.QueryRowContext(ctx, `SELECT count(*) FROM employees`).Scan(&after); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	im.result.Added = after - im.before
	im.result.Changed = im.change - im.result.Added
	im.result.Unchanged = im.count - im.change
	if !im.first {
		return nil
	}
	for _, q := range []string{
		`CREATE INDEX employees_old_nip ON employees (old_nip) WHERE old_nip IS NOT NULL`,
		`CREATE INDEX employees_email ON employees (lower(email))`,
	} {
		if _, err := im.tx.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("import: %w", err)
		}
	}
	return nil
}
