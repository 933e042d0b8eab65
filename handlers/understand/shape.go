package understand

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shape is the form of a token: its runs of capitals, small letters and
// digits, and its signs, up to eight of them.
func shape(text string) string {
	var out []byte
	for _, r := range text {
		c := byte('#')
		switch {
		case unicode.IsUpper(r):
			c = 'A'
		case unicode.IsLetter(r):
			c = 'a'
		case unicode.IsDigit(r):
			c = '0'
		case strings.ContainsRune("./-:,('", r):
			c = byte(r)
		}
		n := len(out)
		if n > 0 && out[n-1] == c && (c != 'A' || n > 1 && out[n-2] == c) {
			continue // two capitals are a short form, one is a name
		}
		if out = append(out, c); n == 7 {
			break
		}
	}
	return string(out)
}

// joined tells whether a token has signs among its letters, but for the dash of
// a word said twice or of one that people talk with.
func (g *guard) joined(t token) bool {
	if strings.ContainsFunc(t.text, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune("-'’", r) }) {
		return true
	}
	a, b, dash := strings.Cut(t.lower, "-")
	return dash && !strings.HasSuffix(a, b) && !strings.HasPrefix(b, a) && !g.talks(g.spell, t.text)
}

// form names what a token with digits or signs is made of: how many names,
// words and words of talk, how many digits, and which signs; 0 for others.
func (g *guard) form(t token) uint64 {
	if t.kind == kindNumber || t.kind == kindPlain && !strings.ContainsFunc(t.text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return 0
	}
	names, words, talk := 0, 0, 0
	for word := range strings.FieldsFuncSeq(t.text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch {
		case named(word):
			names++
		case len(word) > 2 && word == strings.ToLower(word):
			words++
		}
		if len(word) > 1 && g.talks(g.spell, word) {
			talk++
		}
	}
	signs := uint64(0)
	for _, r := range t.text {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
		case strings.ContainsRune(strongSigns, r):
			signs |= 1
		case r == '.':
			signs |= 2
		case strings.ContainsRune("/-:", r):
			signs |= 4
		default:
			signs |= 8
		}
	}
	return clue(3, upTo(names, 2), upTo(words, 2), upTo(talk, 2), upTo(countDigits(t.text), 5), signs)
}

// Forms that nobody writes but in a password: two names with a sign between, a
// name and a number behind a stroke, a number inside a word.
var (
	namesJoined  = regexp.MustCompile(`^\p{L}{2,}[!@#$%^&*+=~|]\p{L}{2,}!?$`)
	nameStroke   = regexp.MustCompile(`^\p{Lu}\p{Ll}{2,}[/._-]\p{L}{3,}\d{1,4}!?$`)
	numberInside = regexp.MustCompile(`^\p{L}{4,}\d{1,4}\p{L}{4,}$`)
)

// invented tells whether a text has one of those forms, with a name in it and a
// word of no talk.
func (g *guard) invented(text string) bool {
	if !slices.ContainsFunc([]*regexp.Regexp{namesJoined, nameStroke, numberInside}, func(form *regexp.Regexp) bool { return form.MatchString(text) }) {
		return false
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.ContainsFunc(words, named) && slices.ContainsFunc(words, func(w string) bool { return len(w) > 1 && !g.talks(g.spell, w) })
}

// tens go out of a PIN of numbers in words: "dua puluh dua tiga puluh tiga".
var tens = regexp.MustCompile(`(?i)\b(?:puluh|belas)\b`)

// dictated tells whether something is told sign by sign: "g a r u d a 1 9 4 5",
// "huruf besar M, lalu elati, terus 2024".
func dictated(text string, tokens []token) bool {
	letters, digits := 0, 0
	for _, t := range tokens {
		switch r, _ := utf8.DecodeRuneInString(t.text); {
		case utf8.RuneCountInString(t.text) != 1:
			letters, digits = 0, 0
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
		if digits > 0 && letters+digits >= 6 {
			return true
		}
	}
	return spelled.MatchString(text)
}

// spelled is a PIN of which the letters are told.
var spelled = regexp.MustCompile(`(?i)\bhuruf \p{L}\b.*\b(?:besar|kecil)\b.*\d|\b(?:huruf )?(?:besar|kecil|kapital|capital|uppercase|lowercase) [b-z]\b.*\d|\b(?:besar|kapital) (?:semua )?(?:terus|trs|lalu)\b.*\d.*\b(?:pagar|bintang|seru|tanda)\b`)

func countDigits(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
