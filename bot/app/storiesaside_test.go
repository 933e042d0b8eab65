package app_test

import (
	"slices"
	"testing"
)

// Whoever cannot see pictures says so in their own words, and gets words alone
// from then on.
func TestTextOnlyByWords(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		p.Types("saya tunanetra, pakai talkback")
		sees(t, p, "tanpa gambar")
		p.Types("lupa pin")
		sees(t, p, "Lanjutkan?")
		p.Types("iya kirim")
		sees(t, p, step(t, "mail"), "Gambar:")
	})
}

func TestEnglishTextOnlyByWords(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "ISSUE")
		p.Types("i am blind, i use a screen reader")
		sees(t, p, "without pictures")
		p.Types("i forgot my pin")
		sees(t, p, "Continue?")
		p.Types("yes please send it")
		sees(t, p, "Open the mail from BSrE", "Picture:")
		if n := w.bsre.ResetsOf(e.NIK); n != 1 {
			t.Errorf("BSrE was asked %d times", n)
		}
	})
}

// What the bot does not do is told kindly, once with the way on, the second
// time with a person; and the question that stood before it still stands.
func TestWhatTheBotDoesNotDo(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "ISSUE")
		p.Types("gaji 13 kapan cair")
		if first := sees(t, p, "di luar urusan saya"); slices.Contains(first.Buttons, "Hubungi bantuan") {
			t.Errorf("a person is offered at once: %q", first.Buttons)
		}
		p.Types("password wifi lantai 2 apa ya")
		offers(t, sees(t, p, "di luar urusan saya"), "Hubungi bantuan")
		p.Types("lupa pin")
		sees(t, p, "Lanjutkan?")
		p.Types("sisa cuti saya berapa hari")
		sees(t, p, "di luar urusan saya")
		p.Types("iya kirim")
		sees(t, p, step(t, "mail"))
		p.Types("link zoom rapat mana")
		sees(t, p, "di luar urusan saya")
		p.Types("sudah saya buka emailnya")
		sees(t, p, step(t, "link"))
		if n := w.bsre.ResetsOf(e.NIK); n != 1 {
			t.Errorf("BSrE was asked %d times", n)
		}
	})
}

func TestWhatTheBotDoesNotDoInEnglish(t *testing.T) {
	story(t, func(t *testing.T, _ *world, p person) {
		p.Types("hello, can you speak english?")
		sees(t, p, "English")
		p.Types("what is the wifi password here")
		sees(t, p, "not something I can do")
		p.Types("when is my salary paid")
		offers(t, sees(t, p, "not something I can do"), "Call for help")
	})
}

// Meanings that count as one where they are understood lead to the same words.
func TestWhatMeansTheSameIsAnsweredTheSame(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := sample(t, "ISSUE")
		same := func(where, holds string, words ...string) {
			t.Helper()
			said := ""
			for _, typed := range words {
				p.Types(typed)
				l := sees(t, p, holds)
				if said != "" && l.Text != said {
					t.Errorf("%s: %q is answered\n%s\nand not\n%s", where, typed, l.Text, said)
				}
				said = l.Text
			}
		}
		p.Types("/link")
		sees(t, p, "NIP")
		same("NIP", "Ketik NIP", "nip itu apa", "nip saya kok ga diterima")
		p.Types(e.NIP)
		sees(t, p, "sedang dikirim")
		same("code", "Tidak datang?", "kodenya belum masuk", "kodenya salah terus")
		p.Types(w.code(e.Email, 1))
		sees(t, p, "Berhasil", e.Name)
		p.Types("lupa pin")
		sees(t, p, "Lanjutkan?")
		p.Types("batal")
		cancelled := sees(t, p, "dibatalkan").Text
		p.Types("lupa pin")
		sees(t, p, "Lanjutkan?")
		p.Types("tidak")
		if got := sees(t, p, "dibatalkan").Text; got != cancelled {
			t.Errorf("no is answered %q, stop %q", got, cancelled)
		}
	})
}
