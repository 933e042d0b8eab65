package directory

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"resetpin/store"
)

// File is an employee file that is being read.
type File struct {
	words  *words
	layout layout
	table  *ahead
	strict bool // every row has as many fields as the header
	seen   seen
	sense  sense
	stay   []string
	nobody []int // rows whose NIP cannot be read
	people int   // rows that were somebody's
	below  []read
	notes  []string
}

// Rows gives an employee or a *RowError for every row that is somebody's; any
// other error is its last: ErrLost after the *RowError that tells where, or
// what kept the file from being read. It is ranged over once. A NIP that
// stands in two rows is an error of the second.
func (f *File) Rows(yield func(store.Employee, error) bool) {
	for {
		l, err := f.table.next()
		if errors.Is(err, io.EOF) {
			f.close()
			return
		}
		if err != nil {
			if !f.broken(err, yield) {
				return
			}
			continue
		}
		if !f.take(l, yield) {
			return
		}
	}
}

// take reads one row, and tells whether to go on.
func (f *File) take(l line, yield func(store.Employee, error) bool) bool {
	switch {
	case empty(l.fields), f.people == 0 && len(f.below) == 0 && numbering(l.fields): // below the header
		return true
	case !f.faceless(l.fields), l.spans && len(l.fields) != f.table.width:
		return f.admit(yield) && f.person(l, yield)
	case f.total(l.fields):
		f.leave(l.at, "counts the others")
		return true
	}
	l.fields = slices.Clone(l.fields)
	f.below = append(f.below, read{line: l})
	return len(f.below) <= titles || f.admit(yield)
}

// admit gives the rows that might have stood below the table as what they are
// after all: somebody's, and bad.
func (f *File) admit(yield func(store.Employee, error) bool) bool {
	held := f.below
	f.below = nil
	for _, r := range held {
		if !f.person(r.line, yield) {
			return false
		}
	}
	return true
}

// person reads a row that is somebody's.
func (f *File) person(l line, yield func(store.Employee, error) bool) bool {
	f.people++
	e, bad := f.employee(l)
	var err error
	if bad != nil {
		err = bad
		if bad.NIP != "" {
			f.stay = append(f.stay, bad.NIP)
		} else {
			f.nobody = append(f.nobody, l.at)
		}
	}
	if !yield(e, err) {
		return false
	}
	if f.strict && l.spans && len(l.fields) != f.table.width {
		lost(l.at, yield)
		return false
	}
	return true
}

// broken yields a row that has no fields, and tells whether to go on.
func (f *File) broken(err error, yield func(store.Employee, error) bool) bool {
	var b *brokenRow
	if !errors.As(err, &b) {
		yield(store.Employee{}, fmt.Errorf("read the file: %w", err))
		return false
	}
	if !f.admit(yield) {
		return false
	}
	f.nobody = append(f.nobody, b.at)
	if !yield(store.Employee{}, &RowError{Line: b.at, Faults: []Fault{{wholeRow, b.reason}}}) {
		return false
	}
	if b.lost {
		lost(b.at, yield)
	}
	return !b.lost
}

func lost(at int, yield func(store.Employee, error) bool) {
	yield(store.Employee{}, fmt.Errorf("line %d: %w", at, ErrLost))
}

// close notes what stands below the table.
func (f *File) close() {
	for _, r := range f.below {
		f.leave(r.at, "has neither NIP nor NIK, and stands below the others")
	}
	f.below = nil
}

func (f *File) leave(at int, why string) {
	f.notes = append(f.notes, fmt.Sprintf("line %d was left out: it %s", at, why))
}

// total tells a row that counts the others.
func (f *File) total(fields []string) bool {
	for _, v := range fields {
		if v = strings.TrimSpace(v); v != "" {
			return len(v) < 80 && saysOneOf(plainWords(v), f.words.Totals)
		}
	}
	return false
}

// faceless tells a row that may be nobody's: a note, a place and date, a
// signature. Somebody's row has a long number where the NIP or the NIK stands,
// or an address.
func (f *File) faceless(fields []string) bool {
	if long(f.layout.field(fields, colNIP)) || long(f.layout.field(fields, colNIK)) || strings.Contains(f.layout.field(fields, colEmail), "@") {
		return alone(fields)
	}
	return true
}

// alone tells a row with one value.
func alone(fields []string) bool {
	n := 0
	for _, v := range fields {
		if strings.TrimSpace(v) == "" {
			continue
		}
		if n++; n > 1 {
			return false
		}
	}
	return n == 1
}

// long tells a text with six digits or more.
func long(s string) bool {
	n := 0
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			if n++; n >= 6 {
				return true
			}
		}
	}
	return false
}

// numbering tells a row that numbers the columns, (1) (2) (3), as forms have
// it below their header.
func numbering(fields []string) bool {
	n := 0
	for _, v := range fields {
		v = strings.Trim(strings.TrimSpace(v), "().")
		if v == "" {
			continue
		}
		if n++; v != strconv.Itoa(n) {
			return false
		}
	}
	return n > 1
}

// field gives the value of a column without the blanks around it. The fields
// of a row may be kept: they are slices of one string that is made for each.
func (l *layout) field(fields []string, col int) string {
	if at := l.at[col]; at >= 0 && at < len(fields) {
		return strings.TrimSpace(fields[at])
	}
	return ""
}

// Notes tells what was passed over, each a line: after the rows also rows that
// are nobody's.
func (f *File) Notes() []string {
	var out []string
	if len(f.layout.others) > 0 {
		out = append(out, "columns that are not used: "+strings.Join(f.layout.others, ", "))
	}
	for _, p := range f.layout.passed {
		out = append(out, "the column "+p)
	}
	if f.layout.at[colActive] < 0 {
		out = append(out, "there is no column that tells who is active: everybody counts as active")
	}
	return append(out, f.notes...)
}

// Stay gives the NIPs of bad rows: they are named, though their rows are not
// good enough to be written.
func (f *File) Stay() []string { return f.stay }

// Nobody gives the lines of bad rows whose NIP cannot be read, so that nobody
// knows whom they name.
func (f *File) Nobody() []int { return f.nobody }

// Line tells where a NIP stands; 0 when it does not.
func (f *File) Line(nip string) int { return int(f.seen[digitsOf(nip)]) }
