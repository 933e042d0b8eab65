package app_test

import (
	"slices"
	"strings"
	"testing"
)

func TestFromForgottenToNew(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "ISSUE")
		p.Types("lupa pin")
		l := sees(t, p, "BSrE akan mengirim link reset PIN ke email", "@")
		if strings.Contains(l.Text, e.Email) {
			t.Errorf("the address is not masked: %q", l.Text)
		}
		offers(t, l, "Ya, kirim link", "Batal")
		p.Presses("Ya, kirim link")
		sees(t, p, "Link untuk reset PIN berhasil dikirim ke email")
		sees(t, p, step(t, "mail"), "Buka email dari BSrE")
		if n := w.bsre.ResetsOf(e.NIK); n != 1 {
			t.Errorf("BSrE was asked %d times", n)
		}
		eventually(t, "the mail from BSrE and the bot's own notice", func() bool {
			subjects := ""
			for _, m := range w.mail.Inbox(e.Email) {
				subjects += m.Subject + "\n"
			}
			return strings.Contains(subjects, "[eSign] Reset Passphrase") && strings.Contains(subjects, "Pemberitahuan dari bot (tanpa link)")
		})
		for _, next := range []struct{ step, words string }{
			{"link", "Tekan link"}, {"address", "huruf demi huruf"}, {"warning", "NET::ERR_CERT_AUTHORITY_INVALID"},
			{"pin", "Konfirmasi Passphrase"}, {"login", "berhasil diubah"}, {"done", "Tanda tangani satu dokumen"},
		} {
			if l := walksTo(t, p, next.step); !strings.Contains(l.Text, next.words) {
				t.Errorf("the step %s says %q, want %q in it", next.step, l.Text, next.words)
			}
			if next.step == "address" {
				p.Presses("Gambarnya berbeda")
				sees(t, p, "Browser apa")
				p.Presses("Firefox")
				sees(t, p, "Firefox memberi peringatan")
				p.Presses("Gambarnya berbeda")
				sees(t, p, "Browser apa")
				p.Presses("Chrome di komputer")
				sees(t, p, "Chrome memberi peringatan")
			}
		}
		eventually(t, "that one step alone is in the chat", func() bool {
			steps := 0
			for _, l := range p.Chat() {
				if strings.Contains(l.Text, "Langkah ") {
					steps++
				}
			}
			return steps == 1
		})
		p.Presses("Kembali")
		sees(t, p, step(t, "login"))
		p.Presses("Tertulis berhasil")
		sees(t, p, step(t, "done"))
		p.Presses("Berhasil")
		sees(t, p, "Selamat bekerja")
	})
}

func TestAWalkIsRememberedAndProblemsAreOnePressAway(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		p.Types("/resetpin")
		p.Presses("Ya, kirim link")
		old := sees(t, p, step(t, "mail"))
		walksTo(t, p, "link")
		w.restart()
		p.Types("/panduan")
		sees(t, p, step(t, "link"))
		p.Presses("Ada masalah")
		sees(t, p, "Apa yang terjadi?")
		p.Presses("Link tidak berlaku lagi")
		offers(t, sees(t, p, "dua kali", "penyaring email"), "Minta link baru", "Kembali ke langkah")
		p.Presses("Kembali ke langkah")
		sees(t, p, step(t, "link"))

		// A button of an old message is gone, or leads to where the walk is.
		stands := slices.ContainsFunc(p.Chat(), func(l line) bool { return l.ID == old.ID && len(l.Buttons) > 0 })
		if _, keeps := p.(*onTelegram); keeps && stands {
			p.PressesOld(old.ID, "Ada masalah")
			eventually(t, "a polite word", func() bool { return strings.Contains(strings.Join(p.Toasts(), "|"), "Langkah itu sudah lewat") })
			sees(t, p, step(t, "link"))
		} else {
			eventually(t, "the old step without its buttons", func() bool {
				return !slices.ContainsFunc(p.Chat(), func(l line) bool { return l.ID == old.ID && len(l.Buttons) > 0 })
			})
		}

		p.Presses("Berhenti dulu")
		sees(t, p, "berhenti di "+strings.ToLower(step(t, "link"))+": Tekan link di email")
		p.Presses("Lanjutkan panduan")
		sees(t, p, step(t, "link"))

		p.Types("/resetpin")
		offers(t, sees(t, p, "Panduannya belum selesai"), "Lanjutkan panduan", "Minta link baru")
		p.Presses("Minta link baru")
		offers(t, sees(t, p, "Anda bisa meminta lagi pukul"), "Lanjutkan panduan")
	})
}

func TestAnotherGuideDoesNotLoseThePlace(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		p.Types("/resetpin")
		p.Presses("Ya, kirim link")
		sees(t, p, step(t, "mail"))
		walksTo(t, p, "link")
		p.Types("ada yang telepon minta pin saya")
		sees(t, p, "ciri penipuan")
		p.Presses("Mengenali email palsu")
		sees(t, p, "Langkah 1 dari")
		p.Presses("Berhenti dulu")
		p.Presses("Lanjutkan reset PIN")
		sees(t, p, step(t, "link"))
		p.Types("ada yang telepon minta pin saya")
		sees(t, p, "ciri penipuan")
		p.Presses("Mengenali email palsu")
		sees(t, p, "Langkah 1 dari")
		p.Types("/resetpin")
		offers(t, sees(t, p, "Panduannya belum selesai"), "Lanjutkan panduan", "Minta link baru")
		p.Presses("Lanjutkan panduan")
		sees(t, p, step(t, "link"))
	})
}
