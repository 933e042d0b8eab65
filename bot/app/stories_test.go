package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
)

// The stories read like the way of an employee. Each runs on every platform.

// platforms gives a world for each platform, with a person there.
func platforms() map[string]func(t *testing.T, extra ...string) (*world, person) {
	all := map[string]func(t *testing.T, extra ...string) (*world, person){
		"telegram": func(t *testing.T, extra ...string) (*world, person) {
			w := newWorld(t, extra...)
			return w, w.telegramPerson(7001)
		},
		"mattermost": func(t *testing.T, extra ...string) (*world, person) {
			w := newWorldWithMattermost(t, extra...)
			return w, w.mattermostPerson("pegawai")
		},
	}
	if *realMattermost != "" {
		all["real-mattermost"] = func(t *testing.T, extra ...string) (*world, person) {
			w := newWorldWithRealMattermost(t, extra...)
			return w, w.realPerson()
		}
	}
	return all
}

func story(t *testing.T, tell func(t *testing.T, w *world, p person), extra ...string) {
	t.Helper()
	for name, on := range platforms() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p := on(t, extra...)
			tell(t, w, p)
		})
	}
}

// linked links a person to a sample employee by the usual way.
func linked(t *testing.T, w *world, p person, status string) bsretest.Person {
	t.Helper()
	e := sample(t, status)
	p.Types("/link " + e.NIP)
	sees(t, p, "kode 6 angka sedang dikirim")
	p.Types(w.code(e.Email, 1))
	sees(t, p, "Berhasil", e.Name)
	return e
}

func TestAnEmployeeLinksTheirAccount(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := sample(t, "ISSUE")
		p.Types("/start")
		offers(t, sees(t, p, "mereset PIN DS", "privasi", "tidak pernah"), "Hubungkan akun", "Bantuan")
		p.Presses("Hubungkan akun")
		sees(t, p, "Ketik NIP Anda")

		p.Types("12345")
		sees(t, p, "18 angka", "5 angka")
		p.Types("198013012005011001")
		sees(t, p, "tanggal lahir")
		p.Types("060099999")
		sees(t, p, "NIP lama")

		p.Types(e.NIP[:8] + " " + e.NIP[8:14] + " " + e.NIP[14:15] + " " + e.NIP[15:])
		sees(t, p, "kode 6 angka sedang dikirim", "spam")
		code := w.code(e.Email, 1)
		p.Types("12 34")
		sees(t, p, "Kodenya 6 angka")
		p.Types(other(code))
		sees(t, p, "belum tepat", "4 kali lagi")
		p.Types(code[:3] + " " + code[3:])
		l := sees(t, p, "Berhasil", e.NIP, e.Name, e.Position, e.Unit, e.Grade)
		offers(t, l, "Reset PIN", "Cek status")

		p.Types("/unlink")
		sees(t, p, "Putuskan akun ini dari "+e.Name)
		p.Presses("Ya, putuskan")
		sees(t, p, "Sudah diputuskan")
		p.Types("/status")
		sees(t, p, "siapa Anda")
	})
}

// other gives a code that is not this one.
func other(code string) string {
	if code[0] == '0' {
		return "1" + code[1:]
	}
	return "0" + code[1:]
}

func TestTheAnswerIsTheSameForANIPThatDoesNotExist(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := sample(t, "ISSUE")
		var answers []string
		for _, nip := range []string{e.NIP, "197001012000011999", e.NIP, "197001012000011999", e.NIP} {
			p.Types("/link " + nip)
			eventually(t, "an answer", func() bool {
				chat := p.Chat()
				return chat[len(chat)-1].Bot
			})
			chat := p.Chat()
			answers = append(answers, chat[len(chat)-1].Text)
		}
		if answers[0] != answers[1] || answers[0] != answers[2] || answers[3] != answers[4] {
			t.Errorf("answers differ: %q", answers)
		}
		if !holdsAll(answers[3], []string{"3 kode diminta dalam satu jam", "tidak ada kode yang dikirim", "bisa diminta lagi pukul"}) {
			t.Errorf("beyond the limit: %q", answers[3])
		}
		w.code(e.Email, 2)
		time.Sleep(400 * time.Millisecond) // long enough for a mail that must not come
		if n := len(w.mail.Inbox(e.Email)); n != 2 {
			t.Errorf("%d mails, want 2", n)
		}
	})
}

