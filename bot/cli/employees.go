package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"resetpin/store"
	"resetpin/store/directory"
)

type employeesCommand struct {
	Import importCommand `cmd:"" help:"Load or refresh the directory from a CSV file or a spreadsheet."`
	Show   showCommand   `cmd:"" help:"One employee as the bot sees them."`
	Find   findCommand   `cmd:"" help:"Search by name, address, NIP or chat account."`
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
	zone, err := c.zone()
	if err != nil {
		return err
	}
	return c.withStore(func(db *store.Store) error {
		if err := c.look(db, "employee", nip); err != nil {
			return err
		}
		e, err := c.employee(db, nip)
		if err != nil {
			return err
		}
		p := &printer{out: c.env.Stdout, zone: zone}
		p.line("NIP", e.NIP)
		p.line("NIK", "•••• (kept encrypted)")
		p.line("Name", e.Name)
		p.line("E-mail", e.Email)
		p.line("Position", e.Position)
		p.line("Unit", e.Unit)
		p.line("Grade", e.Grade)
		p.line("Active", yesNo(e.Active))
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
	words := "asked " + p.stamp(known.Looked)
	if known.Product != "" {
		words += ", " + known.Product
	}
	if !known.EndDate.IsZero() {
		words += ", until " + p.stamp(known.EndDate)
	}
	if known.Phone != "" {
		words += ", phone number " + known.Phone
	}
	if known.Link != "" {
		words += ", linkAktif " + known.Link + " (a link may be waiting unused)"
	}
	p.line("BSrE portal", words)
	return nil
}

// state shows links, status and resets.
func (s showCommand) state(c *call, db *store.Store, p *printer, nip string) error {
	links, err := db.Links(c.ctx, nip)
	if err != nil {
		return err
	}
	for _, l := range links {
		p.line("Linked", fmt.Sprintf("%s:%s since %s, verified %s", l.Account.Platform, l.Account.ID, p.stamp(l.Linked), p.stamp(l.Verified)))
	}
	if len(links) == 0 {
		p.line("Linked", "no chat account")
	}
	status, err := db.Status(c.ctx, nip)
	if err != nil {
		return err
	}
	if status.Value != "" {
		p.line("Last status", status.Value+", "+p.stamp(status.Asked))
	}
	if err := s.certificate(c, db, p, nip); err != nil {
		return err
	}
	resets, err := db.Resets(c.ctx, nip, mostResets)
	if err != nil {
		return err
	}
	for _, r := range resets[:min(len(resets), shownResets)] {
		p.line("Reset", fmt.Sprintf("%s %s on %s", p.stamp(r.Created), r.State, r.Account.Platform))
	}
	return errors.Join(s.waits(c, p, resets), s.walk(c, db, p, nip), s.mails(c, db, p, nip))
}

// waits tells when another reset is possible, when it is not now. Resets that
// changed nothing do not count.
func (showCommand) waits(c *call, p *printer, resets []store.Reset) error {
	set, err := c.settings()
	if err != nil {
		return err
	}
	var counted []store.Reset
	for _, r := range resets {
		if r.State != store.ResetRefused && r.State != store.ResetPhone && c.now().Sub(r.Created) < 24*time.Hour {
			counted = append(counted, r)
		}
	}
	if len(counted) == 0 {
		return nil
	}
	until := counted[0].Created.Add(set.ResetCooldown)
	why := "RESET_COOLDOWN"
	if len(counted) >= set.ResetDailyLimit {
		until, why = counted[set.ResetDailyLimit-1].Created.Add(24*time.Hour), "RESET_DAILY_LIMIT"
	}
	if until.After(c.now()) {
		p.line("Next reset", fmt.Sprintf("from %s on (%s)", p.stamp(until), why))
	}
	return nil
}

// walk shows where in a guide they are, or how the last one ended.
func (showCommand) walk(c *call, db *store.Store, p *printer, nip string) error {
	w, err := db.Walk(c.ctx, nip)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p.line("Walk", fmt.Sprintf("%s, step %s, %s, since %s", w.Guide, strings.Replace(w.Step, "+", ", page ", 1), w.State, p.stamp(w.Moved)))
	return nil
}

// mostMails is how many of the last mails are shown.
const mostMails = 5

// mails shows what became of the last mails.
func (showCommand) mails(c *call, db *store.Store, p *printer, nip string) error {
	var last []store.Event
	for e, err := range db.Events(c.ctx, c.now().Add(-mailsSince), nip) {
		if err != nil {
			return err
		}
		if e.Action == "mail" {
			last = append(last, e)
		}
	}
	for _, e := range last[max(0, len(last)-mostMails):] {
		p.line("Mail", fmt.Sprintf("%s %s: %s", p.stamp(e.At), e.Outcome, e.Detail))
	}
	return nil
}

const mailsSince = 30 * 24 * time.Hour

const (
	shownResets = 5
	mostResets  = 20 // that may count for RESET_DAILY_LIMIT
)

// printer writes lines and remembers the first error.
type printer struct {
	out  io.Writer
	zone *time.Location
	err  error
}

func (p *printer) line(name, value string) {
	if p.err == nil && value != "" {
		_, p.err = fmt.Fprintf(p.out, "%-12s %s\n", name, value)
	}
}

// stamp writes a time in the hours of TIME_ZONE, as the audit trail does.
func (p *printer) stamp(t time.Time) string { return stamp(t, p.zone) }

func stamp(t time.Time, zone *time.Location) string { return t.In(zone).Format(time.RFC3339) }
