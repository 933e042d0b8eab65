package cli

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime/debug"
	"time"

	"github.com/schollz/progressbar/v3"

	"resetpin/store"
	"resetpin/store/directory"
)

type employeesCommand struct {
	Import importCommand `cmd:"" help:"Load or refresh the directory from a CSV file."`
	Show   showCommand   `cmd:"" help:"One employee as the bot sees them."`
}

type importCommand struct {
	File       string `arg:"" help:"The CSV file; - for standard input."`
	DryRun     bool   `help:"Check and count, and write nothing."`
	Deactivate bool   `name:"deactivate-missing" help:"Make everybody inactive whom the file does not name."`
	SkipBad    bool   `help:"Write the good rows of a file that has bad ones."`
}

// maxBadShown bounds how many bad rows are listed.
const maxBadShown = 50

// Run imports the file.
func (i importCommand) Run(c *call) error {
	in, size, err := open(c.env, i.File)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read
	// A file of millions must fit beside a running bot: less garbage for a
	// little more work.
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	counted := &countingReader{r: in}
	rows, err := directory.Read(counted)
	if err != nil {
		return fmt.Errorf("%s: %w", i.File, err)
	}
	return c.withStore(func(db *store.Store) error {
		bar := progress(c.env, size)
		good := goodRows{rows: rows, out: c.env.Stderr}
		result, err := db.Import(c.ctx, good.each, store.ImportOptions{
			DryRun: i.DryRun, DeactivateMissing: i.Deactivate,
			Progress: func(int) { _ = bar.Set64(counted.n) }, // a bar that cannot be drawn is no loss
			Check: func() error {
				if good.bad > 0 && !i.SkipBad {
					return fmt.Errorf("bad rows: %d; nothing was written; mend them, or write the others with --skip-bad", good.bad)
				}
				return nil
			},
		})
		_ = bar.Finish()
		if err != nil {
			return err
		}
		return i.tell(c.env.Stdout, result, good.bad)
	})
}

func (i importCommand) tell(out io.Writer, r store.ImportResult, bad int) error {
	verb := ""
	if i.DryRun {
		verb = "Nothing was written. It would have been: "
	}
	text := fmt.Sprintf("%s%d added, %d changed, %d unchanged", verb, r.Added, r.Changed, r.Unchanged)
	if i.Deactivate {
		text += fmt.Sprintf(", %d made inactive", r.Deactivated)
	}
	if bad > 0 {
		text += fmt.Sprintf("; bad rows left out: %d", bad)
	}
	_, err := fmt.Fprintln(out, text+".")
	return err
}

func open(env Env, name string) (in io.ReadCloser, size int64, err error) {
	if name == "-" {
		return io.NopCloser(env.Stdin), -1, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, info.Size(), nil
}

// progress shows how much of the file is read, when somebody watches.
func progress(env Env, size int64) *progressbar.ProgressBar {
	out := io.Discard
	if env.Terminal {
		out = env.Stderr
	}
	return progressbar.NewOptions64(size, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription("Reading"),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
}

type countingReader struct {
	r io.Reader
	n int64
}

// Read reads and counts.
func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// goodRows lists bad rows and passes the others on.
type goodRows struct {
	rows iter.Seq2[store.Employee, error]
	out  io.Writer
	bad  int
}

func (g *goodRows) each(yield func(store.Employee, error) bool) {
	for e, err := range g.rows {
		var row *directory.RowError
		if errors.As(err, &row) {
			if g.bad++; g.bad <= maxBadShown {
				_, _ = fmt.Fprintln(g.out, row) // the count at the end says it too
			}
			continue
		}
		if !yield(e, err) {
			return
		}
	}
	if g.bad > maxBadShown {
		_, _ = fmt.Fprintf(g.out, "… and %d more bad rows\n", g.bad-maxBadShown)
	}
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
