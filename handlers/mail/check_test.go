package mail_test

import (
	"bufio"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/handlers/mail"
	"resetpin/handlers/mail/mailtest"
)

func TestNewRefusesBadSettings(t *testing.T) {
	for url, says := range map[string]string{
		"":                                     "want smtp://",
		"mail.dinas.go.id:587":                 "",
		"http://mail.dinas.go.id":              "want smtp://",
		"smtp://":                              "want nothing but",
		"smtp:mail.dinas.go.id":                "want nothing but",
		"smtp://bot:s3cret@mail.dinas.go.id:0": "port",
		"smtp://bot:s3cret@mail.dinas.go.id:99999": "port",
		"smtp://bot:s3cret@mail.dinas.go.id:x":     "not a URL",
		"smtp://bot:s3cret/x@mail.dinas.go.id":     "",
		"smtp://bot:s3cret#x@mail.dinas.go.id":     "",
		"smtp://bot:s3cret%x@mail.dinas.go.id":     "not a URL",
		"smtp://bot@mail.dinas.go.id":              "neither",
		"smtp://:s3cret@mail.dinas.go.id":          "neither",
		"smtp://mail.dinas.go.id/inbox":            "want nothing but",
		"smtp://mail.dinas.go.id?tls=no":           "tls=required",
		"smtps://mail.dinas.go.id?tls=off":         "tls=off with smtp://",
		"smtp://mail.dinas.go.id?ssl=s3cret":       "tls=required",
		"smtp://mail.dinas.go.id?%zz=s3cret":       "tls=required",
	} {
		_, err := mail.New(url, from)
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "SMTP_URL") || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, from := range []string{"", "bot", "Bot", "a@b.c, d@e.f", "Bot <bot@dinas.go.id>\r\nBcc: x@evil.example"} {
		if _, err := mail.New("smtp://mail.dinas.go.id", from); err == nil || !strings.Contains(err.Error(), "MAIL_FROM") {
			t.Errorf("%q: %v", from, err)
		}
	}
	for _, url := range []string{"smtp://mail.dinas.go.id", "smtps://bot:a%2Fb@[::1]/", " smtp://bot:p%40ss@10.0.0.1:25?tls=required\n"} {
		if _, err := mail.New(url, "bot@dinas.go.id"); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func FuzzNew(f *testing.F) {
	f.Add("smtp://user:geheimnis@host:587?tls=required", "Bot <bot@x.id>")
	f.Add("smtps://user:geheimnis@[::1]:465/#", "=?utf-8?q?=0d=0a?= <a@b>")
	f.Add("smtp://user:%zzgeheimnis@host", "\"a\\\"b\" <a@b>")
	f.Fuzz(func(t *testing.T, url, from string) {
		if _, err := mail.New(url, from); err != nil {
			if strings.Contains(err.Error(), "geheimnis") && !strings.Contains(from, "geheimnis") && strings.Contains(url, ":geheimnis@") {
				t.Errorf("the error shows the password: %v", err)
			}
		}
	})
}

// TestCheckSaysHowToMendIt goes through what administrators get wrong.
func TestCheckSaysHowToMendIt(t *testing.T) {
	plain := server(t, mailtest.Config{})
	locked := server(t, mailtest.Config{User: "bot", Password: password})
	start := server(t, mailtest.Config{TLS: mailtest.TLSStart, User: "bot", Password: password})
	implicit := server(t, mailtest.Config{TLS: mailtest.TLSImplicit, User: "bot", Password: password})
	nobody, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := nobody.Addr().String()
	if err := nobody.Close(); err != nil {
		t.Fatal(err)
	}
	login := "bot:s3cret%2Fp%40ss%3Aword%23%25@"
	cases := map[string]struct {
		url  string
		ca   *x509.CertPool
		says string
	}{
		"unknown host":       {"smtp://mail.invalid:587", nil, "cannot be found: check the host"},
		"closed port":        {"smtp://" + closed, nil, "nothing listens"},
		"no TLS there":       {"smtps://" + plain.Addr(), nil, "does not speak TLS from the first byte"},
		"TLS only there":     {"smtp://" + login + implicit.Addr(), nil, "smtps://"},
		"no STARTTLS":        {"smtp://" + login + locked.Addr() + "?tls=required", nil, "offers no STARTTLS"},
		"unknown CA":         {start.URL(), x509.NewCertPool(), "not trusted"},
		"unknown CA, smtps":  {implicit.URL(), x509.NewCertPool(), "not trusted"},
		"wrong password":     {"smtp://bot:wrong@" + start.Addr(), start.CA(), "refuses the login"},
		"wrong password too": {"smtp://bot:wrong@" + locked.Addr(), nil, "refuses the login"},
		"login not wanted":   {"smtp://" + login + plain.Addr(), nil, "take user and password out"},
		"login missing":      {"smtp://" + locked.Addr(), nil, "takes no mail from bot@dinas.go.id"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m, err := mail.New(c.url, from, mail.WithCA(c.ca), mail.WithTimeout(time.Second))
			if err != nil {
				t.Fatal(err)
			}
			err = m.Check(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v, want %s", err, c.says)
			}
			checkSecrets(t, err)
			if strings.Contains(err.Error(), "wrong@") || strings.Contains(err.Error(), "\n") {
				t.Error(err)
			}
		})
	}
	s := strings.Replace(start.URL(), "127.0.0.1", "localhost", 1)
	m, err := mail.New(s, from, mail.WithCA(start.CA()))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestNothingIsSaidInClear stands between the client and a server that lost
// its STARTTLS on the way: where TLS is required, no word of the login or
// the mail goes out.
func TestNothingIsSaidInClear(t *testing.T) {
	for name, offer := range map[string]string{"login offered": "AUTH PLAIN LOGIN", "STARTTLS refused": "STARTTLS"} {
		t.Run(name, func(t *testing.T) {
			addr, heard := eavesdropper(t, offer)
			for _, login := range []string{"bot:geheimnis@", ""} {
				m, err := mail.New("smtp://"+login+addr+"?tls=required", from, mail.WithTimeout(2*time.Second))
				if err != nil {
					t.Fatal(err)
				}
				if err := m.Send(t.Context(), code("budi@dinas.go.id")); err == nil {
					t.Error("sent without TLS")
				}
				if err := m.Check(t.Context()); err == nil {
					t.Error("checked without TLS")
				}
			}
			for _, word := range []string{"AUTH", "MAIL", "geheimnis", base64.StdEncoding.EncodeToString([]byte("\x00bot\x00geheimnis"))} {
				if strings.Contains(heard(), word) {
					t.Errorf("said in clear: %s", heard())
				}
			}
		})
	}
}

// TestAServerThatRepeatsThePassword is rude, but its words reach the log.
func TestAServerThatRepeatsThePassword(t *testing.T) {
	addr, heard := eavesdropper(t, "AUTH PLAIN")
	m, err := mail.New("smtp://bot:geheimnis@"+addr, from, mail.WithTimeout(2*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	err = m.Check(t.Context())
	if err == nil || !strings.Contains(heard(), "AUTH PLAIN ") {
		t.Fatalf("got %v after %s", err, heard())
	}
	if strings.Contains(err.Error(), "geheimnis") || strings.Contains(err.Error(), base64.StdEncoding.EncodeToString([]byte("\x00bot\x00geheimnis"))) {
		t.Error(err)
	}
}

// eavesdropper is a server that offers one extension, refuses everything but
// a greeting by repeating it, and remembers what it heard.
func eavesdropper(t *testing.T, offer string) (addr string, heard func() string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	var mu sync.Mutex
	var all strings.Builder
	talk := func(c net.Conn) {
		defer func() { _ = c.Close() }()
		_, _ = fmt.Fprint(c, "220 evil.example ESMTP\r\n")
		for lines := bufio.NewScanner(c); lines.Scan(); {
			line := lines.Text()
			mu.Lock()
			all.WriteString(line + "\n")
			mu.Unlock()
			if strings.HasPrefix(line, "EHLO") {
				_, _ = fmt.Fprintf(c, "250-evil.example\r\n250 %s\r\n", offer)
			} else {
				_, _ = fmt.Fprintf(c, "535 5.7.8 not %s, geheimnis\r\n", line)
			}
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go talk(c)
		}
	}()
	return l.Addr().String(), func() string {
		mu.Lock()
		defer mu.Unlock()
		return all.String()
	}
}
