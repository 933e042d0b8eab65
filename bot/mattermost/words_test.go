package mattermost

import "testing"

// A request beside a colleague names no team, and a restarted bot remembers
// none: then no link may lead nowhere.
func TestWhereNoAddressIsKnownTheWordsStay(t *testing.T) {
	for _, c := range []struct{ sentence, address, want string }{
		{"Lanjut di [pesan langsung]({link}).", "https://chat.contoh.go.id/kantor/messages/@bot", "Lanjut di [pesan langsung](https://chat.contoh.go.id/kantor/messages/@bot)."},
		{"Lanjut di [pesan langsung]({link}).", "", "Lanjut di pesan langsung."},
		{"Tunggu.", "", "Tunggu."},
	} {
		if got := linked(c.sentence, c.address); got != c.want {
			t.Errorf("linked(%q, %q) = %q, want %q", c.sentence, c.address, got, c.want)
		}
	}
}
