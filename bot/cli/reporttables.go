package cli

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"resetpin/store"
)

// mostOften names the three that are counted most, with their counts, a line
// each.
func mostOften(counts map[string]int, name func(id string) string) string {
	named := make(map[string]int)
	for id, n := range counts {
		named[name(id)] += n
	}
	names := slices.SortedFunc(maps.Keys(named), func(a, b string) int {
		return cmp.Or(named[b]-named[a], strings.Compare(a, b))
	})
	var out strings.Builder
	for _, n := range names[:min(3, len(names))] {
		fmt.Fprintf(&out, "  %d× %s\n", named[n], n)
	}
	return out.String()
}

// counted gives a time's events and their totals.
func counted(c *call, db *store.Store, span store.Span) ([]store.ReportRow, totals, error) {
	rows, err := db.Report(c.ctx, span)
	if err != nil {
		return nil, totals{}, err
	}
	// A day on which only the command line did something tells a boss nothing.
	rows = slices.DeleteFunc(rows, func(r store.ReportRow) bool { return r.Platform == commandLine })
	t := sum(rows)
	if t.counts["people"], err = db.CountPeople(c.ctx, span); err != nil {
		return nil, t, err
	}
	t.tickets, err = db.Tickets(c.ctx, span)
	return rows, t, err
}

// perDay is the table of days.
func perDay(rows []store.ReportRow, words reportWords) [][]string {
	lines := []string{"linked", "status", "resets", "sent", "walks", "help"}
	table := [][]string{{words.own["day"]}}
	for _, l := range lines {
		table[0] = append(table[0], words.own["day."+l])
	}
	for len(rows) > 0 {
		day := rows[0].Day
		end := slices.IndexFunc(rows, func(r store.ReportRow) bool { return r.Day != day })
		if end < 0 {
			end = len(rows)
		}
		t := sum(rows[:end])
		row := []string{day}
		for _, l := range lines {
			row = append(row, t.cell(l))
		}
		table, rows = append(table, row), rows[end:]
	}
	return table
}

// columns writes a table with its columns one below the other.
func columns(out io.Writer, table [][]string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range table {
		if _, err := fmt.Fprintln(w, strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	return w.Flush()
}
