// Package outside makes words that others wrote fit to be kept and shown.
package outside

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// maxDigits is the longest number that is kept: a longer one in a sentence may
// be a NIK or a phone's.
const maxDigits = 8

// Clean makes words from outside fit to be kept and shown: plain text on one
// line, without tags, control and invisible characters and long numbers, at
// most n runes.
func Clean(s string, n int) string {
	if plain(s, n) {
		return s
	}
	if strings.ContainsAny(s, "<&") {
		s = textOf(s)
	}
	var b strings.Builder
	space, runes := false, 0
	for _, r := range strings.ToValidUTF8(s, "") {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if !unicode.IsPrint(r) {
			continue
		}
		if space && runes > 0 {
			b.WriteByte(' ')
			runes++
		}
		if runes >= n {
			break
		}
		space = false
		b.WriteRune(r)
		runes++
	}
	return hideNumbers(FirstRunes(b.String(), n))
}

// plain tells whether there is nothing to clean; most answers are so.
func plain(s string, n int) bool {
	if len(s) > n {
		return false
	}
	digits := 0
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' {
			digits++
		} else {
			digits = 0
		}
		if c < ' ' || c > '~' || c == '<' || c == '&' || digits > maxDigits {
			return false
		}
		if c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

// FirstRunes gives the first n runes of a text.
func FirstRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return strings.TrimSpace(s[:i])
		}
		n--
	}
	return s
}

// textOf gives the text of HTML, without what scripts and styles hold. Text
// that merely has a "<" in it stays text.
func textOf(s string) string {
	var b strings.Builder
	hidden := 0
	tokens := html.NewTokenizer(strings.NewReader(s))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if hidden == 0 {
				b.Write(tokens.Text())
			}
		case html.StartTagToken:
			hidden += hides(tokens)
			b.WriteByte(' ')
		case html.EndTagToken:
			hidden = max(0, hidden-hides(tokens))
			b.WriteByte(' ')
		default:
			b.WriteByte(' ')
		}
	}
}

// Digits drops everything but the digits 0 to 9: people write numbers in many
// ways.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// hides is 1 for a tag whose text is not for readers.
func hides(tokens *html.Tokenizer) int {
	switch name, _ := tokens.TagName(); string(name) {
	case "script", "style", "title":
		return 1
	}
	return 0
}

// hideNumbers puts "…" in the place of long numbers: BSrE may repeat the NIK
// it was asked for, and a sentence is kept and shown.
func hideNumbers(s string) string {
	var b strings.Builder
	start := -1 // where the digits began
	for i := 0; i <= len(s); i++ {
		digit := i < len(s) && s[i] >= '0' && s[i] <= '9'
		switch {
		case digit && start < 0:
			start = i
		case !digit && start >= 0:
			if i-start > maxDigits {
				b.WriteString("…")
			} else {
				b.WriteString(s[start:i])
			}
			start = -1
		}
		if !digit && i < len(s) {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
