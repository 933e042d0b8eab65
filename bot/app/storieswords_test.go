package app_test

import (
	"testing"
	"time"
)

// An employee types as they do all day, and presses nothing.
func TestFromForgottenToNewByWordsOnly(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := sample(t, "ISSUE")
		p.Types("pagi min, lupa pin tte nih gmn ya")
		sees(t, p, "NIP")
		p.Types("baik, ini nip saya ya " + e.NIP + " terima kasih")
		sees(t, p, "sedang dikirim")
		code := w.code(e.Email, 1)
		p.Types("kodenya mana ya")
		sees(t, p, "folder spam")
		p.Types("kode: " + code[:3] + " " + code[3:] + " terima kasih")
		sees(t, p, "Berhasil", e.Name)

		sees(t, p, "Lanjutkan?") // what was asked for first is not forgotten
		p.Types("bentar, klo direset dokumen lama msh sah ga?")
		sees(t, p, "Panduan")
		p.Types("batal")
		sees(t, p, "dibatalkan")
		p.Types("eh jadi, reset pin tte saya")
		sees(t, p, "Lanjutkan?")
		p.Types("iya kirim")
		sees(t, p, step(t, "mail"))
		if n := w.bsre.ResetsOf(e.NIK); n != 1 {
			t.Fatalf("BSrE was asked %d times", n)
		}
		p.Types("blm muncul2 sampe skrg")
		sees(t, p, "Email belum ada")
		p.Types("balik")
		sees(t, p, step(t, "mail"))
		p.Types("nemu di spam")
		sees(t, p, step(t, "link"))
		p.Types("linknya kadaluarsa katanya")
		sees(t, p, "Link tidak berlaku lagi")
		p.Types("kembali")
		sees(t, p, step(t, "link"))
	})
}

func TestAnOldYesSendsNothing(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "ISSUE")
		p.Types("lupa pin")
		sees(t, p, "Lanjutkan?")
		w.clock.advance(11 * time.Minute)
		p.Types("ya kirim")
		sees(t, p, "lama")
		if n := w.bsre.ResetsOf(e.NIK); n != 0 {
			t.Errorf("BSrE was asked %d times", n)
		}
	})
}

// The language of the first sentence is answered in.
func TestEnglishByWords(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		p.Types("hi, can you speak english? i forgot my signing pin")
		sees(t, p, "NIP")
		p.Types("i don't remember my nip, where do i find it")
		sees(t, p, "digits")
		p.Types("qwrtzp")
		sees(t, p, "did not understand")
		p.Types("zxcvbq")
		offers(t, sees(t, p, "still do not understand"), "Call for help")
	})
}
