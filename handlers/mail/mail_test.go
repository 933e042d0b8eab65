package mail_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/mail"
	"resetpin/handlers/mail/mailtest"
)

const (
	password = "s3cret/p@ss:word#%"
	from     = "Bot Réset <bot@dinas.go.id>"
)

func server(t *testing.T, c mailtest.Config) *mailtest.Server {
	t.Helper()
	s, err := mailtest.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func sender(t *testing.T, s *mailtest.Server, url string, options ...mail.Option) *mail.Sender {
	t.Helper()
	if s.CA() != nil {
		options = append([]mail.Option{mail.WithCA(s.CA())}, options...)
	}
	m, err := mail.New(url, from, options...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func code(to string) mail.Message {
	return mail.Message{To: to, Subject: "Kode 123456 – jangan dibagikan", Text: "Kode Anda: 123456\n\nSalam – “Bot”\n",
		HTML: "<p>Kode Anda: <b>123456</b></p><p>Salam – “Bot”</p>"}
}

// withoutRequired takes the requirement of TLS out of the server's URL.
func withoutRequired(s *mailtest.Server) string { return strings.TrimSuffix(s.URL(), "?tls=required") }

func TestSendOverEveryKindOfServer(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("WIB", 7*3600))
	for name, c := range map[string]mailtest.Config{
		"open":                 {},
		"login":                {User: "bot@dinas.go.id", Password: password},
		"STARTTLS":             {TLS: mailtest.TLSStart},
		"STARTTLS with login":  {TLS: mailtest.TLSStart, User: "bot", Password: password},
		"TLS at once":          {TLS: mailtest.TLSImplicit},
		"TLS at once, a login": {TLS: mailtest.TLSImplicit, User: "bot", Password: password},
	} {
		for _, url := range []string{"required", "offered"} {
			t.Run(name+" "+url, func(t *testing.T) {
				s := server(t, c)
				u := s.URL()
				if url == "offered" {
					u = withoutRequired(s)
				}
				m := sender(t, s, u, mail.WithClock(func() time.Time { return now }))
				if err := m.Check(t.Context()); err != nil {
					t.Fatal(err)
				}
				if n := len(s.Addresses()); n != 0 {
					t.Fatal("Check sent a mail")
				}
				if err := m.Send(t.Context(), code("budi@dinas.go.id")); err != nil {
					t.Fatal(err)
				}
				checkMail(t, s.Inbox("budi@dinas.go.id"), now)
			})
		}
	}
}

func checkMail(t *testing.T, inbox []mailtest.Mail, now time.Time) {
	t.Helper()
	if len(inbox) != 1 {
		t.Fatalf("%d mails", len(inbox))
	}
	got, wanted := inbox[0], code("budi@dinas.go.id")
	if got.From != "bot@dinas.go.id" || got.FromName != "Bot Réset" || got.To != wanted.To || got.Subject != wanted.Subject {
		t.Errorf("got %+v", got)
	}
	if strings.ReplaceAll(got.Text, "\r\n", "\n") != wanted.Text || got.HTML != wanted.HTML {
		t.Errorf("text %q, HTML %q", got.Text, got.HTML)
	}
	if !strings.HasSuffix(got.MessageID, "@dinas.go.id") || len(got.MessageID) < 30 {
		t.Errorf("Message-ID %q", got.MessageID)
	}
	date, err := got.Header.Date()
	if err != nil || !date.Equal(now) {
		t.Errorf("Date %v, %v", date, err)
	}
	for name, value := range map[string]string{"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All",
		"User-Agent": "", "X-Mailer": "", "Mime-Version": "1.0"} {
		if v := got.Header.Get(name); v != value {
			t.Errorf("%s: %q", name, v)
		}
	}
	if !strings.Contains(got.Raw, "multipart/alternative") {
		t.Error("text and HTML are no alternatives")
	}
}

func TestManyMailsInARow(t *testing.T) {
	s := server(t, mailtest.Config{TLS: mailtest.TLSStart, User: "bot", Password: password})
	m := sender(t, s, s.URL())
	const each, senders = 10, 5
	done := make(chan error, senders)
	for i := range senders {
		go func() {
			for j := range each {
				if err := m.Send(t.Context(), code(fmt.Sprintf("u%d-%d@dinas.go.id", i, j))); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range senders {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	ids := map[string]bool{}
	for _, a := range s.Addresses() {
		ids[s.Inbox(a)[0].MessageID] = true
	}
	if len(ids) != each*senders {
		t.Errorf("%d different mails", len(ids))
	}
}

func TestTextAlone(t *testing.T) {
	s := server(t, mailtest.Config{})
	m := code("budi@dinas.go.id")
	m.HTML = ""
	if err := sender(t, s, s.URL()).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := s.Inbox(m.To)[0]; got.HTML != "" || strings.Contains(got.Raw, "multipart") {
		t.Error(got.Raw)
	}
}

func TestNoHeaderIsSmuggledIn(t *testing.T) {
	s := server(t, mailtest.Config{})
	m := code("budi@dinas.go.id")
	m.Subject = "Kode\r\nBcc: other@evil.example\r\n\r\n<b>x</b>\x00\u2028 ok"
	m.Text = "a\r\n.\r\nRCPT TO:<other@evil.example>\r\n"
	if err := sender(t, s, s.URL()).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := s.Inbox(m.To)[0]
	if got.Subject != "Kode Bcc: other@evil.example <b>x</b> ok" || got.Header.Get("Bcc") != "" || got.Text != m.Text {
		t.Errorf("subject %q, text %q\n%s", got.Subject, got.Text, got.Raw)
	}
	if a := s.Addresses(); len(a) != 1 {
		t.Errorf("went to %v", a)
	}
}

func TestBadMailsArePermanentlyWrong(t *testing.T) {
	s := server(t, mailtest.Config{})
	m := sender(t, s, s.URL())
	for _, to := range []string{"", "budi", "budi@", "@dinas.go.id", "budi@dinas.go.id, ani@dinas.go.id", "Budi <budi@dinas.go.id>",
		"<budi@dinas.go.id>", "budi@dinas.go.id\r\nRCPT TO:<x@evil.example>", "budi @dinas.go.id", " budi@dinas.go.id", "a@b@c"} {
		err := m.Send(t.Context(), code(to))
		if !errors.Is(err, mail.ErrPermanent) {
			t.Errorf("%q: %v", to, err)
		}
	}
	empty := code("budi@dinas.go.id")
	empty.Text = " \n"
	if err := m.Send(t.Context(), empty); !errors.Is(err, mail.ErrPermanent) {
		t.Errorf("an empty mail: %v", err)
	}
	if a := s.Addresses(); len(a) != 0 {
		t.Errorf("sent to %v", a)
	}
}

func TestRefusals(t *testing.T) {
	s := server(t, mailtest.Config{User: "bot", Password: password, MaxSize: 20_000})
	m := sender(t, s, s.URL(), mail.WithTimeout(2*time.Second))
	large := code("budi@dinas.go.id")
	large.Text = strings.Repeat("panjang ", 5000)
	cases := map[string]struct {
		mode      mailtest.Mode
		mail      mail.Message
		permanent bool
		says      string
	}{
		"temporary": {mailtest.ModeTemporary, code("budi@dinas.go.id"), false, "Greylisted"},
		"permanent": {mailtest.ModePermanent, code("budi@dinas.go.id"), true, "no such mailbox"},
		"down":      {mailtest.ModeDown, code("budi@dinas.go.id"), false, "talk to the mail server"},
		"silent":    {mailtest.ModeSilent, code("budi@dinas.go.id"), false, "did not answer in time"},
		"too large": {mailtest.ModeOK, large, true, "size exceeded"},
		"no dot":    {mailtest.ModeOK, code("budi@dinas"), true, "not valid"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s.SetMode(c.mode, 0)
			defer s.SetMode(mailtest.ModeOK, 0)
			err := m.Send(t.Context(), c.mail)
			if err == nil || errors.Is(err, mail.ErrPermanent) != c.permanent || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v", err)
			}
			checkSecrets(t, err)
		})
	}
	if err := m.Send(t.Context(), code("budi@dinas.go.id")); err != nil {
		t.Errorf("after all that: %v", err)
	}
	if n := len(s.Inbox("budi@dinas.go.id")); n != 1 {
		t.Errorf("%d mails", n)
	}
}

func checkSecrets(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{password, "s3cret", "123456", "budi", "Ym90"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error shows %q: %v", secret, err)
		}
	}
}

func TestACancelledSendEndsAtOnce(t *testing.T) {
	s := server(t, mailtest.Config{})
	s.SetMode(mailtest.ModeSilent, 0)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	err := sender(t, s, s.URL(), mail.WithTimeout(time.Hour)).Send(ctx, code("budi@dinas.go.id"))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