// While mails cannot be sent, whoever asks hears so; and again when they can.
func TestACodeThatWaitsForTheMailServerIsSaidToWait(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := sample(t, "ISSUE")
		w.mail.SetMode(mailtest.ModeDown, 0)
		p.Types("/link " + e.NIP)
		sees(t, p, "sedang dikirim")
		sees(t, p, "Pengiriman email sedang terganggu", "tidak perlu memintanya lagi")
		p.Presses("Kode belum masuk")
		sees(t, p, "sedang terganggu", "dikirim begitu pulih")
		w.mail.SetMode(mailtest.ModeOK, 0)
		p.Types(w.code(e.Email, 1))
		sees(t, p, "Berhasil", e.Name)
	})
}

func TestACodeIsGoodOnceForTenMinutesAndFiveAttempts(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := sample(t, "ISSUE")
		p.Types("/link " + e.NIP)
		sees(t, p, "sedang dikirim")
		code := w.code(e.Email, 1)
		for range 4 {
			p.Types(other(code))
			sees(t, p, "belum tepat")
		}
		p.Types(other(code))
		sees(t, p, "terlalu sering dicoba")
		p.Types(code)
		sees(t, p, "Tidak ada kode")

		p.Presses("Minta kode baru")                                                                                          // for the same NIP
		eventually(t, "another code", func() bool { return last(p).Bot && strings.Contains(last(p).Text, "sedang dikirim") }) // the question before loses its buttons
		offers(t, last(p), "Kode belum masuk", "NIP saya lain")
		code = w.code(e.Email, 2)
		w.clock.advance(11 * time.Minute)
		p.Types(code)
		sees(t, p, "lewat waktunya")
	})
}

func TestEveryStatusHasItsAdvice(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		for status, want := range map[string]struct{ name, advice, button string }{
			"ISSUE":                    {"🟢 Sertifikat aktif", "Lupa PIN?", "Reset PIN"},
			"EXPIRED":                  {"🔴 Sertifikat kedaluwarsa", "perpanjangan", "Hubungi bantuan"},
			"RENEW":                    {"🟡 Sertifikat sedang diperbarui", "email pembaruan", "Cek lagi"},
			"WAITING_FOR_VERIFICATION": {"🟡 Menunggu verifikasi", "verifikator", "Cek lagi"},
			"NEW":                      {"🟡 Sertifikat belum diaktivasi", "email aktivasi", "Cek lagi"},
			"NO_CERTIFICATE":           {"🔴 Belum punya sertifikat", "koordinator", "Hubungi bantuan"},
			"NOT_REGISTERED":           {"🔴 Belum terdaftar di BSrE", "NIK", "Hubungi bantuan"},
			"SUSPEND":                  {"🔴 Sertifikat ditangguhkan", "Koordinator", "Hubungi bantuan"},
			"REVOKE":                   {"🔴 Sertifikat dicabut", "permohonan baru", "Hubungi bantuan"},
		} {
			e := sample(t, status)
			p.Types("/link " + e.NIP)
			sees(t, p, "sedang dikirim")
			p.Types(w.code(e.Email, 1))
			sees(t, p, "Berhasil", e.Name)
			w.clock.advance(2 * time.Hour) // the limit of codes is per hour
			p.Types("/status")
			l := sees(t, p, want.name, want.advice, "Jawaban BSrE pukul")
			offers(t, l, want.button)
			if status != "ISSUE" {
				p.Types("/resetpin")
				sees(t, p, "Reset PIN tidak menolong", want.advice)
			}
			p.Types("/unlink")
			sees(t, p, "Putuskan")
			p.Presses("Ya, putuskan")
			sees(t, p, "Sudah diputuskan")
		}
		if n := w.bsre.ResetsOf(sample(t, "EXPIRED").NIK); n != 0 {
			t.Errorf("%d resets of an expired certificate", n)
		}
	})
}

func TestTheLimitsOfResets(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "ISSUE")
		for range 3 {
			p.Types("/resetpin")
			eventually(t, "a question", func() bool {
				l := last(p)
				return l.Bot && (strings.Contains(l.Text, "Lanjutkan?") || strings.Contains(l.Text, "belum selesai"))
			})
			if strings.Contains(last(p).Text, "belum selesai") {
				p.Presses("Minta link baru")
			}
			sees(t, p, "Lanjutkan?")
			p.Presses("Ya, kirim link")
			sees(t, p, "berhasil dikirim")
			w.clock.advance(6 * time.Minute)
		}
		p.Types("/resetpin")
		p.Presses("Minta link baru")
		sees(t, p, "sudah cukup banyak")
		if n := w.bsre.ResetsOf(e.NIK); n != 3 {
			t.Errorf("BSrE was asked %d times, want 3", n)
		}
	})
}

