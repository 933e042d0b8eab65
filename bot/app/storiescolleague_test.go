package app_test

import (
	"regexp"
	"strings"
	"testing"
)

var saidCode = regexp.MustCompile(`\d\d – \d\d`)

// An officer on the telephone makes sure that it is really the employee, and
// the employee that it is really an officer.
func TestIsItReallyOurColleague(t *testing.T) {
	t.Run("telegram", func(t *testing.T) {
		w, desk := withForum(t)
		colleagues(t, w, w.telegramPerson(7001), &inForum{desk: desk, id: 901})
	})
	t.Run("mattermost", func(t *testing.T) {
		w, desk := withChannel(t)
		colleagues(t, w, w.mattermostPerson("sari"), desk)
	})
	t.Run("across", func(t *testing.T) {
		w, desk := withChannel(t)
		colleagues(t, w, w.telegramPerson(7001), desk)
	})
}

func colleagues(t *testing.T, w *world, p person, rina officer) {
	t.Helper()
	e := linked(t, w, p, "ISSUE")
	p.Types("apakah benar ada petugas yang menangani saya?")
	offers(t, sees(t, p, "Tidak ada petugas yang sedang menangani", "tidak pernah meminta PIN"), "Ada yang mengaku petugas")
	p.Types("mau bicara dengan orang")
	p.Presses("Kirim ke petugas")
	sees(t, p, "Tiket #1")
	p.Types("benar ga sih ada petugas yang pegang tiket saya")
	sees(t, p, "Belum ada petugas")
	rina.opens(1, "#1 "+e.Name)
	rina.calls("nama Bu Rina")
	reads(t, w, rina, "Pegawai melihat Anda sebagai Bu Rina")
	rina.presses("Ambil")
	sees(t, p, "Bu Rina menangani tiket #1")
	p.Types("benarkah ada petugas yang sedang menangani saya")
	sees(t, p, "Ya. Bu Rina menangani tiket #1")
	if all := strings.Join(rina.texts(), "\n"); strings.Contains(all, "benarkah ada petugas") {
		t.Errorf("the question is carried to whom it is about: %s", all)
	}

	rina.calls("telepon " + e.NIP)
	reads(t, w, rina, e.Name+" ditanya di", "Kode:")
	code := saidCode.FindString(strings.Join(rina.texts(), "\n"))
	offers(t, sees(t, p, "Bu Rina mengatakan sedang menelepon Anda", code), "Ya, kodenya sama", "Tidak")
	p.Presses("Ya, kodenya sama")
	sees(t, p, "tahu bahwa itu Anda")
	reads(t, w, rina, e.Name+" menekan Ya", code)

	rina.presses("Tindakan")
	rina.presses("Saya sedang menelepon")
	sees(t, p, "sedang menelepon Anda")
	p.Presses("Tidak")
	sees(t, p, "Tutup teleponnya")
	reads(t, w, rina, e.Name+" menekan Tidak", "mungkin orang lain")
}
