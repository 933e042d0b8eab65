package app_test

import (
	"testing"
	"time"
)

// An employee types as they do all day, and presses nothing.
func TestFromForgottenToNewByWordsOnly(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e, on := sample(t, "ISSUE"), inIndonesian()
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
		on.comesTo(t, p, "mail", "link")
		p.Types("linknya kadaluarsa katanya")
		sees(t, p, "Link tidak berlaku lagi")
		p.Types("kembali")
		sees(t, p, step(t, "link"))
		p.Types("udah saya klik") // and is asked for the browser
		on.comesTo(t, p, "link", "address")
		p.Types("ini aman ga sih kok merah gitu")
		sees(t, p, "Amankah dilanjutkan?", "NET::ERR_CERT_AUTHORITY_INVALID")
		p.Types("balik")
		sees(t, p, step(t, "address"))
		p.Types("alamatnya sama persis")
		on.comesTo(t, p, "address", "warning")
		p.Types("kodenya NET::ERR_CERT_DATE_INVALID")
		sees(t, p, "Kodenya berbeda")
		p.Types("kembali")
		sees(t, p, step(t, "warning"))
		p.Types("gada tulisan lanjutkan nya")
		sees(t, p, "Tidak ada Lanjutkan")
		p.Types("balik ke langkah td")
		sees(t, p, step(t, "warning"))
		p.Types("halaman bsre nya udh kebuka")
		on.comesTo(t, p, "warning", "pin")
		p.Types("pin yg bagus tuh kyk gmn")
		sees(t, p, "PIN apa yang baik?")
		p.Types("kembali")
		sees(t, p, step(t, "pin"))
		p.Types("kok pinnya ditolak")
		sees(t, p, "PIN tidak diterima")
		p.Types("kembali")
		sees(t, p, step(t, "pin"))
		p.Types("sudah saya kirim")
		on.comesTo(t, p, "pin", "login")
		p.Types("lah malah disuruh login")
		sees(t, p, "Saya mencoba login")
		p.Types("kembali")
		sees(t, p, step(t, "login"))
		p.Types("ada tulisan berhasil diubah")
		on.comesTo(t, p, "login", "done")
		p.Types("dicoba ttd masih pin salah")
		sees(t, p, "Masih PIN salah")
		p.Types("kembali")
		sees(t, p, step(t, "done"))
		p.Types("alhamdulillah udah bisa, makasih")
		sees(t, p, "Selesai!", "PIN baru Anda")
		if n := w.bsre.ResetsOf(e.NIK); n != 1 {
			t.Errorf("BSrE was asked %d times", n)
		}
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

// The whole way in English, from the first sentence to the new PIN.
func TestEnglishFromForgottenToNewByWordsOnly(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e, on := sample(t, "ISSUE"), inEnglish()
		p.Types("hi, i forgot my PIN")
		sees(t, p, "NIP", "digits")
		p.Types("sure, my nip is " + e.NIP)
		sees(t, p, "code")
		code := w.code(e.Email, 1)
		p.Types("where is the code?")
		sees(t, p, "spam")
		p.Types("the code is " + code + ", thanks")
		sees(t, p, e.Name)
		sees(t, p, "Continue?")
		p.Types("yes please send it")
		sees(t, p, "Open the mail from BSrE")
		p.Types("nothing in my inbox yet")
		sees(t, p, "There is no mail")
		p.Types("go back")
		sees(t, p, "Open the mail from BSrE")
		p.Types("found it in the spam folder")
		on.comesTo(t, p, "mail", "link")
		p.Types("it says the link has expired")
		sees(t, p, "The link is dead")
		p.Types("back please")
		sees(t, p, "Press the link in the mail")
		p.Types("ok clicked it") // and is asked for the browser
		on.comesTo(t, p, "link", "address")
		p.Types("is this warning safe?")
		sees(t, p, "Is it safe to go on?", "SEC_ERROR_UNKNOWN_ISSUER")
		p.Types("back")
		sees(t, p, "Check the address first")
		p.Types("yes it's the same address")
		on.comesTo(t, p, "address", "warning")
		p.Types("there is no proceed button")
		sees(t, p, "There is no Proceed")
		p.Types("back")
		sees(t, p, "Pass the browser's warning")
		p.Types("the bsre page is open now")
		on.comesTo(t, p, "warning", "pin")
		p.Types("it refused my new pin")
		sees(t, p, "The PIN is not taken")
		p.Types("back")
		sees(t, p, "Type the new PIN twice")
		p.Types("done, i sent it")
		on.comesTo(t, p, "pin", "login")
		p.Types("it's asking me to log in")
		sees(t, p, "I tried to log in")
		p.Types("back")
		sees(t, p, "What does the page say?")
		p.Types("it says successfully changed")
		on.comesTo(t, p, "login", "done")
		p.Types("still says wrong pin")
		sees(t, p, "It still says wrong PIN")
		p.Types("back")
		sees(t, p, "Try your new PIN")
		p.Types("it works now")
		sees(t, p, "Done!", "your new PIN")
		if n := w.bsre.ResetsOf(e.NIK); n != 1 {
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
