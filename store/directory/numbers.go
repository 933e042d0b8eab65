// Package directory reads the employee file, and the numbers that employees
// are known by.
//
// A NIP has 18 digits: the birth date, the year and month of appointment (or,
// for contract staff, a number that is no month), 1 or 2 for the sex, and a
// sequence of three; it has no checksum. The old NIP has 9 digits. A NIK has
// 16 digits, and nothing more can be asked of it.
package directory

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// What can be wrong with a number.
var (
	ErrLetters   = errors.New("there is something in it that is no digit")
	ErrBirthDate = errors.New("the first eight digits are no birth date")
	ErrSex       = errors.New("the 15th digit is neither 1 nor 2")
)

// LengthError says that a number has the wrong count of digits.
type LengthError struct{ Want, Got int }

// Error says so.
func (e *LengthError) Error() string { return fmt.Sprintf("it has %d digits, want %d", e.Got, e.Want) }

// ParseNIP reads a NIP; blanks, dots and dashes are dropped. It gives
// ErrLetters, a *LengthError, ErrBirthDate or ErrSex.
func ParseNIP(text string) (string, error) {
	nip, err := number(text, 18)
	if err != nil {
		return "", err
	}
	born, err := time.Parse("20060102", nip[:8])
	if err != nil || born.Year() < 1900 || born.Year() > 2099 {
		return "", ErrBirthDate
	}
	if nip[14] != '1' && nip[14] != '2' {
		return "", ErrSex
	}
	return nip, nil
}

// ParseOldNIP reads an old NIP of 9 digits. It gives ErrLetters or a
// *LengthError.
func ParseOldNIP(text string) (string, error) { return number(text, 9) }

// ParseNIK reads a NIK. It gives ErrLetters or a *LengthError.
func ParseNIK(text string) (string, error) { return number(text, 16) }

// number drops what people put between digits and counts the digits.
func number(text string, want int) (string, error) {
	if len(text) == want && strings.IndexFunc(text, notDigit) < 0 {
		return text, nil
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case !notDigit(r):
			b.WriteRune(r)
		case unicode.IsSpace(r), r == '.', r == '-', r == '\u200b', r == '\ufeff':
		default:
			return "", ErrLetters
		}
	}
	if b.Len() != want {
		return "", &LengthError{Want: want, Got: b.Len()}
	}
	return b.String(), nil
}

func notDigit(r rune) bool { return r < '0' || r > '9' }