func TestTwoQuestionsAreOneReset(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "ISSUE")
		p.Types("/resetpin")
		first := sees(t, p, "Lanjutkan?")
		p.Types("/resetpin")
		sees(t, p, "Lanjutkan?")
		p.Presses("Ya, kirim link")
		sees(t, p, step(t, "mail"))
		p.PressesOld(first.ID, "Ya, kirim link")
		offers(t, sees(t, p, "Link baru saja diminta"), "Lanjutkan panduan")
		if n := w.bsre.ResetsOf(e.NIK); n != 1 {
			t.Errorf("BSrE was asked %d times", n)
		}
	})
}

func TestAPhoneNumberIsVerifiedFirst(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "phone")
		p.Types("/resetpin")
		l := sees(t, p, "WhatsApp", "Ketik nomor", "62*********10")
		offers(t, l, "Apa itu verifikasi?", "Nomor saya sudah ganti", "Batal")
		if slices.Contains(l.Buttons, "Sudah diverifikasi") {
			t.Error("it is called verified before a message was sent")
		}
		p.Types("0899 0000 0000 1")
		sees(t, p, "berbeda", "62*********10", "angka terakhirnya: 10")
		p.Types(e.Phone)
		sees(t, p, "BSrE mengirim pesan ke WhatsApp")
		p.Presses("Sudah diverifikasi")
		offers(t, sees(t, p, "belum mencatat"), "Cek lagi", "Nomor saya sudah ganti")
		messages := w.bsre.WhatsApps(e.NIK)
		if len(messages) != 1 {
			t.Fatalf("%d messages by WhatsApp", len(messages))
		}
		w.open(messages[0].Link)
		p.Presses("Sudah diverifikasi")
		sees(t, p, "sudah terverifikasi", "Lanjutkan?")
		p.Presses("Ya, kirim link")
		sees(t, p, "berhasil dikirim")
		if n := w.bsre.ResetsOf(e.NIK); n != 1 {
			t.Errorf("BSrE was asked %d times", n)
		}
	})
}

// Somebody asks for message after message, and tries one number after the
// other: a stranger's telephone must not ring for it.
func TestMessagesAndNumbersAreLimited(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "phone")
		p.Types("/resetpin")
		sees(t, p, "Ketik nomor")
		for range 8 { // in half a minute
			p.Types(e.Phone)
			seesOne(t, p, []string{"BSrE mengirim pesan ke WhatsApp", "baru saja diminta", "terlalu banyak nomor"})
			p.Types("/resetpin")
			sees(t, p, "Ketik nomor")
			w.clock.advance(4 * time.Second)
		}
		if n := len(w.bsre.WhatsApps(e.NIK)); n != 1 {
			t.Errorf("%d messages by WhatsApp within half a minute", n)
		}
		tried := 0
		for range 30 { // a number every quarter of an hour
			w.clock.advance(15 * time.Minute)
			p.Types("/resetpin")
			sees(t, p, "Ketik nomor")
			p.Types("0899 0000 0000 1")
			if seesOne(t, p, []string{"berbeda", "terlalu banyak nomor"}) == "berbeda" {
				tried++
			}
		}
		if tried > 10 {
			t.Errorf("%d wrong numbers were tried in a day", tried)
		}
	})
}

func TestPlainWordsLeadToTheRightPlace(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		for words, want := range map[string]string{
			"Lupa PIN!!":            "BSrE akan mengirim link",
			"reset passphrase dong": "BSrE akan mengirim link",
			"cek status tte":        "Sertifikat aktif",
			"pin salah terus":       "BSrE akan mengirim link",
			"makasih ya":            "Sama-sama",
			"xyzzy":                 "belum mengerti",
			"/privasi":              "terenkripsi",
			"/help":                 "/resetpin",
			"/panduan":              "Panduan mana",
			"/nosuchcommand":        "belum mengerti",
		} {
			p.Types(words)
			sees(t, p, want)
		}
		p.Types("/bahasa")
		p.Presses("English")
		sees(t, p, "I will write in English")
		p.Types("/status")
		sees(t, p, "Certificate active")
	})
}
