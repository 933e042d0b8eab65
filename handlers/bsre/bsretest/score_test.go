package bsretest

import "testing"

func TestScore(t *testing.T) {
	for passphrase, want := range map[string]int{
		"": 0, "a": 0, "123456": 0, "12345678": 0, "password": 0, "aaaaaaaaaaaa": 0, "qwertyuiop": 0, "Rahasia": 0, "r4h4s1a": 0,
		"Rahasia2026": 1, "garuda2026": 1, "x7Q": 1, "Garuda-Merdeka": 2,
		"rahasia-jkt-88": 3, "Kx7$p": 1, "Kx7$pQ": 2, "Kx7$pQ2w": 3, "Kambing-Terbang-88": 4, "éèüößñç@–…": 4,
	} {
		if got := score(passphrase); got != want {
			t.Errorf("%q: %d, want %d (%g guesses)", passphrase, got, want, guess([]rune(passphrase)))
		}
	}
}
