package mailtest_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/smtp"
	"runtime"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/mail/mailtest"
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

const (
	bot  = "bot@dinas.go.id"
	budi = "budi@dinas.go.id"
)

const header = "From: Bot <bot@dinas.go.id>\r\nTo: budi@dinas.go.id\r\nSubject: =?utf-8?q?Halo_=E2=80=93?=\r\n" +
	"Date: Wed, 04 Mar 2026 05:06:07 +0700\r\nMessage-ID: <1@dinas.go.id>\r\n"

func send(s *mailtest.Server, to, raw string) error {
	return smtp.SendMail(s.Addr(), nil, bot, []string{to}, []byte(raw))
}

func TestAMailIsReadAsItsReaderSeesIt(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	s := server(t, mailtest.Config{Now: func() time.Time { return at }})
	raw := header + "Auto-Submitted: auto-generated\r\nContent-Type: multipart/alternative; boundary=x\r\nMIME-Version: 1.0\r\n\r\n" +
		"--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nkode=20123\r\n" +
		"--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<b>123</b>\r\n--x--\r\n"
	if err := send(s, "BUDI@dinas.go.id", raw); err != nil {
		t.Fatal(err)
	}
	got := s.Inbox(budi)
	if len(got) != 1 {
		t.Fatal(got)
	}
	m := got[0]
	if m.From != bot || m.FromName != "Bot" || m.To != "BUDI@dinas.go.id" || m.Subject != "Halo –" || m.Text != "kode 123" ||
		m.HTML != "<b>123</b>" || !m.At.Equal(at) || m.Seen || m.MessageID != "1@dinas.go.id" || m.Raw != raw ||
		m.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("%+v", m)
	}
	s.MarkSeen(m.ID)
	if !s.Inbox(budi)[0].Seen {
		t.Error("not seen")
	}
}

