package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"resetpin/store"
	"resetpin/store/directory"
)

type employeesCommand struct {
	Import importCommand `cmd:"" help:"Load or refresh the directory from a CSV file or a spreadsheet."`
	Show   showCommand   `cmd:"" help:"One employee as the bot sees them."`
}

type showCommand struct {
	NIP string `arg:"" help:"The employee's NIP, 18 digits."`
}

// Run shows the employee.
func (s showCommand) Run(c *call) error {
	nip, err := directory.ParseNIP(s.NIP)
	if err != nil {
		return UsageError{fmt.Errorf("the NIP %q: %w", s.NIP, err)}
	}
	return c.withStore(func(db *store.Store) error {
		if err := c.look(db, "employee", nip); err != nil {
			return err
		}
		e, err := c.employee(db, nip)
		if err != nil {
			return err
		}
		p := &printer{out: c.env.Stdout}
		p.line("NIP", e.NIP)
		p.line("NIK", "•••• (kept encrypted)")
		p.line("Name", e.Name)
		p.line("E-mail", e.Email)
		p.line("Position", e.Position)
		p.line("Unit", e.Unit)
		p.line("Grade", e.Grade)
		p.line("Active", map[bool]string{true: "yes", false: "no"}[e.Active])
		return errors.Join(p.err, s.state(c, db, p, nip), p.err)
	})
}

// employee gives who has the NIP, or an error that says that nobody has.
func (c *call) employee(db *store.Store, nip string) (store.Employee, error) {
	e, err := db.Employee(c.ctx, nip)
	if errors.Is(err, store.ErrNotFound) {
		return e, fmt.Errorf("no employee has the NIP %s; is the directory imported?", nip)
	}
	return e, err
}

// certificate shows what BSrE's portal last told. What linkAktif means is not
// confirmed by BSrE: it is shown as it came.
func (showCommand) certificate(c *call, db *store.Store, p *printer, nip string) error {
	known, err := db.Certificate(c.ctx, nip)
	if err != nil || known.Looked.IsZero() {
		return err
	}
	words := "asked " + stamp(known.Looked)
	if known.Product != "" {
		words += ", " + known.Product
	}
	if !known.EndDate.IsZero() {
		words += ", until " + stamp(known.EndDate)
	}
	if known.Link != "" {
		words += ", linkAktif " + known.Link + " (a link may be waiting unused)"
	}
	p.line("BSrE's portal", words)
	return nil
}

// state shows links, status and resets.
func (s showCommand) state(c *call, db *store.Store, p *printer, nip string) error {
	links, err := db.Links(c.ctx, nip)
	if err != nil {
		return err
	}
	for _, l := range links {
		p.line("Linked", fmt.Sprintf("%s:%s since %s, verified %s", l.Account.Platform, l.Account.ID, stamp(l.Linked), stamp(l.Verified)))
	}
	if len(links) == 0 {
		p.line("Linked", "no chat account")
	}
	status, err := db.Status(c.ctx, nip)
	if err != nil {
		return err
	}
	if status.Value != "" {
		p.line("Last status", status.Value+", "+stamp(status.Asked))
	}
	if err := s.certificate(c, db, p, nip); err != nil {
		return err
	}
	resets, err := db.Resets(c.ctx, nip, 5)
	if err != nil {
		return err
	}
	for _, r := range resets {
		p.line("Reset", fmt.Sprintf("%s %s on %s", stamp(r.Created), r.State, r.Account.Platform))
	}
	return nil
}

// printer writes lines and remembers the first error.
type printer struct {
	out io.Writer
	err error
}

func (p *printer) line(name, value string) {
	if p.err == nil && value != "" {
		_, p.err = fmt.Fprintf(p.out, "%-12s %s\n", name, value)
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
