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

// The digits of each number, and the years that a birth date may have.
const (
	nipDigits    = 18
	oldNIPDigits = 9
	nikDigits    = 16
	firstYear    = 1900
	lastYear     = 2099
)

// ParseNIP reads a NIP; blanks, dots and dashes are dropped. It gives
// ErrLetters, a *LengthError, ErrBirthDate or ErrSex.
func ParseNIP(text string) (string, error) {
	nip, err := number(text, nipDigits)
	if err != nil {
		return "", err
	}
	born, err := time.Parse("20060102", nip[:8])
	if err != nil || born.Year() < firstYear || born.Year() > lastYear {
		return "", ErrBirthDate
	}
	if nip[14] != '1' && nip[14] != '2' {
		return "", ErrSex
	}
	return nip, nil
}

// ParseOldNIP reads an old NIP of 9 digits. It gives ErrLetters or a
// *LengthError.
func ParseOldNIP(text string) (string, error) { return number(text, oldNIPDigits) }

// ParseNIK reads a NIK of 16 digits. It gives ErrLetters or a *LengthError;
// neither holds any of its digits.
func ParseNIK(text string) (string, error) { return number(text, nikDigits) }

// number drops what people put between digits and counts the digits.
func number(text string, want int) (string, error) {
	if len(text) == want && strings.IndexFunc(text, notDigit) < 0 {
		return text, nil
	}
	var b strings.Builder
	got := 0
	for _, r := range text {
		switch {
		case !notDigit(r):
			if got++; got <= want { // however long the text is, no more is kept
				b.WriteRune(r)
			}
		case between(r):
		default:
			return "", ErrLetters
		}
	}
	if got != want {
		return "", &LengthError{Want: want, Got: got}
	}
	return b.String(), nil
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

// between tells what may stand between digits: blanks, dots, dashes (a word
// processor's long ones too), and the invisible marks that come with copying.
func between(r rune) bool {
	return unicode.IsSpace(r) || r == '.' || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r)
}