func TestItIsStrict(t *testing.T) {
	s := server(t, mailtest.Config{MaxSize: 5000})
	body := "\r\nhalo\r\n"
	without := func(name string) string {
		var kept []string
		for line := range strings.Lines(header) {
			if !strings.HasPrefix(line, name+":") {
				kept = append(kept, line)
			}
		}
		return strings.Join(kept, "") + body
	}
	cases := map[string]struct{ to, raw, code string }{
		"no domain":         {"budi", header + body, "501"},
		"no dot":            {"budi@dinas", header + body, "553"},
		"underscore":        {"budi@di_nas.go.id", header + body, "553"},
		"long local part":   {strings.Repeat("b", 65) + "@dinas.go.id", header + body, "553"},
		"no From":           {budi, without("From"), "550"},
		"no To":             {budi, without("To"), "550"},
		"no Date":           {budi, without("Date"), "550"},
		"no Message-ID":     {budi, without("Message-ID"), "550"},
		"no Subject":        {budi, without("Subject"), "550"},
		"two subjects":      {budi, header + "Subject: x\r\n" + body, "550"},
		"bad Date":          {budi, strings.Replace(header, "Wed, 04", "Some", 1) + body, "550"},
		"bad From":          {budi, strings.Replace(header, "<bot@dinas.go.id>", "<bot", 1) + body, "550"},
		"bytes in a header": {budi, header + "X-A: \xc3\xbc\r\n" + body, "550"},
		"long line":         {budi, header + body + strings.Repeat("a", 999) + "\r\n", "550"},
		"too large":         {budi, header + body + strings.Repeat("halo\r\n", 1000), "552"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if err := send(s, c.to, c.raw); err == nil || !strings.HasPrefix(err.Error(), c.code) {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
	if err := smtp.SendMail(s.Addr(), nil, "bot", []string{budi}, []byte(header+body)); err == nil || !strings.HasPrefix(err.Error(), "501") {
		t.Errorf("a bad sender: %v", err)
	}
	if a := s.Addresses(); len(a) != 0 {
		t.Errorf("taken: %v", a)
	}
	if err := send(s, budi, header+body); err != nil {
		t.Errorf("a good mail: %v", err)
	}
}

func TestBareLineFeeds(t *testing.T) {
	s := server(t, mailtest.Config{})
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, err = fmt.Fprintf(c, "EHLO me.example\r\nMAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n%s\r\na\nb\r\n.\r\nQUIT\r\n", bot, budi, header)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for b := make([]byte, 1000); ; {
		n, err := c.Read(b)
		all.Write(b[:n])
		if err != nil {
			break
		}
	}
	if !strings.Contains(all.String(), "550 5.6.0 a bare line feed") {
		t.Error(all.String())
	}
}

func TestLogin(t *testing.T) {
	for name, c := range map[string]mailtest.Config{
		"clear":    {User: "bot", Password: "pass"},
		"STARTTLS": {User: "bot", Password: "pass", TLS: mailtest.TLSStart},
	} {
		t.Run(name, func(t *testing.T) {
			s := server(t, c)
			try := func(secure bool, auth smtp.Auth) error {
				client, err := smtp.Dial(s.Addr())
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = client.Close() }()
				if secure {
					if err := client.StartTLS(&tls.Config{RootCAs: s.CA(), ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}); err != nil {
						return err
					}
				}
				if auth != nil {
					if err := client.Auth(auth); err != nil {
						return err
					}
				}
				return client.Mail(bot)
			}
			secure := c.TLS == mailtest.TLSStart
			if err := try(secure, smtp.PlainAuth("", "bot", "pass", "127.0.0.1")); err != nil {
				t.Error(err)
			}
			if err := try(secure, smtp.PlainAuth("", "bot", "wrong", "127.0.0.1")); err == nil || !strings.HasPrefix(err.Error(), "535") {
				t.Errorf("a wrong password: %v", err)
			}
			if err := try(secure, nil); err == nil || !strings.HasPrefix(err.Error(), "530") {
				t.Errorf("no login: %v", err)
			}
			if !secure {
				return
			}
			if err := try(false, nil); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
				t.Errorf("no TLS: %v", err)
			}
			if err := try(false, smtp.PlainAuth("", "bot", "pass", "127.0.0.1")); err == nil || !strings.HasPrefix(err.Error(), "523") {
				t.Errorf("a login in clear: %v", err)
			}
		})
	}
}

func TestLateMail(t *testing.T) {
	s := server(t, mailtest.Config{})
	s.SetMode(mailtest.ModeLate, 80*time.Millisecond)
	if err := send(s, budi, header+"\r\nhalo\r\n"); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Inbox(budi)); n != 0 {
		t.Error("it shows up at once")
	}
	s.SetMode(mailtest.ModeOK, 0)
	if m, err := s.Next(t.Context(), budi); err != nil || strings.TrimSpace(m.Text) != "halo" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestDownAndUpAgain(t *testing.T) {
	s := server(t, mailtest.Config{})
	client, err := smtp.Dial(s.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	s.SetMode(mailtest.ModeDown, 0)
	if err := client.Noop(); err == nil {
		t.Error("an open connection lives on")
	}
	if err := send(s, budi, header+"\r\nhalo\r\n"); err == nil {
		t.Error("it takes mails")
	}
	s.SetMode(mailtest.ModeOK, 0)
	if err := send(s, budi, header+"\r\nhalo\r\n"); err != nil {
		t.Error(err)
	}
	if m, _ := s.Mode(); m != mailtest.ModeOK {
		t.Error(m)
	}
}

func TestNext(t *testing.T) {
	s := server(t, mailtest.Config{})
	got := make(chan mailtest.Mail)
	go func() {
		for range 2 {
			m, err := s.Next(t.Context(), "Budi@dinas.go.id")
			if err != nil {
				t.Error(err)
			}
			got <- m
		}
	}()
	s.Put(mailtest.Mail{From: "x@x.id", To: "ani@dinas.go.id", Subject: "not his"})
	s.Put(mailtest.Mail{From: "osd@bssn.go.id", To: budi, Subject: "one", HTML: "<b>1</b>", Header: mail.Header{}})
	s.Put(mailtest.Mail{From: "osd@bssn.go.id", To: budi, Subject: "two"})
	if one, two := <-got, <-got; one.Subject != "one" || two.Subject != "two" || one.ID >= two.ID || one.At.IsZero() {
		t.Error(one, two)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Next(ctx, budi); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a third: %v", err)
	}
	if a := fmt.Sprint(s.Addresses()); a != "[ani@dinas.go.id budi@dinas.go.id]" {
		t.Error(a)
	}
	s.Clear(budi)
	if len(s.Inbox(budi)) != 0 || len(s.Inbox("ani@dinas.go.id")) != 1 {
		t.Error("the wrong inbox is empty")
	}
	s.Clear("")
	if len(s.Addresses()) != 0 {
		t.Error("not all are empty")
	}
}

func TestSubscribe(t *testing.T) {
	s := server(t, mailtest.Config{})
	changed, cancel := s.Subscribe()
	word := func() bool {
		select {
		case <-changed:
			return true
		default:
			return false
		}
	}
	for name, change := range map[string]func(){
		"mail":  func() { s.Put(mailtest.Mail{To: budi}); s.Put(mailtest.Mail{To: budi}) },
		"seen":  func() { s.MarkSeen(1) },
		"clear": func() { s.Clear("") },
		"mode":  func() { s.SetMode(mailtest.ModeSilent, 0) },
	} {
		if name == "seen" {
			s.Put(mailtest.Mail{To: budi})
			word()
			change = func() { s.MarkSeen(s.Inbox(budi)[0].ID) }
		}
		change()
		if !word() || word() {
			t.Errorf("%s: not one word", name)
		}
	}
	cancel()
	s.Put(mailtest.Mail{To: budi})
	if word() {
		t.Error("told after the end")
	}
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 { // a Close right after Start, too
		s, err := mailtest.Start(mailtest.Config{TLS: mailtest.TLSImplicit})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s, err := mailtest.Start(mailtest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s.SetMode(mailtest.ModeLate, time.Hour)
	s.Put(mailtest.Mail{To: budi})
	for _, m := range mailtest.Modes() {
		s.SetMode(m, time.Hour)
		if c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Addr()); err == nil {
			defer func() { _ = c.Close() }()
		}
	}
	waits := make(chan error)
	go func() { _, err := s.Next(context.Background(), budi); waits <- err }()
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := <-waits; !errors.Is(err, mailtest.ErrClosed) {
		t.Error(err)
	}
	for end := time.Now().Add(time.Minute); runtime.NumGoroutine() > before; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}
