package link

import (
	"errors"
	"resetpin/handlers/talk"
	"resetpin/store/directory"
	"strconv"
	"strings"
	"unicode"
)

// isCode tells whether the text is six digits, perhaps with blanks or dashes
// between them.
func isCode(s string) bool { return onlyNumber(s) && len(talk.Digits(s)) == 6 }

// onlyNumber tells whether there is nothing but digits and what people put
// between them.
func onlyNumber(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && !unicode.IsSpace(r) && r != '.' && r != '-'
	}) < 0
}

// nipMistake gives the text that tells what is wrong with a NIP.
func nipMistake(err error) (key string, values []string) {
	var length *directory.LengthError
	switch {
	case errors.As(err, &length):
		return "nip.length", []string{"got", strconv.Itoa(length.Got)}
	case errors.Is(err, directory.ErrLetters):
		return "nip.letters", nil
	case errors.Is(err, directory.ErrBirthDate):
		return "nip.date", nil
	case errors.Is(err, directory.ErrSex):
		return "nip.sex", nil
	}
	return "nip.letters", nil
}
