package directory

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// ErrLost says that a quote in the file is out of step, so that nobody knows
// where its rows begin and end from there on.
var ErrLost = errors.New("the quotes are out of step from there on, and the rest of the file cannot be read; mend that row first")

// peeked is how much of a file is looked at before it is read.
const peeked = 1 << 16

// csvTable reads text in columns (RFC 4180), separated by whatever finds the
// best header.
type csvTable struct {
	csv   *csv.Reader
	leash *leash
	skip  int // lines before the first that csv sees
	last  int // the line after the last row
}

var (
	separatorLine = regexp.MustCompile(`^sep=(.)\r?\n`)                           // a line of Excel's own
	formulaCell   = regexp.MustCompile(`(?m)(^|[;,\t|])="[^"\n]*"\r?([;,\t|]|$)`) // ="199001…", so that a spreadsheet leaves the number alone
)

// openCSV takes the text of a file in UTF-8, without a byte-order mark.
func (w *words) openCSV(r io.Reader, o Options) (table, error) {
	t := &csvTable{leash: &leash{r: r}, last: 1}
	in := bufio.NewReaderSize(t.leash, peeked)
	first, err := in.Peek(peeked)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	text := string(first)
	if strings.TrimSpace(text) == "" {
		return nil, errors.New("the file is empty")
	}
	var comma rune
	if m := separatorLine.FindStringSubmatch(text); m != nil {
		comma, t.skip, text = []rune(m[1])[0], 1, text[len(m[0]):]
		_, _ = in.Discard(len(m[0])) // was just peeked
	} else {
		comma = w.separator(text, o)
	}
	var source io.Reader = in
	if formulaCell.MatchString(text) {
		source = &formulas{in: in, comma: byte(comma), start: true}
	}
	t.csv = newCSV(source, comma)
	t.csv.ReuseRecord = true
	return t, nil
}

func newCSV(r io.Reader, comma rune) *csv.Reader {
	c := csv.NewReader(r)
	c.FieldsPerRecord, c.Comma = -1, comma
	return c
}

// separator gives what separates the columns: of all that may, the one with
// which the best header is found.
func (w *words) separator(text string, o Options) rune {
	best, most, wide := ',', -1, 0
	for _, comma := range []rune{',', ';', '\t', '|'} {
		l, rest, _ := w.begin(&csvTable{csv: newCSV(strings.NewReader(text), comma), leash: &leash{}}, o)
		if rest == nil {
			continue
		}
		if l.found > most || l.found == most && rest.width > wide {
			best, most, wide = comma, l.found, rest.width
		}
	}
	return best
}

func (t *csvTable) next() (line, error) {
	t.leash.used = 0
	record, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return line{}, io.EOF
	}
	if err != nil {
		return line{}, t.broken(err)
	}
	l := line{fields: record}
	l.at, _ = t.csv.FieldPos(0)
	l.at += t.skip
	last := len(record) - 1
	end, _ := t.csv.FieldPos(last)
	t.last = end + t.skip + strings.Count(record[last], "\n") + 1
	l.spans = t.last > l.at+1
	return l, nil
}

// broken explains a row that is no CSV: a quote that spans lines swallowed
// rows, and nobody knows how many.
func (t *csvTable) broken(err error) error {
	bad := &brokenRow{at: t.last, reason: errLeash.Error(), lost: true}
	if errors.Is(err, errLeash) {
		return bad
	}
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	bad.at, bad.reason = parse.StartLine+t.skip, "a quote is not closed, or stands inside a value without being doubled"
	t.last, bad.lost = parse.Line+t.skip+1, parse.Line > parse.StartLine
	return bad
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

// formulas takes the sign of equality before a quoted value, so that ="1990…"
// is read as what it shows.
type formulas struct {
	in     *bufio.Reader
	comma  byte
	quoted bool // inside quotes
	start  bool // at the start of a value
}

// Read reads from in.
func (f *formulas) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		c, err := f.in.ReadByte()
		if err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, err
		}
		if f.start && c == '=' {
			if next, err := f.in.Peek(1); err == nil && next[0] == '"' {
				continue // the quote is still at the start
			}
		}
		if c == '"' {
			f.quoted = !f.quoted
		}
		f.start = !f.quoted && (c == f.comma || c == '\n')
		p[n] = c
		n++
		if c == '\n' && f.in.Buffered() == 0 {
			return n, nil
		}
	}
	return n, nil
}
