package talk

import "strings"

// Digits drops everything but the digits 0 to 9.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
