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
	DryRun            bool            // count, and write nothing
	DeactivateMissing bool            // make inactive whom the rows do not name
	Progress          func(int)       // told how many rows are done, from time to time; may be nil
	Check             func() error    // asked after the last row; an error undoes everything; may be nil
	Stay              func() []string // asked after the last row: NIPs that are named too, though no row writes them; may be nil

	// Judge is told what the import does to people, before it is done, and
	// says what to write with it; an error undoes everything. With it a NIK
	// belongs to one active NIP: one that the rows give to another NIP takes the
	// NIP that they do not name any more out of use. The rows name a NIP once
	// then. May be nil.
	Judge func(ImportEffects) (ImportRecord, error)
}

// ImportResult counts what an import did.
type ImportResult struct {
	Added, Changed, Unchanged, Deactivated int
}

// importRows is how many employees one statement writes: enough that the
// statement's own cost no longer shows.
const importRows = 50

const (
	importColumns = 6
	importActive  = 4 // the place of active among them
	importNames   = `nip_hash, person, email_hash, old_nip_hash, active, fingerprint`
	importUpdate  = `ON CONFLICT (nip_hash) DO UPDATE SET person = excluded.person, email_hash = excluded.email_hash, old_nip_hash = excluded.old_nip_hash,
		active = excluded.active, fingerprint = excluded.fingerprint WHERE employees.fingerprint <> excluded.fingerprint`
)

// errDryRun undoes the transaction of an import that was only to count.
var errDryRun = errors.New("dry run")

