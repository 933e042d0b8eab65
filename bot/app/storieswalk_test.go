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
		sees(t, p, "Langkah 1 dari 9", "Tunggu pemberitahuan")
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
		for _, step := range []struct{ button, words string }{
			{"Sudah muncul", "email kedinasan"},
			{"Sudah saya buka", "[eSign] Reset Passphrase"},
			{"Emailnya ada", "Tekan link"},
			{"Sudah saya tekan", "Browser apa"},
			{"Firefox", "huruf demi huruf"},
			{"Ganti browser", "Browser apa"},
			{"Chrome di komputer", "huruf demi huruf"},
			{"Alamatnya sama", "NET::ERR_CERT_AUTHORITY_INVALID"},
			{"Halaman BSrE terbuka", "Konfirmasi Passphrase"},
			{"Sudah saya kirim", "tidak perlu login"},
			{"Mengerti", "tanda tangani satu dokumen"},
		} {
			p.Presses(step.button)
			sees(t, p, step.words)
		}
		steps := 0
		for _, l := range p.Chat() {
			if strings.Contains(l.Text, " dari 9") {
				steps++
			}
		}
		if steps != 1 {
			t.Errorf("%d steps are in the chat at once\n%s", steps, show(p))
		}
		p.Presses("Kembali")
		sees(t, p, "Langkah 8 dari 9")
		p.Presses("Mengerti")
		sees(t, p, "Langkah 9 dari 9")
		p.Presses("Berhasil")
		sees(t, p, "Selamat bekerja")
	})
}

func TestAWalkIsRememberedAndProblemsAreOnePressAway(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		p.Types("/resetpin")
		p.Presses("Ya, kirim link")
		old := sees(t, p, "Langkah 1 dari 9")
		p.Presses("Sudah muncul")
		sees(t, p, "Langkah 2 dari 9")
		w.restart()
		p.Types("/panduan")
		sees(t, p, "Langkah 2 dari 9")
		p.Presses("Ada masalah")
		sees(t, p, "Apa yang terjadi?")
		p.Presses("Email belum ada")
		offers(t, sees(t, p, "5 menit", "spam"), "Minta link baru", "Kembali ke langkah")
		p.Presses("Kembali ke langkah")
		sees(t, p, "Langkah 2 dari 9")
		p.Presses("Sudah saya buka")
		sees(t, p, "Langkah 3 dari 9")

		// A button of an old message is gone, or leads to where the walk is.
		if _, keeps := p.(*onTelegram); keeps {
			p.PressesOld(old.ID, "Ada masalah")
			eventually(t, "a polite word", func() bool { return strings.Contains(strings.Join(p.Toasts(), "|"), "Langkah itu sudah lewat") })
			sees(t, p, "Langkah 3 dari 9")
		} else {
			eventually(t, "the old step without its buttons", func() bool {
				return !slices.ContainsFunc(p.Chat(), func(l line) bool { return l.ID == old.ID && len(l.Buttons) > 0 })
			})
		}

		p.Presses("Berhenti dulu")
		sees(t, p, "berhenti di sini")
		p.Presses("Lanjutkan panduan")
		sees(t, p, "Langkah 3 dari 9")

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
		sees(t, p, "Langkah 1 dari 9")
		p.Presses("Sudah muncul")
		sees(t, p, "Langkah 2 dari 9")
		p.Presses("Sudah saya buka")
		sees(t, p, "Langkah 3 dari 9")
		p.Types("email palsu")
		p.Presses("Mengenali email palsu")
		sees(t, p, "Langkah 1 dari")
		p.Presses("Berhenti dulu")
		p.Presses("Lanjutkan reset PIN")
		sees(t, p, "Langkah 3 dari 9")
		p.Types("email palsu")
		p.Presses("Mengenali email palsu")
		sees(t, p, "Langkah 1 dari")
		p.Types("/resetpin")
		offers(t, sees(t, p, "Panduannya belum selesai"), "Lanjutkan panduan", "Minta link baru")
		p.Presses("Lanjutkan panduan")
		sees(t, p, "Langkah 3 dari 9")
	})
}
