package directory

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"resetpin/store"
)

// RowError is all that is wrong with one row of the file. It never holds a
// NIK.
type RowError struct {
	Line   int    // where the row begins; the file begins with line 1
	NIP    string // whose row it is, 18 digits; empty when that cannot be read
	Faults []Fault
}

// Fault is one thing that is wrong with a row.
type Fault struct {
	Column string // nip, nik, name, …, or "row" when it is about the whole row
	Reason string
}

// wholeRow stands for a column in a Fault about the whole row.
const wholeRow = "row"

// Error says where and what.
func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reasons()) }

// Reasons says what is wrong, without the line.
func (e *RowError) Reasons() string {
	var all []string
	for _, f := range e.Faults {
		all = append(all, f.String())
	}
	return strings.Join(all, "; ")
}

// String gives column and reason.
func (f Fault) String() string { return f.Column + ": " + f.Reason }

// The longest values, in characters: an answer that shows all of them must
// fit into one chat message.
const (
	longestText  = 500
	longestEmail = 254 // RFC 5321, section 4.5.3.1.3
)

// row is one row on its way to an employee.
type row struct {
	file   *File
	fields []string
	line   int
	nip    string // once it is known
	faults []Fault
}

// employee checks one row. What is wrong with a value that the bot can do
// without costs that value, and is counted.
func (f *File) employee(l line) (store.Employee, *RowError) {
	r := row{file: f, fields: l.fields, line: l.at}
	e := r.read()
	if r.faults != nil {
		return store.Employee{}, &RowError{Line: r.line, NIP: r.nip, Faults: r.faults}
	}
	f.sense.look(e, r.line)
	return e, nil
}

func (r *row) read() (e store.Employee) {
	if !r.count() {
		return e
	}
	e.NIP = r.ownNIP()
	e.NIK = r.number(colNIK, ParseNIK)
	e.Name = r.text(colName, r.bad)
	e.Email = r.email()
	e.Position, e.Unit, e.Grade = r.text(colPosition, r.doWithout), r.text(colUnit, r.doWithout), r.text(colGrade, r.doWithout)
	e.OldNIP = r.oldNIP()
	e.Active = r.active()
	if e.Name == "" {
		r.bad(colName, "is empty")
	}
	return e
}

// bad notes what is wrong.
func (r *row) bad(col int, reason string) {
	name := columnName(col)
	for _, f := range r.faults {
		if f.Column == name {
			return // one word about a value is enough
		}
	}
	r.faults = append(r.faults, Fault{name, reason})
}

// doWithout counts what is wrong with a value that is left out.
func (r *row) doWithout(col int, reason string) {
	r.file.sense.note(r.line, columnName(col)+": "+reason+"; the value was left out")
}

// count checks that the row has the header's fields; values beyond them may be
// empty. Rows of a sheet end where their last value is.
func (r *row) count() bool {
	n, width := len(r.fields), r.file.table.width
	if n == width || !r.file.strict && n < width || n > width && empty(r.fields[width:]) {
		return true
	}
	if nip, err := ParseNIP(bare(r.file.layout.field(r.fields, colNIP))); err == nil {
		r.nip = nip
	}
	r.faults = []Fault{{wholeRow, fmt.Sprintf("has %d fields, the header has %d", n, width)}}
	return false
}

// ownNIP reads whose row it is, and that there is no other of theirs: of two
// rows nobody can tell which one is meant.
func (r *row) ownNIP() string {
	nip := r.number(colNIP, ParseNIP)
	if nip == "" {
		return ""
	}
	r.nip = nip
	if before := r.file.seen.add(digitsOf(nip), r.line); before > 0 {
		r.bad(colNIP, fmt.Sprintf("stands in line %d already", before))
	}
	return nip
}

// number reads a number, and gives "" when it is wrong.
func (r *row) number(col int, parse func(string) (string, error)) string {
	text := bare(r.field(col))
	n, err := parse(text)
	if err == nil {
		return n
	}
	if text == "" {
		r.bad(col, "is empty")
		return ""
	}
	reason := err.Error()
	if shortened(text) {
		reason += "; a spreadsheet shortened it, and the digits are lost: make the column text, fill it in anew and save again"
	}
	r.bad(col, reason)
	return ""
}

// shortened tells 1,99001E+17.
func shortened(text string) bool {
	return strings.ContainsAny(text, "eE") && strings.ContainsAny(text, ",.+") && strings.IndexFunc(text, func(r rune) bool {
		return !strings.ContainsRune("0123456789eE+-,. ", r)
	}) < 0
}

// bare takes off what keeps a spreadsheet from calculating with a number (an
// apostrophe), and what one that did so left behind (".0").
func bare(s string) string {
	if s == "" || s[0] >= '0' && s[0] <= '9' && !strings.HasSuffix(s, ".0") {
		return s
	}
	return strings.TrimSuffix(strings.TrimLeft(s, "'’‘`´"), ".0")
}

// oldNIP reads the old number, which nobody needs.
func (r *row) oldNIP() string {
	text := bare(r.field(colOldNIP))
	if text == "" || text == "-" || text == "0" {
		return ""
	}
	n, err := ParseOldNIP(text)
	if err != nil {
		r.doWithout(colOldNIP, err.Error())
	}
	return n
}

// text reads words. What cannot be shown (line ends, control characters)
// becomes a blank. wrong is told what is wrong with them.
func (r *row) text(col int, wrong func(col int, reason string)) string {
	s := r.field(col)
	if plain(s) && len(s) <= longestText {
		return s
	}
	if !utf8.ValidString(s) {
		wrong(col, "is not UTF-8: save the file as CSV UTF-8, or say what it is with --encoding")
		return ""
	}
	s = strings.Join(strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsGraphic(c) }), " ")
	if n := utf8.RuneCountInString(s); n > longestText {
		wrong(col, fmt.Sprintf("has more than %d characters", longestText))
		return ""
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

// field gives a value, out of the formula ="…" that it may stand in.
func (r *row) field(col int) string {
	s := r.file.layout.field(r.fields, col)
	if strings.HasPrefix(s, `="`) && strings.HasSuffix(s, `"`) && len(s) > 2 {
		return strings.TrimSpace(s[2 : len(s)-1])
	}
	return s
}

// email reads the official address.
func (r *row) email() string {
	s := r.text(colEmail, r.bad)
	s = strings.TrimPrefix(s, "mailto:")
	switch {
	case s == "":
		r.bad(colEmail, "is empty")
	case !validEmail(s):
		r.bad(colEmail, "is no e-mail address")
	case !strings.Contains(s[strings.LastIndexByte(s, '@'):], "."):
		r.bad(colEmail, "has no dot in its domain: a mail server on the internet would not find it")
	}
	return s
}

func (r *row) active() bool {
	text := r.field(colActive)
	switch text {
	case "", "ya", "1", "Aktif":
		return true
	}
	text = plainWords(text)
	words := r.file.words
	switch {
	case text == "", saysOneOf(text, words.Active):
		return true
	case !saysOneOf(text, words.Inactive):
		r.bad(colActive, "want ya or tidak, or a known word such as Aktif, Pensiun, CLTN")
	}
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
