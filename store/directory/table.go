package directory

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// table is the rows of a file, whatever its form is.
type table interface {
	// next gives a row, a *brokenRow, io.EOF, or what kept the file from being
	// read. The fields hold until the next call.
	next() (line, error)
}

// line is one row of a table.
type line struct {
	fields []string
	at     int  // where it begins; the first is 1
	spans  bool // it goes over several lines of the file
}

// brokenRow is a row that has no fields.
type brokenRow struct {
	at     int
	reason string
	lost   bool // nobody knows where the next one begins
}

// Error says where and what.
func (b *brokenRow) Error() string { return fmt.Sprintf("line %d: %s", b.at, b.reason) }

// titles is how many rows may stand above the header.
const titles = 30

// begin finds the header among the first rows of a table, and gives what
// comes after it.
func (w *words) begin(t table, o Options) (layout, *ahead, error) {
	rest := &ahead{table: t}
	best, at, width := layout{found: -1}, -1, 0
	var wrong error
	for len(rest.lines) < titles {
		l, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *brokenRow
		if err != nil && !errors.As(err, &broken) {
			return best, nil, fmt.Errorf("read the file: %w", err)
		}
		l.fields = slices.Clone(l.fields)
		rest.lines = append(rest.lines, read{l, err})
		if err != nil || empty(l.fields) {
			continue
		}
		found, err := w.place(l.fields, o)
		if err == nil || found.found > best.found {
			best, at, width, wrong = found, len(rest.lines)-1, len(l.fields), err
		}
		if err == nil {
			break
		}
	}
	if at < 0 {
		if len(rest.lines) > 0 && rest.lines[0].err != nil {
			return best, nil, fmt.Errorf("the header cannot be read: %w", rest.lines[0].err)
		}
		return best, nil, errors.New("the file is empty")
	}
	rest.lines, rest.width = rest.lines[at+1:], width
	return best, rest, wrong
}

// ahead is a table of which some rows were read ahead.
type ahead struct {
	table
	lines []read
	width int // the header's
}

type read struct {
	line
	err error
}

func (a *ahead) next() (line, error) {
	if len(a.lines) == 0 {
		return a.table.next()
	}
	l := a.lines[0]
	a.lines = a.lines[1:]
	return l.line, l.err
}

// empty tells a row without any value, as spreadsheets leave behind.
func empty(record []string) bool {
	for _, f := range record {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}
