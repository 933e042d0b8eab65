package directory

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/mail"
	"slices"
	"strings"

	"resetpin/store"
)

// RowError is what is wrong with one row of the file. It never holds a NIK.
type RowError struct {
	Line   int // of the file, the header being line 1
	Column string
	Reason string
}

// Error says where and what.
func (e *RowError) Error() string {
	return fmt.Sprintf("line %d: %s: %s", e.Line, e.Column, e.Reason)
}

// The columns, each with its Indonesian name beside the English one.
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

func columnNames() [columns][]string {
	return [columns][]string{
		colNIP: {"nip"}, colNIK: {"nik"}, colName: {"name", "nama"}, colEmail: {"email"},
		colPosition: {"position", "jabatan"}, colUnit: {"unit", "unit_terakhir"}, colGrade: {"grade", "golongan"},
		colOldNIP: {"nip_lama"}, colActive: {"active", "aktif"},
	}
}

// Read reads an employee file: CSV in UTF-8, with or without a byte-order
// mark, separated by comma or semicolon, with a header. The error tells what
// is wrong with the header. The sequence gives an employee or a *RowError for
// every row, and ends after any other error.
func Read(r io.Reader) (iter.Seq2[store.Employee, error], error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = in.Discard(3) // just peeked
	}
	first, err := in.Peek(in.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if len(first) == 0 {
		return nil, errors.New("the file is empty")
	}
	header, _, _ := strings.Cut(string(first), "\n")
	c := csv.NewReader(in)
	c.ReuseRecord, c.LazyQuotes, c.FieldsPerRecord = true, false, -1
	if strings.Count(header, ";") > strings.Count(header, ",") {
		c.Comma = ';'
	}
	names, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("the header cannot be read: %w", err)
	}
	rd := &reader{csv: c, width: len(names), seen: newSeen()}
	if err := rd.place(names); err != nil {
		return nil, err
	}
	return rd.rows, nil
}

// reader reads the rows of one file.
type reader struct {
	csv   *csv.Reader
	width int
	at    [columns]int // where a column stands; -1: nowhere
	seen  *seen
}

// place finds the columns in the header.
func (rd *reader) place(header []string) error {
	header = slices.Clone(header)
	for i, h := range header {
		header[i] = strings.ToLower(strings.TrimSpace(h))
	}
	var known []string
	for col, names := range columnNames() {
		rd.at[col] = slices.IndexFunc(header, func(h string) bool { return slices.Contains(names, h) })
		known = append(known, names...)
		if rd.at[col] < 0 && col <= colEmail {
			return fmt.Errorf("the header has no column %s", strings.Join(names, " or "))
		}
	}
	used := make(map[string]bool)
	for _, h := range header {
		if h != "" && !slices.Contains(known, h) {
			return fmt.Errorf("the header has a column %q that is not known; known are %s", h, strings.Join(known, ", "))
		}
		if h != "" && used[h] {
			return fmt.Errorf("the header has the column %q twice", h)
		}
		used[h] = true
	}
	return nil
}

// rows yields every row.
func (rd *reader) rows(yield func(store.Employee, error) bool) {
	for {
		record, err := rd.csv.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			yield(store.Employee{}, &RowError{Line: parse.StartLine, Column: "row", Reason: parse.Err.Error()})
			return // quotes are out of step: what follows cannot be trusted
		}
		if err != nil {
			yield(store.Employee{}, fmt.Errorf("read the file: %w", err))
			return
		}
		line, _ := rd.csv.FieldPos(0)
		e, err := rd.employee(record, line)
		if !yield(e, err) {
			return
		}
	}
}

// employee checks one row.
func (rd *reader) employee(record []string, line int) (store.Employee, error) {
	bad := func(col int, reason string) error {
		return &RowError{Line: line, Column: columnNames()[col][0], Reason: reason}
	}
	if len(record) != rd.width {
		return store.Employee{}, &RowError{Line: line, Column: "row", Reason: fmt.Sprintf("has %d fields, the header has %d", len(record), rd.width)}
	}
	nip, err := ParseNIP(rd.field(record, colNIP))
	if err != nil {
		return store.Employee{}, bad(colNIP, err.Error())
	}
	nik, err := ParseNIK(rd.field(record, colNIK))
	if err != nil {
		return store.Employee{}, bad(colNIK, err.Error())
	}
	e := store.Employee{
		NIP: nip, NIK: nik, Name: rd.field(record, colName), Email: rd.field(record, colEmail), Position: rd.field(record, colPosition),
		Unit: rd.field(record, colUnit), Grade: rd.field(record, colGrade), OldNIP: rd.field(record, colOldNIP),
	}
	if e.Name == "" {
		return store.Employee{}, bad(colName, "is empty")
	}
	if !validEmail(e.Email) {
		return store.Employee{}, bad(colEmail, "is no e-mail address")
	}
	if e.OldNIP != "" {
		if e.OldNIP, err = ParseOldNIP(e.OldNIP); err != nil {
			return store.Employee{}, bad(colOldNIP, err.Error())
		}
	}
	active, ok := parseActive(rd.field(record, colActive))
	if !ok {
		return store.Employee{}, bad(colActive, "want ya or tidak")
	}
	e.Active = active
	if before := rd.seen.add(nip, line); before > 0 {
		return store.Employee{}, bad(colNIP, fmt.Sprintf("stands in line %d already", before))
	}
	return e, nil
}

// field gives a cleaned value. The record's strings are slices of one buffer
// that is allocated per row, so they may be kept.
func (rd *reader) field(record []string, col int) string {
	if rd.at[col] < 0 {
		return ""
	}
	return strings.TrimSpace(record[rd.at[col]])
}

// validEmail judges quickly what nearly all addresses look like, and leaves
// the others to the standard library.
func validEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	if at < 1 || at == len(s)-1 || len(s) > 254 || strings.ContainsAny(s, " \t\r\n<>,;\"()") {
		return false
	}
	if plain := strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(".-_@+", r)
	}) < 0; plain && strings.Count(s, "@") == 1 && !strings.Contains(s, "..") && s[at+1] != '.' && s[len(s)-1] != '.' && s[0] != '.' && s[at-1] != '.' {
		return true
	}
	parsed, err := mail.ParseAddress(s)
	return err == nil && parsed.Address == s
}

func parseActive(s string) (active, ok bool) {
	switch strings.ToLower(s) {
	case "", "ya", "y", "yes", "true", "1", "aktif", "active":
		return true, true
	case "tidak", "t", "n", "no", "false", "0", "nonaktif", "inactive", "tidak aktif":
		return false, true
	}
	return false, false
}

// seen remembers NIPs with the line they stood in, 12 bytes or so each: an
// import of four million employees fits beside everything else.
type seen struct{ lines map[uint64]uint32 }

func newSeen() *seen { return &seen{lines: make(map[uint64]uint32)} }

// add gives the line of an earlier row with the same NIP, or 0.
func (s *seen) add(nip string, line int) int {
	var n uint64
	for i := range len(nip) {
		n = n*10 + uint64(nip[i]-'0')
	}
	if before, ok := s.lines[n]; ok {
		return int(before)
	}
	s.lines[n] = uint32(line)
	return 0
}
