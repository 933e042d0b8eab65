package talk

import (
	"strings"
	"unicode"

	"resetpin/handlers/bsre/outside"
)

// IsCode tells whether the text is six digits and nothing else, perhaps with
// blanks, dots or dashes between.
func IsCode(s string) bool {
	other := strings.IndexFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && !unicode.IsSpace(r) && r != '.' && r != '-'
	})
	return other < 0 && len(outside.Digits(s)) == 6
}
