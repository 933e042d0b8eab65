package cli

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"resetpin/store"
	"resetpin/store/directory"
)

// maxShown bounds how many bad rows, and how many people, are listed.
const maxShown = 50

// tell prints what the import did or would do: notes and doubts to standard
// error, people and counts to standard output.
func (w *importWork) tell() error {
	var doubts, told strings.Builder
	for _, n := range w.file.Notes() {
		fmt.Fprintf(&doubts, "note: %s\n", n)
	}
	for _, f := range w.file.Findings() {
		fmt.Fprintf(&doubts, "warning: %s\n", f)
	}
	if w.DryRun || len(w.problems) > 0 {
		w.tellLeft(&told)
	}
	w.tellLinked(&told)
	w.tellCounts(&told)
	_, err1 := io.WriteString(w.env.Stderr, doubts.String())
	_, err2 := io.WriteString(w.env.Stdout, told.String())
	return errors.Join(err1, err2)
}

func (w *importWork) tellCounts(out io.Writer) {
	r := w.effects.Result
	verb := ""
	if w.DryRun || len(w.problems) > 0 {
		verb = "Nothing was written. It would have been: "
	}
	text := fmt.Sprintf("%s%d added, %d changed, %d unchanged", verb, r.Added, r.Changed, r.Unchanged)
	if w.Deactivate || len(w.effects.Left) > 0 {
		text += fmt.Sprintf(", %d made inactive", len(w.effects.Left))
	}
	if w.rejects.bad > 0 {
		text += fmt.Sprintf("; bad rows left out: %d", w.rejects.bad)
	}
	_, _ = fmt.Fprintln(out, text+".") // into memory
}

// tellLeft names who goes.
func (w *importWork) tellLeft(out io.Writer) {
	for n, d := range w.effects.Left {
		if n == maxShown {
			_, _ = fmt.Fprintf(out, "… and %d more\n", len(w.effects.Left)-n)
			return
		}
		name := "" // the database says why, if it does not answer
		if e, err := w.db.Employee(w.ctx, d.NIP); err == nil {
			name = " " + e.Name
		}
		_, _ = fmt.Fprintf(out, "would be inactive: %s%s%s\n", d.NIP, name, replaced(d.Now))
	}
}

func replaced(now string) string {
	if now == "" {
		return ""
	}
	return ", whose NIK belongs to " + now + " now"
}

// tellLinked tells what changes for people who have linked a chat account.
func (w *importWork) tellLinked(out io.Writer) {
	for n, c := range w.effects.Linked {
		if n == maxShown {
			_, _ = fmt.Fprintf(out, "… and %d more with a chat account\n", len(w.effects.Linked)-n)
			return
		}
		var what []string
		if c.Before.Email != c.After.Email {
			what = append(what, fmt.Sprintf("address changed from %s to %s", c.Before.Email, c.After.Email))
		}
		switch {
		case c.Now != "":
			what = append(what, "NIP replaced by "+c.Now)
		case c.Before.Active && !c.After.Active:
			what = append(what, "inactive")
		case !c.Before.Active && c.After.Active:
			what = append(what, "active again")
		}
		_, _ = fmt.Fprintf(out, "linked: %s %s: %s\n", c.Before.NIP, c.Before.Name, strings.Join(what, "; "))
	}
}

// rejects lists bad rows, sums their reasons up, and writes them to a file.
type rejects struct {
	out     io.Writer
	file    *os.File
	table   *csv.Writer
	bad     int
	reasons map[string]int
}

// newRejects makes the file for the bad rows; it holds NIPs, and so is its
// owner's alone.
func newRejects(name string, out io.Writer) (*rejects, error) {
	r := &rejects{out: out, reasons: make(map[string]int)}
	if name == "" {
		return r, nil
	}
	var err error
	if r.file, err = os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600); err != nil {
		return nil, fmt.Errorf("--rejects: %w", err)
	}
	r.table = csv.NewWriter(r.file)
	return r, r.table.Write([]string{"line", "nip", "reason"})
}

// pass lists bad rows and passes the others on.
func (r *rejects) pass(rows iter.Seq2[store.Employee, error]) iter.Seq2[store.Employee, error] {
	return func(yield func(store.Employee, error) bool) {
		for e, err := range rows {
			var bad *directory.RowError
			if errors.As(err, &bad) {
				if err = r.note(bad); err == nil {
					continue
				}
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func (r *rejects) note(bad *directory.RowError) error {
	if r.bad++; r.bad <= maxShown {
		_, _ = fmt.Fprintln(r.out, bad) // the count at the end says it too
	}
	for _, f := range bad.Faults {
		r.reasons[anyLine.ReplaceAllString(f.String(), "another line")]++
	}
	if r.table == nil {
		return nil
	}
	return r.table.Write([]string{strconv.Itoa(bad.Line), bad.NIP, bad.Reasons()})
}

// anyLine is what differs between reasons that are one.
var anyLine = regexp.MustCompile(`(line \d+|an earlier line)`)

// sum tells how often each reason came.
func (r *rejects) sum() {
	if r.bad > maxShown {
		_, _ = fmt.Fprintf(r.out, "… and %d more bad rows\n", r.bad-maxShown)
	}
	if r.bad < 2 {
		return
	}
	_, _ = fmt.Fprintln(r.out, "bad rows by reason:")
	for _, reason := range slices.SortedFunc(maps.Keys(r.reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.reasons[b], r.reasons[a]), cmp.Compare(a, b))
	}) {
		_, _ = fmt.Fprintf(r.out, "%7d  %s\n", r.reasons[reason], reason)
	}
}

func (r *rejects) close() error {
	if r.file == nil {
		return nil
	}
	r.table.Flush()
	return errors.Join(r.table.Error(), r.file.Close())
}
