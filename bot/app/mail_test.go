package app_test

import (
	"strings"
	"testing"
	"time"

	"resetpin/handlers/mail/mailtest"
)

// The server refuses the bot's mails, after their text, until somebody mends
// its rights: a code lives from the moment when it is taken.
func TestACodeOutlivesARefusedSender(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := sample(t, "ISSUE")
		w.mail.SetMode(mailtest.ModeSender, 0)
		p.Types("/link " + e.NIP)
		sees(t, p, "kode 6 angka sedang dikirim")
		eventually(t, "the remark of /readyz", func() bool { return strings.Contains(string(w.get("/readyz")), `"part":"mail"`) })
		if body := string(w.get("/readyz")); !strings.Contains(body, "5.7.60") || !strings.Contains(body, "MAIL_FROM") || strings.Contains(body, e.Email) {
			t.Errorf("/readyz: %s", body)
		}
		w.clock.advance(15 * time.Minute)
		w.mail.SetMode(mailtest.ModeOK, 0)
		p.Types(w.code(e.Email, 1))
		sees(t, p, "Berhasil", e.Name)
		if body := string(w.get("/readyz")); strings.Contains(body, `"part":"mail"`) {
			t.Errorf("/readyz afterwards: %s", body)
		}
		if body := string(w.get("/metrics")); !strings.Contains(body, `resetpin_mails_total{outcome="sender"}`) || !strings.Contains(body, `resetpin_mails_total{outcome="sent"} `) {
			t.Errorf("/metrics: %s", body)
		}
	})
}

// A code that comes too late is told, in the same way to who asked for a NIP
// that nobody has.
func TestACodeThatIsTooLateIsTold(t *testing.T) {
	known := sample(t, "ISSUE").NIP
	for _, nip := range []string{known, "197001012000011999"} {
		story(t, func(t *testing.T, w *world, p person) {
			w.mail.SetMode(mailtest.ModeDown, 0)
			p.Types("/link " + nip)
			sees(t, p, "kode 6 angka sedang dikirim")
			w.clock.advance(21 * time.Minute)
			sees(t, p, "Email kode belum bisa dikirim")
			counted := strings.Contains(string(w.get("/metrics")), `resetpin_mails_total{outcome="late"} 1`)
			if logged := strings.Contains(w.log.String(), "a code was not mailed"); logged != (nip == known) || counted != logged {
				t.Errorf("logged %v, counted %v", logged, counted)
			}
		})
	}
}

// A mail server that does not know the bot yet (greylisting) takes its mail
// after five or ten minutes: the code comes while it is waited for, lives from
// then on, and nobody is told that the address exists.
func TestACodeOutlivesGreylisting(t *testing.T) {
	const spacing = time.Minute // most between two tries; the store's own test holds it
	for _, wait := range []time.Duration{5 * time.Minute, 10 * time.Minute} {
		t.Run(wait.String(), func(t *testing.T) {
			story(t, func(t *testing.T, w *world, p person) {
				e := sample(t, "ISSUE")
				w.mail.Greylist(wait)
				p.Types("/link " + e.NIP)
				sees(t, p, "kode 6 angka sedang dikirim")
				eventually(t, "a try that is put off", func() bool { return w.mail.PutOff() > 0 })
				w.clock.advance(wait - spacing/2) // a try comes before the time is over, and the next one after it
				before := w.mail.PutOff()
				eventually(t, "one more try that is put off", func() bool { return w.mail.PutOff() > before })
				if n := len(w.mail.Inbox(e.Email)); n > 0 {
					t.Fatalf("%d mails came before their time", n)
				}
				w.clock.advance(spacing)
				code := w.code(e.Email, 1)
				eventually(t, "a look without a remark on the mail", func() bool { return !strings.Contains(string(w.get("/readyz")), `"part":"mail"`) })
				for _, l := range p.Chat() {
					if strings.Contains(l.Text, "terganggu") || strings.Contains(l.Text, "belum bisa dikirim") {
						t.Errorf("told %q", l.Text)
					}
				}
				w.clock.advance(w.settings.CodeTTL - time.Minute)
				p.Types(code)
				sees(t, p, "Berhasil", e.Name)
			})
		})
	}
}
