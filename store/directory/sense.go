package directory

import (
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"resetpin/store"
)

// Finding is something that is odd about several rows.
type Finding struct {
	Text  string
	Count int
	Lines []int // the first few
}

// shownLines is how many lines of a finding are kept.
const shownLines = 3

// String says how often, what and where.
func (f Finding) String() string {
	var lines []string
	for _, l := range f.Lines {
		lines = append(lines, strconv.Itoa(l))
	}
	more := ""
	if f.Count > len(f.Lines) {
		more = ", …"
	}
	word := "lines"
	if f.Count == 1 {
		word = "line"
	}
	return fmt.Sprintf("%s (%d: %s %s%s)", f.Text, f.Count, word, strings.Join(lines, ", "), more)
}

// sense looks at what the rows say, when their form is right.
type sense struct {
	findings map[string]*Finding
	order    []string

	addresses seen
	seed      maphash.Seed
	private   map[string]bool
	official  []string
	domain    string // the last that was judged, and the judgement
	odd       string

	rows     int
	nipZeros int // NIPs that end in 000
	nikZeros int // NIKs that end in 0000
	nikZero  int // NIKs that end in 0
	nipFloat int // NIPs that are multiples of 32
}

func (s *sense) start(w *words, o Options) {
	s.findings, s.addresses, s.seed = make(map[string]*Finding), make(seen), maphash.MakeSeed()
	s.private = make(map[string]bool)
	for _, d := range w.Private {
		s.private[d] = true
	}
	for _, d := range o.Domains {
		s.official = append(s.official, strings.ToLower(strings.TrimPrefix(d, "@")))
	}
}

// note counts something odd.
func (s *sense) note(line int, text string) {
	f := s.findings[text]
	if f == nil {
		f = &Finding{Text: text}
		s.findings[text], s.order = f, append(s.order, text)
	}
	if f.Count++; len(f.Lines) < shownLines {
		f.Lines = append(f.Lines, line)
	}
}

const (
	foundShared   = "email: somebody else has the same address, who would read the codes too"
	foundPrivate  = "email: a private address; the official one is wanted, which ends with the office"
	foundOutside  = "email: not one of MAIL_DOMAINS"
	foundBirthday = "nik: its birth date is not the NIP's; is it somebody else's?"
	foundNIPCut   = "nip: ends in 000; a spreadsheet may have cut it after 15 digits"
	foundNIKCut   = "nik: ends in 0000; a spreadsheet may have cut it"
)

// look looks at a good row.
func (s *sense) look(e store.Employee, line int) {
	s.rows++
	s.lookAtAddress(e.Email, line)
	if !sameBirthday(e.NIP, e.NIK) {
		s.note(line, foundBirthday)
	}
	if strings.HasSuffix(e.NIP, "000") {
		s.nipZeros++
		s.note(line, foundNIPCut)
	}
	if strings.HasSuffix(e.NIK, "0") {
		s.nikZero++
		if strings.HasSuffix(e.NIK, "0000") {
			s.nikZeros++
			s.note(line, foundNIKCut)
		}
	}
	if digitsOf(e.NIP)%32 == 0 {
		s.nipFloat++
	}
}

func (s *sense) lookAtAddress(email string, line int) {
	at := strings.LastIndexByte(email, '@')
	if domain := email[at+1:]; domain != s.domain {
		s.domain, s.odd = domain, s.check(strings.ToLower(domain))
	}
	if s.odd != "" {
		s.note(line, s.odd)
	}
	if s.addresses.add(maphash.String(s.seed, strings.ToLower(email)), line) > 0 {
		s.note(line, foundShared)
	}
}

// check tells what is odd about a mail domain; "" when nothing is.
func (s *sense) check(domain string) string {
	if len(s.official) == 0 {
		if s.private[domain] {
			return foundPrivate
		}
		return ""
	}
	if slices.ContainsFunc(s.official, func(d string) bool { return domain == d || strings.HasSuffix(domain, "."+d) }) {
		return ""
	}
	return foundOutside
}

// sameBirthday compares the birth dates of a NIP (yyyymmdd) and a NIK (ddmmyy
// from the seventh digit, with 40 added to the day for women:
// Peraturan Presiden 96/2018 on population administration).
func sameBirthday(nip, nik string) bool {
	day := (nik[6]-'0')*10 + nik[7] - '0'
	if day > 40 {
		day -= 40
	}
	return nip[6]-'0' == day/10 && nip[7]-'0' == day%10 && nip[4:6] == nik[8:10] && nip[2:4] == nik[10:12]
}

// errCut says that a spreadsheet took a number's last digits.
var errCut = errors.New("a spreadsheet keeps only 15 digits of a number, and took the last ones: " +
	"in the source make the columns NIP and NIK text, fill them in anew, and save again; the digits in this file are lost")

// few is how many rows that look cut are no proof.
const few = 2

// Cut says, after the rows, that their numbers were cut: nothing of them may
// be used. Running numbers begin with 001, so that 000 is no chance; should an
// office number otherwise, one in a thousand is.
func (f *File) Cut() error {
	s := f.sense
	switch {
	case s.nipZeros > few && s.nipZeros*500 > s.rows:
		return fmt.Errorf("%d of %d NIPs end in 000: %w", s.nipZeros, s.rows, errCut)
	case s.nikZeros > few && s.nikZeros*5000 > s.rows:
		return fmt.Errorf("%d of %d NIKs end in 0000: %w", s.nikZeros, s.rows, errCut)
	case s.rows > few && s.nikZero == s.rows:
		return fmt.Errorf("all %d NIKs end in 0: %w", s.rows, errCut)
	case s.rows > few && s.nipFloat == s.rows:
		return fmt.Errorf("all %d NIPs are multiples of 32, as computers round numbers of 18 digits: %w", s.rows, errCut)
	}
	return nil
}

// Findings tells, after the rows, what is odd about them.
func (f *File) Findings() []Finding {
	var out []Finding
	for _, text := range f.sense.order {
		out = append(out, *f.sense.findings[text])
	}
	if s := f.sense; s.nikZero == s.rows && s.nikZeros == 0 && s.rows > 0 && s.rows <= few {
		out = append(out, Finding{Text: "nik: all end in 0; a spreadsheet may have cut them", Count: s.rows})
	}
	return out
}
