package directory

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"resetpin/store"
)

// RowError is what is wrong with one row of the file. It never holds a NIK.
type RowError struct {
	Line   int    // where the row begins; the header begins in line 1
	Column string // the English name of the column; "row" when it is about the whole row
	Reason string
	NIP    string // whose row it is, 18 digits; empty when that cannot be read
}

// Error says where and what.
func (e *RowError) Error() string {
	return fmt.Sprintf("line %d: %s: %s", e.Line, e.Column, e.Reason)
}

// The longest values, in characters: an answer that shows all of them must
// fit into one chat message.
const (
	longestText  = 500
	longestEmail = 254 // RFC 5321, section 4.5.3.1.3
)

// row is one row on its way to an employee.
type row struct {
	reader *reader
	record []string
	line   int
	nip    string    // once it is known
	err    *RowError // the first that was wrong
}

// employee checks one row.
func (rd *reader) employee(record []string, line int) (store.Employee, error) {
	r := row{reader: rd, record: record, line: line}
	e := r.read()
	if r.err != nil {
		return store.Employee{}, r.err
	}
	return e, nil
}

func (r *row) read() (e store.Employee) {
	if r.count(); r.err != nil {
		return e
	}
	e.NIP = r.ownNIP()
	e.NIK = r.number(colNIK, ParseNIK)
	e.Name = r.text(colName)
	e.Email = r.text(colEmail)
	e.Position, e.Unit, e.Grade = r.text(colPosition), r.text(colUnit), r.text(colGrade)
	if r.field(colOldNIP) != "" {
		e.OldNIP = r.number(colOldNIP, ParseOldNIP)
	}
	e.Active = r.active()
	if e.Name == "" {
		r.bad(colName, "is empty")
	}
	if !validEmail(e.Email) {
		r.bad(colEmail, "is no e-mail address")
	}
	return e
}

// bad notes what is wrong, when it is the first thing.
func (r *row) bad(col int, reason string) {
	if r.err == nil {
		r.err = &RowError{Line: r.line, Column: columnName(col), Reason: reason, NIP: r.nip}
	}
}

// count checks that the row has the header's fields.
func (r *row) count() {
	if len(r.record) != r.reader.width {
		r.err = &RowError{Line: r.line, Column: wholeRow, Reason: fmt.Sprintf("has %d fields, the header has %d", len(r.record), r.reader.width)}
	}
}

// ownNIP reads whose row it is, and that there is no other of theirs: of two
// rows nobody can tell which one is meant.
func (r *row) ownNIP() string {
	nip := r.number(colNIP, ParseNIP)
	if nip == "" {
		return ""
	}
	r.nip = nip
	switch before := r.reader.seen.add(nip, r.line); {
	case before == lastLine:
		r.bad(colNIP, "stands in an earlier line already")
	case before > 0:
		r.bad(colNIP, fmt.Sprintf("stands in line %d already", before))
	}
	return nip
}

// number reads a number, and gives "" when it is wrong.
func (r *row) number(col int, parse func(string) (string, error)) string {
	text := r.field(col)
	n, err := parse(text)
	if err == nil {
		return n
	}
	reason := err.Error()
	if strings.ContainsAny(text, "eE") && strings.ContainsAny(text, ",.+") {
		reason += "; a spreadsheet shortened it: make the column text and save again"
	}
	r.bad(col, reason)
	return ""
}

// text reads words. What cannot be shown (line ends, control characters)
// becomes a blank.
func (r *row) text(col int) string {
	s := r.field(col)
	if plain(s) && len(s) <= longestText {
		return s
	}
	if !utf8.ValidString(s) {
		r.bad(col, "is not UTF-8: save the file as CSV UTF-8")
		return s
	}
	s = strings.Join(strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsGraphic(c) }), " ")
	if n := utf8.RuneCountInString(s); n > longestText {
		r.bad(col, fmt.Sprintf("has %d characters, at most %d", n, longestText))
	}
	return s
}

// plain tells that a text is printable ASCII.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// field gives a value without the blanks around it. The record's strings are
// slices of one string that is made for each row, so they may be kept.
func (r *row) field(col int) string {
	if at := r.reader.at[col]; at >= 0 {
		return strings.TrimSpace(r.record[at])
	}
	return ""
}

func (r *row) active() bool {
	switch strings.ToLower(r.field(colActive)) {
	case "", "ya", "y", "yes", "true", "1", "aktif", "active":
		return true
	case "tidak", "t", "n", "no", "false", "0", "nonaktif", "non-aktif", "non aktif", "tidak aktif", "inactive":
		return false
	}
	r.bad(colActive, "want ya or tidak")
	return false
}

// validEmail judges quickly what nearly all addresses look like, and leaves
// the others to the standard library.
func validEmail(s string) bool {
	local, domain, found := strings.Cut(s, "@")
	if !found || len(s) > longestEmail {
		return false
	}
	if atoms(local) && atoms(domain) {
		return true
	}
	parsed, err := mail.ParseAddress(s)
	return err == nil && parsed.Address == s
}

// atoms tells that s is words of letters, digits, "-", "_" and "+" with single
// dots between them.
func atoms(s string) bool {
	dot := true // what stands before s counts as one
	for i := range len(s) {
		switch c := s[i]; {
		case c == '.' && dot:
			return false
		case c == '.':
			dot = true
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '+':
			dot = false
		default:
			return false
		}
	}
	return !dot
}
