package app_test

import (
	"strings"
	"testing"
	"time"

	"resetpin/handlers/mail/mailtest"
)

// fates gives what became of the mails about an employee, the oldest first.
func (w *world) fates(nip string) string {
	var out []string
	for _, e := range w.wholeTrail() {
		if e.Action == "mail" && e.NIP == nip {
			out = append(out, e.Outcome+" "+e.Detail)
		}
	}
	return strings.Join(out, "; ")
}

// What became of a mail stands in the trail, by which mail it was and the
// server's code; of a NIP that nobody has there is none.
func TestWhatBecameOfAMailIsRecorded(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := sample(t, "ISSUE")
		became := func(what string) {
			t.Helper()
			eventually(t, what, func() bool { return strings.Contains(w.fates(e.NIP), what) })
		}
		w.mail.SetMode(mailtest.ModePermanent, 0)
		p.Types("/link " + e.NIP)
		sees(t, p, "kode 6 angka sedang dikirim")
		became("refused code, 550")
		w.mail.SetMode(mailtest.ModeDown, 0)
		w.clock.advance(2 * time.Minute)
		p.Types("/link " + e.NIP)
		sees(t, p, "kode 6 angka")
		w.clock.advance(21 * time.Minute)
		became("late code")
		w.mail.SetMode(mailtest.ModeOK, 0)
		w.clock.advance(2 * time.Hour)
		p.Types("/link " + e.NIP)
		sees(t, p, "kode 6 angka sedang dikirim")
		p.Types(w.code(e.Email, 1))
		sees(t, p, "Berhasil", e.Name)
		became("sent code")
		became("sent linked")
		if all := w.fates(e.NIP); strings.Contains(all, e.Email) {
			t.Error(all)
		}
		const nobodys = "197001012000011999"
		w.telegramPerson(7999).Types("/link " + nobodys)
		if all := w.fates(nobodys); all != "" {
			t.Error(all)
		}
	})
}
