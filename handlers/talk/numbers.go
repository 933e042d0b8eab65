package talk

import (
	"strings"
	"unicode"
)

// Digits drops everything but the digits 0 to 9.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// IsCode tells whether the text is six digits and nothing else, perhaps with
// blanks, dots or dashes between.
func IsCode(s string) bool {
	other := strings.IndexFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && !unicode.IsSpace(r) && r != '.' && r != '-'
	})
	return other < 0 && len(Digits(s)) == 6
}
