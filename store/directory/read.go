package directory

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"resetpin/store"
)

// wholeRow stands for a column in a RowError about the whole row.
const wholeRow = "row"

const byteOrderMark = "\ufeff"

// ErrLost says that a quote in the file is out of step, so that nobody knows
// where its rows begin and end from there on.
var ErrLost = errors.New("the quotes are out of step from there on, and the rest of the file cannot be read; mend that row first")

// Read reads an employee file: CSV in UTF-8, with or without a byte-order
// mark, separated by comma or semicolon, with a header. The error tells what
// is wrong with the header. The sequence gives an employee or a *RowError for
// every row that is not empty; any other error is its last: ErrLost after the
// *RowError that tells where, or what kept r from being read. It can be
// ranged over once.
//
// A NIP that stands in two rows is an error of the second. Beside the rows it
// gives, a reading keeps some 12 bytes for each.
func Read(r io.Reader) (iter.Seq2[store.Employee, error], error) {
	short := &leash{r: r}
	in := bufio.NewReaderSize(short, 1<<16)
	first, err := in.Peek(in.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if err := judge(first); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(first, []byte(byteOrderMark)) {
		_, _ = in.Discard(len(byteOrderMark)) // was just peeked
	}
	header, _, _ := strings.Cut(string(first), "\n")
	c := csv.NewReader(in)
	c.ReuseRecord, c.FieldsPerRecord = true, -1
	if strings.Count(header, ";") > strings.Count(header, ",") {
		c.Comma = ';'
	}
	names, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("the header cannot be read: %w", err)
	}
	at, err := place(names)
	if err != nil {
		return nil, err
	}
	return (&reader{csv: c, leash: short, width: len(names), at: at, seen: new(seen), next: 2}).rows, nil
}

// judge tells what other kind of file this is.
func judge(first []byte) error {
	switch {
	case len(bytes.TrimSpace(bytes.TrimPrefix(first, []byte(byteOrderMark)))) == 0:
		return errors.New("the file is empty")
	case bytes.HasPrefix(first, []byte("PK\x03\x04")), bytes.HasPrefix(first, []byte("\xd0\xcf\x11\xe0")):
		return errors.New("the file is a spreadsheet: save it as CSV UTF-8")
	case bytes.HasPrefix(first, []byte("\xff\xfe")), bytes.HasPrefix(first, []byte("\xfe\xff")):
		return errors.New("the file is in UTF-16: save it as CSV UTF-8")
	}
	return nil
}

// reader reads the rows of one file.
type reader struct {
	csv   *csv.Reader
	leash *leash
	width int
	at    [columns]int // where a column stands; -1: nowhere
	seen  *seen
	next  int // the line after the last row
}

// rows yields every row.
func (rd *reader) rows(yield func(store.Employee, error) bool) {
	for {
		rd.leash.used = 0
		record, err := rd.csv.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			if !rd.broken(err, yield) {
				return
			}
			continue
		}
		line, _ := rd.csv.FieldPos(0)
		rd.next = rd.after(record)
		if empty(record) {
			continue
		}
		e, err := rd.employee(record, line)
		if !yield(e, err) {
			return
		}
		if len(record) != rd.width && rd.next > line+1 {
			lost(line, yield)
			return
		}
	}
}

// after gives the line after the record that was just read.
func (rd *reader) after(record []string) int {
	last := len(record) - 1
	line, _ := rd.csv.FieldPos(last)
	return line + strings.Count(record[last], "\n") + 1
}

// broken yields a row that is no CSV, and tells whether to go on: a quote that
// spans lines swallowed rows, and nobody knows how many.
func (rd *reader) broken(err error, yield func(store.Employee, error) bool) bool {
	bad := &RowError{Line: rd.next, Column: wholeRow, Reason: errLeash.Error()}
	spans := true
	if !errors.Is(err, errLeash) {
		var parse *csv.ParseError
		if !errors.As(err, &parse) {
			yield(store.Employee{}, fmt.Errorf("read the file: %w", err))
			return false
		}
		bad.Line, bad.Reason = parse.StartLine, "a quote is not closed, or stands inside a value without being doubled"
		rd.next, spans = parse.Line+1, parse.Line > parse.StartLine
	}
	if !yield(store.Employee{}, bad) {
		return false
	}
	if spans {
		lost(bad.Line, yield)
	}
	return !spans
}

func lost(line int, yield func(store.Employee, error) bool) {
	yield(store.Employee{}, fmt.Errorf("line %d: %w", line, ErrLost))
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

// longestRow bounds a row, in bytes: a quote that is never closed must not
// bring the whole file into memory.
const longestRow = 1 << 20

var errLeash = errors.New("has more than a million characters: a quote is not closed")

// leash fails when more than longestRow was read since used was set to 0.
type leash struct {
	r    io.Reader
	used int
}

// Read reads from r.
func (l *leash) Read(p []byte) (int, error) {
	if l.used > longestRow {
		return 0, errLeash
	}
	n, err := l.r.Read(p)
	l.used += n
	return n, err
}
