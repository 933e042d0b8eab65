package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// ImportEffects is what an import does to people.
type ImportEffects struct {
	Result ImportResult
	Active int // how many were active before
	Left   []Departure
	Twins  []Twins
	Linked []LinkedChange
	Mended []Mended
}

// Departure is an employee who was active and is no more.
type Departure struct {
	NIP string
	Now string // the NIP that has their NIK from now on; empty: none
}

// Twins are active employees of the resulting directory who have one NIK, at
// least one of them named by the import.
type Twins struct{ NIPs []string }

// LinkedChange is what changes for an employee who has linked a chat account.
type LinkedChange struct {
	Before, After Employee
	Now           string // as in Departure
	Accounts      []Account
}

// ImportRecord is what is written with an import, in its transaction.
type ImportRecord struct {
	Jobs   []Job
	Events []Event
}

// census is what the directory was before.
type census struct {
	all, active int
	linked      map[string]Employee
	claimed     []claimed
}

// survey looks at the directory before the rows come.
func (im *importer) survey(ctx context.Context, tx *sql.Tx) (c census, err error) {
	if c.all, err = countEmployees(ctx, tx); err != nil || c.all == 0 || im.o.Judge == nil {
		return c, err
	}
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM employees WHERE active = 1`).Scan(&c.active); err != nil {
		return c, fmt.Errorf("count employees: %w", err)
	}
	if c.linked, err = im.s.linkedEmployees(ctx, tx); err != nil {
		return c, err
	}
	c.claimed, err = im.claimed(ctx, tx)
	return c, err
}

// departures gives whom the import leaves without a place: those whom nobody
// names any more, when these are to go, and those whose NIK another NIP has
// now. Whom the rows made inactive themselves is not among them.
func (im *importer) departures(ctx context.Context, tx *sql.Tx, before census) ([]Departure, error) {
	if before.all == 0 || !im.o.DeactivateMissing && im.o.Judge == nil {
		return nil, nil
	}
	stay := im.staying()
	rows, err := tx.QueryContext(ctx, im.engine.missing())
	if err != nil {
		return nil, fmt.Errorf("look for who is missing: %w", err)
	}
	defer closeRows(im.s, rows)
	var out []Departure
	for rows.Next() {
		e, err := im.s.scanEmployee(rows)
		if err != nil {
			return nil, err
		}
		if stay[e.NIP] {
			continue
		}
		d := Departure{NIP: e.NIP, Now: im.newOwner(e.NIK)}
		if im.o.DeactivateMissing || d.Now != "" {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b Departure) int { return cmp.Compare(a.NIP, b.NIP) })
	return out, rows.Err()
}

// staying gives the NIPs that are named though no row writes them.
func (im *importer) staying() map[string]bool {
	out := make(map[string]bool)
	if im.o.Stay != nil {
		for _, nip := range im.o.Stay() {
			out[nip] = true
		}
	}
	return out
}

// newOwner gives the NIP to which the rows give somebody's NIK, or "".
func (im *importer) newOwner(nik string) string {
	if im.owners.empty() {
		return ""
	}
	if now := im.owners.of(number(nik)); len(now) > 0 {
		return nipText(now[0])
	}
	return ""
}

// deactivate takes the fingerprint too, so that the row is taken anew when it
// is named again.
func (s *Store) deactivate(ctx context.Context, tx *sql.Tx, left []Departure) error {
	if len(left) == 0 {
		return nil
	}
	update, err := tx.PrepareContext(ctx, `UPDATE employees SET active = 0, fingerprint = $1 WHERE nip_hash = $2`)
	if err != nil {
		return fmt.Errorf("deactivate: %w", err)
	}
	defer func() { _ = update.Close() }() // the transaction closes it too
	for _, d := range left {
		if _, err := update.ExecContext(ctx, []byte{}, s.seal.nipHash(d.NIP)); err != nil {
			return fmt.Errorf("deactivate: %w", err)
		}
	}
	return nil
}

// decide has the import judged, and writes what is to be written with it.
func (im *importer) decide(ctx context.Context, tx *sql.Tx, before census, out ImportResult, left []Departure) error {
	effects := ImportEffects{Result: out, Active: before.active, Left: left}
	for _, hash := range im.engine.turned() {
		e, err := im.s.employeeTx(ctx, tx, hash)
		if err != nil {
			return err
		}
		effects.Left = append(effects.Left, Departure{NIP: e.NIP})
	}
	var err error
	if effects.Twins, err = im.twins(ctx, tx); err != nil {
		return err
	}
	if effects.Linked, err = im.linkedChanges(ctx, tx, before, left); err != nil {
		return err
	}
	if effects.Mended, err = im.mended(ctx, tx, before.claimed); err != nil {
		return err
	}
	record, err := im.o.Judge(effects)
	if err != nil {
		return err
	}
	if err := im.s.enqueueTx(ctx, tx, record.Jobs); err != nil {
		return err
	}
	for _, e := range record.Events {
		if err := im.s.auditTx(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// twins gives who has one NIK. Of those whom no row writes only the staying
// can be meant: the others' NIKs moved.
func (im *importer) twins(ctx context.Context, tx *sql.Tx) ([]Twins, error) {
	for nip := range im.staying() {
		e, err := im.s.employeeTx(ctx, tx, im.s.seal.nipHash(nip))
		if err != nil {
			return nil, err
		}
		if e.Active {
			im.owners.add(number(e.NIK), number(nip))
		}
	}
	return im.owners.shared(), nil
}

// employeeTx reads the employee with a NIP's hash in a transaction; the zero Employee when there
// is none.
func (s *Store) employeeTx(ctx context.Context, tx *sql.Tx, hash []byte) (Employee, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+employeeColumns+` FROM employees WHERE nip_hash = $1`, hash)
	if err != nil {
		return Employee{}, fmt.Errorf("read employee: %w", err)
	}
	defer closeRows(s, rows)
	if !rows.Next() {
		return Employee{}, rows.Err()
	}
	return s.scanEmployee(rows)
}
