package mail_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/mail"
	"resetpin/handlers/mail/mailtest"
)

// Exchange says that a sender has no permission only after the text: MAIL FROM
// and RCPT TO are taken.
func TestASenderThatIsRefusedLateIsTheSenders(t *testing.T) {
	s := server(t, mailtest.Config{})
	s.SetMode(mailtest.ModeSender, 0)
	m := sender(t, s, s.URL())
	if err := m.Check(t.Context()); err != nil {
		t.Errorf("nothing is to be seen without a mail: %v", err)
	}
	err := m.Send(t.Context(), code("budi@dinas.go.id"))
	if !errors.Is(err, mail.ErrSender) || errors.Is(err, mail.ErrPermanent) || !strings.Contains(err.Error(), "5.7.60") || !strings.Contains(err.Error(), "MAIL_FROM") {
		t.Errorf("got %v", err)
	}
	checkSecrets(t, err)
	s.SetMode(mailtest.ModeOK, 0)
	if err := m.Send(t.Context(), code("budi@dinas.go.id")); err != nil {
		t.Errorf("after the mending: %v", err)
	}
}

// An ASCII address asks for no SMTPUTF8: the server behind may not know it.
func TestSMTPUTF8IsAskedForWhereAnAddressNeedsIt(t *testing.T) {
	s := server(t, mailtest.Config{OldNext: true})
	m := sender(t, s, s.URL())
	if err := m.Send(t.Context(), code("budi@dinas.go.id")); err != nil {
		t.Errorf("got %v", err)
	}
	if err := m.Send(t.Context(), code("bùdi@dinas.go.id")); err == nil || !strings.Contains(err.Error(), "5.6.7") {
		t.Errorf("an address that needs it: %v", err)
	}
}

func TestTheGreetingHasTheNameThatIsSet(t *testing.T) {
	s := server(t, mailtest.Config{FullName: true})
	err := sender(t, s, s.URL(), mail.WithHELO("bot")).Send(t.Context(), code("budi@dinas.go.id"))
	if !errors.Is(err, mail.ErrSender) || !strings.Contains(err.Error(), "need fully-qualified hostname") || !strings.Contains(err.Error(), "MAIL_HELO") {
		t.Errorf("a short name: %v", err)
	}
	if err := sender(t, s, s.URL(), mail.WithHELO("bot.dinas.go.id")).Send(t.Context(), code("budi@dinas.go.id")); err != nil {
		t.Errorf("a full name: %v", err)
	}
}

// Who stands between takes the offer of STARTTLS away and waits for the
// password. 0.0.0.0 is this machine by a name that is not the loopback's.
func TestNoPasswordIsSentInClear(t *testing.T) {
	addr, heard := eavesdropper(t, "AUTH PLAIN LOGIN")
	remote := strings.Replace(addr, "127.0.0.1", "0.0.0.0", 1)
	send := func(url string) error {
		m, err := mail.New(url, from, mail.WithTimeout(2*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		return errors.Join(m.Check(t.Context()), m.Send(t.Context(), code("budi@dinas.go.id")))
	}
	if err := send("smtp://bot:geheimnis@" + remote); err == nil || !strings.Contains(err.Error(), "offers no STARTTLS, without which no password is sent") {
		t.Errorf("got %v", err)
	}
	if strings.Contains(heard(), "AUTH") {
		t.Fatalf("said in clear: %s", heard())
	}
	if err := send("smtp://bot:geheimnis@" + remote + "?tls=off"); err == nil || !strings.Contains(heard(), "AUTH PLAIN") {
		t.Errorf("switched off: %v, %s", err, heard())
	}
	for url, want := range map[string]string{
		"smtp://bot:x@mail.dinas.go.id?tls=off": "the mail password and the codes go over the network in clear", "smtp://mail.dinas.go.id?tls=off": "the codes go over",
		"smtp://bot:x@mail.dinas.go.id": "", "smtp://bot:x@127.0.0.1?tls=off": "", "smtp://mail.dinas.go.id": "",
	} {
		m, err := mail.New(url, from)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Warning(); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: warning %q", url, got)
		}
	}
}
