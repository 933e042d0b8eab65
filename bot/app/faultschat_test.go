package app_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
)

func TestNothingIsLostWhileTelegramIsInTrouble(t *testing.T) {
	t.Parallel()
	outage := func(f telegramtest.Fault) func(*telegramtest.Server) {
		return func(s *telegramtest.Server) { s.Break(f) }
	}
	for name, trouble := range map[string]func(*telegramtest.Server){
		"asks to wait":                  outage(telegramtest.Fault{Method: "sendMessage", Times: 3, Code: http.StatusTooManyRequests, RetryAfter: 1}),
		"asks polls to wait":            outage(telegramtest.Fault{Method: "getUpdates", Times: 1, Code: http.StatusTooManyRequests, RetryAfter: 1}),
		"answers 500":                   outage(telegramtest.Fault{Times: 6, Code: http.StatusInternalServerError}),
		"a proxy answers 502":           outage(telegramtest.Fault{Times: 6, Code: http.StatusBadGateway, HTML: true}),
		"polls answer 502":              outage(telegramtest.Fault{Method: "getUpdates", Times: 2, Code: http.StatusBadGateway, HTML: true}),
		"connections break":             outage(telegramtest.Fault{Times: 6, Code: http.StatusInternalServerError, Drop: true}),
		"polls break":                   outage(telegramtest.Fault{Method: "getUpdates", Times: 2, Code: http.StatusInternalServerError, Drop: true}),
		"connections break when it did": outage(telegramtest.Fault{Method: "sendMessage", Times: 3, Drop: true}),
		"is gone for seconds": func(s *telegramtest.Server) {
			s.Break(telegramtest.Fault{Code: http.StatusServiceUnavailable})
			time.AfterFunc(5*time.Second, s.Heal) // longer than one delivery is tried
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.showLog()
			p := w.telegramPerson(7001)
			p.Types("/help")
			sees(t, p, "Yang bisa saya bantu") // the bot is up
			trouble(w.telegram)
			p.Types("/privasi") // ends the poll that was under way
			w.crowd(8000).answered()
			sees(t, p, "Data Anda")
		})
	}
}

func TestWhoBlocksTheBotHindersNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.showLog()
	gone, other := w.telegramPerson(7001), w.telegramPerson(7002)
	e := linked(t, w, gone, "ISSUE")
	askForConfirmation(t, gone)
	w.bsre.SetFor(bsretest.PlacePortal, "passphrase/reset", bsretest.ModeSlow, 300*time.Millisecond)
	gone.Presses("Ya, kirim link")
	w.telegram.User(7001, "", "").Block()
	other.Types("/help")
	sees(t, other, "Yang bisa saya bantu")
	eventually(t, "the reset", func() bool { return w.bsre.ResetsOf(e.NIK) == 1 })
	w.telegram.User(7001, "", "").Unblock()
	gone.Types("/panduan")
	sees(t, gone, step(t, "mail"))
	if n := w.bsre.ResetsOf(e.NIK); n != 1 {
		t.Errorf("BSrE was asked %d times", n)
	}
}

func TestTheOutcomeOfAResetIsToldWhenTelegramIsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.showLog()
	p := w.telegramPerson(7001)
	e := linked(t, w, p, "ISSUE")
	askForConfirmation(t, p)
	p.Presses("Ya, kirim link")
	w.telegram.Break(telegramtest.Fault{Code: http.StatusBadGateway, HTML: true})
	eventually(t, "the reset", func() bool { return w.bsre.ResetsOf(e.NIK) == 1 })
	w.telegram.Heal()
	sees(t, p, "berhasil dikirim")
	sees(t, p, step(t, "mail"))
	if n := w.bsre.ResetsOf(e.NIK); n != 1 {
		t.Errorf("BSrE was asked %d times", n)
	}
}

func TestACodeArrivesWhenTheMailServerIsBack(t *testing.T) {
	t.Parallel()
	for _, trouble := range []mailtest.Mode{mailtest.ModeTemporary, mailtest.ModeDown} {
		t.Run(string(trouble), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.showLog()
			p, e := w.telegramPerson(7001), sample(t, "ISSUE")
			w.mail.SetMode(trouble, 0)
			p.Types("/link " + e.NIP)
			sees(t, p, "kode 6 angka sedang dikirim")
			eventually(t, "a refused mail", func() bool {
				return regexp.MustCompile("a job (will be tried again|waits)").MatchString(w.log.String())
			})
			w.mail.SetMode(mailtest.ModeOK, 0)
			p.Types(w.code(e.Email, 1))
			sees(t, p, "Berhasil", e.Name)
			if n := len(w.mail.Inbox(e.Email)); n > 2 { // the notice of the new link is the other one
				t.Errorf("%d mails", n)
			}
			kind(t, p)
		})
	}
}
