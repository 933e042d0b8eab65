package directory

import (
	"errors"
	"strings"
	"testing"
)

func TestParseNIP(t *testing.T) {
	tests := []struct {
		text string
		want string
		err  error
	}{
		{"198001012005011001", "198001012005011001", nil},
		{" 19800101 200501 1 001 ", "198001012005011001", nil},
		{"19800101.200501.1.001", "198001012005011001", nil},
		{"19800101-200501-2-001", "198001012005012001", nil},
		{"19800101–200501—1\u00a0001\u200b", "198001012005011001", nil}, // as a word processor writes it
		{"199403072024211008", "199403072024211008", nil},               // contract staff: 21 is no month
		{"200002292024211008", "200002292024211008", nil},
		{"19800101200501100", "", &LengthError{18, 17}},
		{"1980010120050110011", "", &LengthError{18, 19}},
		{strings.Repeat("1", 5000), "", &LengthError{18, 5000}},
		{"", "", &LengthError{18, 0}},
		{"19800101200501100l", "", ErrLetters},
		{"198002302005011001", "", ErrBirthDate},
		{"190002292024211008", "", ErrBirthDate}, // 1900 was no leap year
		{"000001012005011001", "", ErrBirthDate},
		{"189912312005011001", "", ErrBirthDate},
		{"210001012005011001", "", ErrBirthDate},
		{"198001012005010001", "", ErrSex},
		{"198001012005013001", "", ErrSex},
		{"１９８００１０１２００５０１１００１", "", ErrLetters}, // full-width digits
		{"1980010120050110\xff1", "", ErrLetters},
	}
	for _, tt := range tests {
		got, err := ParseNIP(tt.text)
		if got != tt.want || !same(err, tt.err) {
			t.Errorf("ParseNIP(%.40q) = %q, %v; want %q, %v", tt.text, got, err, tt.want, tt.err)
		}
	}
}

// same compares errors as callers do.
func same(got, want error) bool {
	var g, w *LengthError
	if errors.As(want, &w) {
		return errors.As(got, &g) && *g == *w
	}
	return errors.Is(got, want)
}

func TestParseOldNIPAndNIK(t *testing.T) {
	tests := []struct {
		parse func(string) (string, error)
		text  string
		want  string
		err   error
	}{
		{ParseOldNIP, "060.012-345", "060012345", nil},
		{ParseOldNIP, "60012345", "", &LengthError{9, 8}}, // a spreadsheet took the zero away
		{ParseOldNIP, "06001234x", "", ErrLetters},
		{ParseNIK, "3171 0101 0180 0001", "3171010101800001", nil},
		{ParseNIK, "317101010180000", "", &LengthError{16, 15}},
		{ParseNIK, "3,17101E+15", "", ErrLetters},
	}
	for _, tt := range tests {
		got, err := tt.parse(tt.text)
		if got != tt.want || !same(err, tt.err) {
			t.Errorf("%q: %q, %v; want %q, %v", tt.text, got, err, tt.want, tt.err)
		}
	}
}

func FuzzParseNIP(f *testing.F) {
	for _, s := range []string{"198001012005011001", "1980 0101 2005", "", "\ufeff198001012005011001", "19800101–200501-2.001", "200002302005011001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		nip, err := ParseNIP(s)
		if err != nil {
			var length *LengthError
			if !errors.As(err, &length) && !errors.Is(err, ErrLetters) && !errors.Is(err, ErrBirthDate) && !errors.Is(err, ErrSex) {
				t.Errorf("ParseNIP(%q): an error of no known kind: %v", s, err)
			}
			return
		}
		if again, err := ParseNIP(nip); err != nil || again != nip || len(nip) != 18 {
			t.Errorf("ParseNIP(%q) = %q, and again %q, %v", s, nip, again, err)
		}
	})
}