// Import loads or refreshes the directory in one transaction. Rows that did
// not change are not touched; of two rows with one NIP the later counts, and
// whether the earlier is counted as a change is not said. An error of rows
// ends it and nothing is written. rows and the options' functions are called
// by the caller's goroutine, while another one writes. Readers go on with the
// directory as it was before.
func (s *Store) Import(ctx context.Context, rows iter.Seq2[Employee, error], o ImportOptions) (ImportResult, error) {
	var out ImportResult
	// Once: rows come only once.
	err := s.txOnce(ctx, func(tx *sql.Tx, conn *sql.Conn) error {
		im := &importer{s: s, o: o, hash: s.seal.newSummer()}
		var err error
		if out, err = im.run(ctx, rows, tx, conn); err != nil {
			return err
		}
		if o.DryRun {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	if gone := ctx.Err(); err != nil && gone != nil {
		err = gone // the drivers have words of their own for it
	}
	if err != nil {
		return ImportResult{}, fmt.Errorf("import: %w", err)
	}
	return out, nil
}

// importEngine is what the two databases do each in their own way.
type importEngine interface {
	// load takes rows, importColumns values each, until rows is closed; what
	// was written is given back through free.
	load(ctx context.Context, rows <-chan []any, free chan<- []any) error
	// merge ends the load and tells how many rows were added or changed.
	merge(ctx context.Context) (touched int, err error)
	// turned gives the hashes of the NIPs that were active and that the rows made
	// inactive.
	turned() [][]byte
	// missing is the query for the employeeColumns of those who are active and
	// whom no row named.
	missing() string
}

// importEngine gives the engine. first says that the directory was empty, and
// look that the engine must tell whom the rows named, and whom they made
// inactive.
func (s *Store) importEngine(tx *sql.Tx, conn *sql.Conn, first, look bool) importEngine {
	if s.pool == nil {
		return &sqliteImport{tx: tx, first: first, look: look}
	}
	return &postgresImport{tx: tx, conn: conn}
}

// importer carries one import.
type importer struct {
	s      *Store
	o      ImportOptions
	engine importEngine
	hash   *summer
	count  int
	owners owners // who has which NIK; only with Judge
}

func (im *importer) run(ctx context.Context, rows iter.Seq2[Employee, error], tx *sql.Tx, conn *sql.Conn) (ImportResult, error) {
	before, err := im.survey(ctx, tx)
	if err != nil {
		return ImportResult{}, err
	}
	first := before.all == 0
	im.engine = im.s.importEngine(tx, conn, first, !first && (im.o.DeactivateMissing || im.o.Judge != nil))
	if err := im.pump(ctx, rows); err != nil {
		return ImportResult{}, err
	}
	if im.o.Check != nil {
		if err := im.o.Check(); err != nil {
			return ImportResult{}, err
		}
	}
	return im.finish(ctx, tx, before)
}

// pump reads, seals and hands over, while the engine writes beside it.
func (im *importer) pump(ctx context.Context, rows iter.Seq2[Employee, error]) (err error) {
	const buffers = 4
	full, free := make(chan []any, buffers), make(chan []any, buffers)
	for range buffers {
		free <- make([]any, 0, importRows*importColumns)
	}
	written := make(chan error, 1)
	go func() { written <- im.engine.load(ctx, full, free) }()
	defer func() { // also when rows panics
		close(full)
		if failed := <-written; err == nil {
			err = failed
		}
	}()
	batch := <-free
	for e, err := range rows {
		if err != nil {
			return err
		}
		if batch, err = im.add(batch, e); err != nil {
			return err
		}
		if len(batch) < cap(batch) {
			continue
		}
		full <- batch
		if im.o.Progress != nil {
			im.o.Progress(im.count)
		}
		select {
		case batch = <-free:
		case err := <-written:
			written <- err
			return err
		}
	}
	if len(batch) > 0 {
		full <- batch
	}
	if im.o.Progress != nil {
		im.o.Progress(im.count)
	}
	return nil
}

// add puts an employee into a batch, in the order of importNames.
func (im *importer) add(batch []any, e Employee) ([]any, error) {
	if err := digits(e.NIP, 18); err != nil {
		return nil, fmt.Errorf("NIP of row %d: %w", im.count+1, err)
	}
	var old any
	if e.OldNIP != "" {
		if err := digits(e.OldNIP, 9); err != nil {
			return nil, fmt.Errorf("old NIP of row %d: %w", im.count+1, err)
		}
		old = im.hash.oldNIP(e.OldNIP)
	}
	nip := im.hash.blindIndex("nip", e.NIP)
	person, err := im.s.seal.sealEmployee(nip, e)
	if err != nil {
		return nil, err
	}
	active, sign := int64(0), "0"
	if e.Active {
		active, sign = 1, "1"
	}
	im.count++
	if im.o.Judge != nil && e.Active {
		im.owners.add(number(e.NIK), number(e.NIP))
	}
	// 12 bytes of the keyed hash: a change goes unseen once in 2^96 times.
	fingerprint := im.hash.sum("employee", e.NIK, e.Name, e.Email, e.Position, e.Unit, e.Grade, e.OldNIP, sign)[:12]
	return append(batch, nip, person, im.hash.email(e.Email), old, active, fingerprint), nil
}

// digits refuses what is no number of exactly n digits.
func digits(s string, n int) error {
	if len(s) != n || strings.Trim(s, "0123456789") != "" {
		return fmt.Errorf("want %d digits", n)
	}
	return nil
}

// finish makes inactive who left, counts, and has it judged.
func (im *importer) finish(ctx context.Context, tx *sql.Tx, before census) (ImportResult, error) {
	touched, err := im.engine.merge(ctx)
	if err != nil {
		return ImportResult{}, err
	}
	left, err := im.departures(ctx, tx, before)
	if err != nil {
		return ImportResult{}, err
	}
	if err := im.s.deactivate(ctx, tx, left); err != nil {
		return ImportResult{}, err
	}
	out := ImportResult{Deactivated: len(left)}
	after, err := countEmployees(ctx, tx)
	if err != nil {
		return ImportResult{}, err
	}
	out.Added = after - before.all
	out.Changed = touched - out.Added
	out.Unchanged = im.count - touched
	if im.o.Judge == nil {
		return out, nil
	}
	return out, im.decide(ctx, tx, before, out, left)
}

func countEmployees(ctx context.Context, tx *sql.Tx) (n int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM employees`).Scan(&n)
	return n, err
}

func execAll(ctx context.Context, tx *sql.Tx, queries ...string) error {
	for _, q := range queries {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}
