package directory

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The columns; the first four are required.
const (
	colNIP = iota
	colNIK
	colName
	colEmail
	colPosition
	colUnit
	colGrade
	colOldNIP
	colActive
	columns
)

// columnNames are the columns' names in errors and in Options.
func columnNames() [columns]string {
	return [columns]string{
		colNIP: "nip", colNIK: "nik", colName: "name", colEmail: "email", colPosition: "position", colUnit: "unit",
		colGrade: "grade", colOldNIP: "nip_lama", colActive: "active",
	}
}

func columnName(col int) string { return columnNames()[col] }

// ParseColumn reads COLUMN=HEADER, the name of a column and what a file calls
// it.
func ParseColumn(text string) (column, header string, err error) {
	column, header, found := strings.Cut(text, "=")
	column, header = strings.TrimSpace(column), strings.TrimSpace(header)
	names := columnNames()
	if !found || plainWords(header) == "" || !slices.Contains(names[:], column) {
		return "", "", fmt.Errorf("%q: want COLUMN=HEADER, with COLUMN one of %s", text, strings.Join(names[:], ", "))
	}
	return column, header, nil
}

// layout tells where the columns stand in a header.
type layout struct {
	at     [columns]int // -1: nowhere
	found  int
	passed []string // columns of a known meaning, given up for better ones
	others []string // columns of no known meaning
}

// place finds the columns in a row that may be a header. The layout tells what
// was found also when something is wrong with it.
func (w *words) place(header []string, o Options) (layout, error) {
	var l layout
	used := make([]bool, len(header))
	var errs []error
	for col, name := range columnNames() {
		at, passed, err := w.find(header, name, o)
		l.at[col] = at
		for _, i := range passed {
			used[i] = true
			l.passed = append(l.passed, fmt.Sprintf("%q gives way to %q", oneLine(header[i]), oneLine(header[at])))
		}
		if at >= 0 {
			l.found++
			used[at] = true
		}
		if err == nil && at < 0 && col <= colEmail {
			err = fmt.Errorf("the header has no column %s; it wants nip, nik, name or nama, and email (or say which it is with --map \"%s=NAME\")", name, name)
		}
		errs = append(errs, err)
	}
	for i, h := range header {
		if h = oneLine(h); h != "" && !used[i] {
			l.others = append(l.others, h)
		}
	}
	return l, errors.Join(errs...)
}

// find gives where a column stands, and where others stand that mean the same
// and are not as good.
func (w *words) find(header []string, name string, o Options) (at int, passed []int, err error) {
	groups := append([][]string{{o.Map[name]}, o.Words[name]}, w.Columns[name]...)
	at = -1
	for _, group := range groups {
		var here []int
		for i, h := range header {
			if h = plainWords(h); h != "" && slices.ContainsFunc(group, func(word string) bool { return plainWords(word) == h }) {
				here = append(here, i)
			}
		}
		switch {
		case at >= 0:
			passed = append(passed, here...)
		case len(here) > 1 && plainWords(header[here[0]]) == plainWords(header[here[1]]):
			return here[0], nil, fmt.Errorf("the header has the column %q twice", oneLine(header[here[0]]))
		case len(here) > 1:
			return here[0], nil, fmt.Errorf("the header has the column %s as %q and as %q; leave one out, or say which it is with --map \"%s=%s\"",
				name, oneLine(header[here[0]]), oneLine(header[here[1]]), name, oneLine(header[here[0]]))
		case len(here) == 1:
			at = here[0]
		}
	}
	passed = slices.DeleteFunc(passed, func(i int) bool { return i == at })
	if at < 0 && o.Map[name] != "" {
		return at, nil, fmt.Errorf("the header has no column %q, which --map names", o.Map[name])
	}
	return at, passed, nil
}

// oneLine gives a header's words as they are shown.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
