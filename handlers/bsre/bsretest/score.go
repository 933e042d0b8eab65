package bsretest

import (
	"slices"
	"strings"
	"unicode"
)

// score is the strength of a passphrase, 0 to 4. It is zxcvbn's in small: how
// many guesses somebody needs who knows words, years, rows of keys and
// repetitions, on zxcvbn's scale. The library itself reads its dictionaries
// whenever a program that holds it starts (40 ms, 6 MB), so it is not used.
func score(passphrase string) int {
	guesses := guess([]rune(passphrase))
	for i, limit := range []float64{1e3, 1e6, 1e8, 1e10} {
		if guesses < limit {
			return i
		}
	}
	return 4
}

// guess multiplies the guesses for the pieces, for every order that the
// pieces could have.
func guess(s []rune) float64 {
	guesses, pieces, alone := 1.0, 0, false
	for len(s) > 0 {
		n, g := piece(s)
		if n == 1 {
			g = 10 // zxcvbn's guesses for a character that fits nothing
		}
		if n > 1 || !alone {
			pieces++
			guesses *= float64(min(pieces, 20))
		}
		alone = n == 1
		guesses *= g
		s = s[n:]
	}
	return guesses
}

// piece finds the longest thing that an attacker knows at the beginning, and
// how many guesses it takes; 1 rune when there is none.
func piece(s []rune) (n int, guesses float64) {
	n, guesses = 1, 10
	take := func(length int, g float64) {
		if length > n {
			n, guesses = length, g
		}
	}
	plain := []rune(plainLetters(s))
	for rank, w := range commonWords() {
		if strings.HasPrefix(string(plain), w) {
			take(len(w), float64(20*(rank+1))*variants(s[:len(w)], w))
		}
	}
	if len(s) >= 4 && (string(s[:2]) == "19" || string(s[:2]) == "20") && unicode.IsDigit(s[2]) && unicode.IsDigit(s[3]) {
		take(4, 120)
	}
	if length := run(s); length >= 3 {
		take(length, float64(8*length))
	}
	if length := same(s); length >= 3 {
		take(length, float64(12*length))
	}
	return n, guesses
}

// plainLetters undoes capitals and the digits that stand for letters.
func plainLetters(s []rune) string {
	return strings.Map(func(r rune) rune {
		const from, to = "01345$@!7", "oieassait"
		if i := strings.IndexRune(from, r); i >= 0 {
			return rune(to[i])
		}
		return unicode.ToLower(r)
	}, string(s))
}

// variants is how many ways of writing a word must be tried.
func variants(s []rune, w string) float64 {
	v := 1.0
	if slices.ContainsFunc(s, unicode.IsUpper) {
		v *= 2
	}
	if !strings.EqualFold(string(s), w) {
		v *= 4
	}
	return v
}

// run is how many runes follow a row of keys, in either direction.
func run(s []rune) int {
	best := 1
	for _, row := range []string{"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"} {
		for _, step := range []int{1, -1} {
			at, n := strings.IndexRune(row, unicode.ToLower(s[0])), 0
			for at >= 0 && at < len(row) && n < len(s) && rune(row[at]) == unicode.ToLower(s[n]) {
				at, n = at+step, n+1
			}
			best = max(best, n)
		}
	}
	return best
}

// same is how often the first rune is repeated.
func same(s []rune) int {
	n := 1
	for n < len(s) && s[n] == s[0] {
		n++
	}
	return n
}

// commonWords are what passphrases in Indonesia are made of, the most usual
// first.
func commonWords() []string {
	return []string{
		"password", "rahasia", "qwerty", "indonesia", "sayang", "admin", "bismillah", "cinta", "jakarta", "garuda", "merdeka", "passphrase",
		"katasandi", "pegawai", "negara", "kementerian", "keuangan", "pancasila", "kucing", "anjing", "bunga", "bandung", "surabaya", "keluarga",
		"welcome", "letmein", "iloveyou", "dragon", "master", "monkey", "football", "princess", "esign", "bsre", "bssn", "tanda", "tangan",
		"januari", "februari", "maret", "april", "juni", "juli", "agustus", "september", "oktober", "november", "desember", "senin", "selasa",
	}
}
