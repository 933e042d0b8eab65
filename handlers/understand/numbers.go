package understand

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// digits is the number of digits of a token that is a number and nothing else
// but dashes inside and a sign behind; not that of a date or a clock time.
func (t token) digits() (int, bool) {
	text := strings.TrimRight(t.text, "!*#@")
	inside := strings.Trim(text, "0123456789-")
	if t.kind != kindNumber || inside != "" || clock.MatchString(text) && strings.Contains(text, "-") || isoDate.MatchString(text) {
		return countDigits(t.text), false
	}
	return countDigits(text), text != "" && unicode.IsDigit(rune(text[0]))
}

var isoDate = regexp.MustCompile(`^(?:(?:19|20)\d\d-\d{1,2}(?:-\d{1,2})?|\d{1,2}-(?:19|20)\d\d)$`)

var thisYear = regexp.MustCompile(`^20[1-4]\d$`)

// counts tells whether a number counts what follows: "3 kali".
func (g *guard) counts(tokens []token, i int) bool {
	return i+1 < len(tokens) && !tokens[i].ends && g.unit(tokens[i+1])
}

// unit tells whether a token is what is counted; short particles are only
// behind a number without a space.
func (g *guard) unit(t token) bool {
	return g.units[t.lower] && !slices.Contains([]string{"ya", "an", "lah", "nya", "ke"}, t.lower)
}

// labelled tells whether one of the reach words before a number says what it is
// the number of.
func (g *guard) labelled(tokens []token, i, reach int) bool {
	d, _ := tokens[i].digits()
	for _, t := range tokens[max(0, i-reach):i] {
		if t.lower == "ke" && d > 2 {
			continue // "ke-3", but not "ganti ke 20252025"
		}
		if g.labels[t.lower] || len(t.lower) > 1 && g.counted[t.lower] && !g.things[t.lower] {
			return true
		}
	}
	return false
}

// isDigitWord tells whether a word is a digit's name.
func (g *guard) isDigitWord(t token) bool {
	_, ok := g.digitWords[t.lower]
	return ok
}
