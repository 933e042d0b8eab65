package bsre_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
)

// nobody gives an address at which nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	// The near end of a connection: while it is open nobody else gets its port,
	// and nobody listens there.
	held, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = held.Close() })
	return "http://" + held.LocalAddr().String()
}

func TestStatusCheck(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	secure := httptest.NewTLSServer(w.API())
	t.Cleanup(secure.Close)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>masuk") }))
	t.Cleanup(page.Close)
	empty := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(empty.Close)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}))
	for name, c := range map[string]struct {
		change func(*bsre.Config)
		err    error
		advice string
	}{
		"right":             {func(*bsre.Config) {}, nil, ""},
		"right, v1":         {func(c *bsre.Config) { c.API = bsre.V1 }, nil, ""},
		"right, with TLS":   {func(c *bsre.Config) { c.URL, c.CA = secure.URL, pool }, nil, ""},
		"unknown authority": {func(c *bsre.Config) { c.URL = secure.URL }, bsre.ErrUnavailable, "BSRE_CA_FILE"},
		"another host":      {func(c *bsre.Config) { c.URL, c.CA = strings.Replace(secure.URL, "127.0.0.1", "localhost", 1), pool }, bsre.ErrUnavailable, "own name in BSRE_URL"},
		"no TLS there":      {func(c *bsre.Config) { c.URL = "https" + strings.TrimPrefix(c.URL, "http") }, bsre.ErrUnavailable, "http://"},
		"nobody there":      {func(c *bsre.Config) { c.URL = nobody(t) }, bsre.ErrUnavailable, "firewall"},
		"no such host":      {func(c *bsre.Config) { c.URL = "http://bsre.invalid" }, bsre.ErrUnavailable, "BSRE_URL"},
		"wrong password":    {func(c *bsre.Config) { c.Password = "salah" }, bsre.ErrCredentials, "BSRE_PASSWORD"},
		"wrong path":        {func(c *bsre.Config) { c.URL = empty.URL }, bsre.ErrUnavailable, "BSRE_API"},
		"a proxy":           {func(c *bsre.Config) { c.URL = page.URL }, bsre.ErrUnavailable, "proxy"},
	} {
		config := w.Config()
		config.Timeout = 20 * time.Second // nothing here waits for it
		c.change(&config)
		_, err := statusClient(t, config).Check(t.Context())
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (!strings.Contains(err.Error(), c.advice) || strings.Contains(err.Error(), config.Password)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStatusCheckOfFaults(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	config := w.Config()
	config.Timeout = 300 * time.Millisecond
	client := statusClient(t, config)
	for mode, advice := range map[bsretest.Mode]string{
		bsretest.ModeError: "out of order", bsretest.ModeGateway: "proxy", bsretest.ModeBusy: "again in a minute", bsretest.ModeLimit: "again in a minute",
		bsretest.ModeHTML: "proxy", bsretest.ModeEmpty: "BSRE_URL", bsretest.ModeSilent: "firewall", bsretest.ModeDown: "BSRE_URL",
	} {
		w.Set(bsretest.PlaceAPI, mode, time.Minute)
		if _, err := client.Check(t.Context()); err == nil || !strings.Contains(err.Error(), advice) {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestPortalCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*bsre.PortalConfig)
		err    error
		advice string
	}{
		"right":          {func(*bsre.PortalConfig) {}, nil, ""},
		"wrong password": {func(c *bsre.PortalConfig) { c.Password = "salah" }, bsre.ErrCredentials, "BSRE_PORTAL_PASSWORD"},
		"wrong secret":   {func(c *bsre.PortalConfig) { c.TOTPSecret = "GEZDGNBVGY3TQOJQ" }, bsre.ErrCredentials, "BSRE_PORTAL_TOTP_SECRET"},
		"no secret":      {func(c *bsre.PortalConfig) { c.TOTPSecret = "" }, bsre.ErrCredentials, "bsre login"},
		"nobody there":   {func(c *bsre.PortalConfig) { c.URL = nobody(t) }, bsre.ErrUnavailable, "BSRE_PORTAL_URL"},
		"no sign-on":     {func(c *bsre.PortalConfig) { c.SSOURL = nobody(t) }, bsre.ErrUnavailable, "BSRE_SSO_URL"},
		"wrong realm":    {func(c *bsre.PortalConfig) { c.SSOURL += "s" }, bsre.ErrUnavailable, "BSRE_SSO_URL"},
	} {
		w := start(t, bsretest.Options{})
		config := w.PortalConfig()
		config.Timeout = 20 * time.Second // nothing here waits for it
		c.change(&config)
		_, err := portal(t, config).Check(t.Context())
		if !errors.Is(err, c.err) || c.err != nil && err == nil {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (!strings.Contains(err.Error(), c.advice) || strings.Contains(err.Error(), w.PortalConfig().Password)) {
			t.Errorf("%s: %v", name, err)
		}
		if len(w.Mails()) > 0 {
			t.Errorf("%s: the doctor made BSrE send a mail", name)
		}
	}
}

func TestCallCheck(t *testing.T) {
	t.Parallel()
	server, all := gateway(t, 200, "")
	for address, advice := range map[string]string{
		server.URL + "/{nik}": "",
		nobody(t) + "/{nik}":  "BSRE_RESET_URL",
		"https" + strings.TrimPrefix(server.URL, "http") + "/x": "BSRE_RESET_URL",
		"http://bsre.invalid/": "BSRE_RESET_URL",
	} {
		call, err := bsre.NewCall(bsre.CallConfig{URL: address, Timeout: 2 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if err := call.Check(t.Context()); (err == nil) != (advice == "") || err != nil && !strings.Contains(err.Error(), advice) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if len(*all) > 0 {
		t.Errorf("the doctor called the gateway: %+v", *all)
	}
}

// The doctor proves the secret that is set, not the session that is kept, and
// leaves neither a session nor another change behind.
func TestPortalCheckLogsInAnewAndOut(t *testing.T) {
	t.Parallel()
	tokens := &memory{}
	w, c, build := clocked(t, tokens)
	lookup(t, build()) // a session is kept
	kept := func() string { return string(regexp.MustCompile(`"step":.*`).ReplaceAll(tokens.data, nil)) }
	before := kept()
	if _, err := onClock(t, w, c, tokens, "GEZDGNBVGY3TQOJQ").Check(t.Context()); !errors.Is(err, bsre.ErrCredentials) {
		t.Errorf("a wrong secret beside a good session: %v", err)
	}
	seen, err := build().Check(t.Context())
	if err != nil || seen.Stays {
		t.Errorf("%+v, %v", seen, err)
	}
	if n := w.Sessions(); n != 1 || kept() != before {
		t.Errorf("%d sessions stay open; kept is now %q, and was %q", n, kept(), before)
	}
	if problems := w.Problems(); len(problems) != 1 { // the wrong secret's code
		t.Errorf("%q", problems)
	}
}

func TestStatusCheckTellsWhichAPIIsThere(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	for _, c := range []struct {
		there []string
		api   bsre.API
		want  string // of the error; empty: none
		seen  int
	}{
		{nil, bsre.V2, "", 2}, {[]string{"v2"}, bsre.V2, "", 1}, {[]string{"v1"}, "", "set BSRE_API=v1", 1}, {[]string{"v2"}, bsre.V1, "set BSRE_API=v2", 1}, {[]string{}, bsre.V2, "check BSRE_URL and BSRE_API", 0},
	} {
		w.SetAPIs(c.there...)
		if c.there != nil && len(c.there) == 0 {
			w.SetAPIs("none")
		}
		config := w.Config()
		config.API, config.Timeout = c.api, 20*time.Second
		seen, err := statusClient(t, config).Check(t.Context())
		if len(seen.APIs) != c.seen || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v asked by %q: %+v, %v", c.there, c.api, seen, err)
		}
	}
}

// What a server's TLS lacks is told as what it is.
func TestCausesOfTLSAreKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config *tls.Config
		want   []string
	}{
		"an old version":       {&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, []string{"old TLS", "TLS 1.2"}},
		"a client certificate": {&tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}, []string{"a certificate of who asks"}},
		"an unknown authority": {&tls.Config{MinVersion: tls.VersionTLS12}, []string{"issued by \"O=Acme Co\"", "good from 1970-01-01 to 2084-01-29", "SHA-256 ", "by telephone", "BSRE_CA_FILE"}},
	} {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.TLS = c.config
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		config := bsre.Config{URL: server.URL, Timeout: 20 * time.Second}
		if c.config.ClientAuth != 0 {
			config.CA = x509.NewCertPool()
			config.CA.AddCert(server.Certificate())
		}
		_, err := statusClient(t, config).Check(t.Context())
		server.Close()
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
