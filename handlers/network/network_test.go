package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nobody gives an address at which nobody listens: the near end of a
// connection, whose port nobody else gets while it is open.
func nobody(t *testing.T, server *httptest.Server) string {
	t.Helper()
	held, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = held.Close() })
	return "https://" + held.LocalAddr().String()
}

// serve gives a server with TLS as config wants it, and its CA.
func serve(t *testing.T, config *tls.Config, answer http.HandlerFunc) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	s := httptest.NewUnstartedServer(answer)
	s.TLS, s.Config.ErrorLog = config, log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return s, pool
}

// What goes wrong between a real client and a real server is named by its
// cause, however often it is wrapped.
func TestCauseOf(t *testing.T) {
	t.Parallel()
	never := make(chan struct{})
	good, pool := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cut":
			panic(http.ErrAbortHandler)
		case "/silent":
			<-never
		}
	})
	t.Cleanup(func() { close(never) }) // before the server is closed, which waits for it
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	old, oldPool := serve(t, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, nil)
	client, clientPool := serve(t, &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}, nil)
	late := func() time.Time { return good.Certificate().NotAfter.Add(time.Hour) }
	for name, c := range map[string]struct {
		url    string
		ca     *x509.CertPool
		clock  func() time.Time
		within time.Duration // 0: as long as it takes; negative: called off
		want   Cause
	}{
		"called off":         {good.URL, pool, nil, -1, CalledOff},
		"silent":             {good.URL + "/silent", pool, nil, 300 * time.Millisecond, Late},
		"no such host":       {"https://server.invalid", pool, nil, 0, NoName},
		"nobody":             {nobody(t, plain), pool, nil, 0, Refused},
		"a strange CA":       {good.URL, x509.NewCertPool(), nil, 0, Authority},
		"another name":       {strings.Replace(good.URL, "127.0.0.1", "localhost", 1), pool, nil, 0, OtherHost},
		"ended":              {good.URL, pool, late, 0, Invalid},
		"no TLS":             {"https" + strings.TrimPrefix(plain.URL, "http"), pool, nil, 0, NoTLS},
		"old TLS":            {old.URL, oldPool, nil, 0, OldTLS},
		"client certificate": {client.URL, clientPool, nil, 0, ClientCertificate},
		"cut":                {good.URL + "/cut", pool, nil, 0, Cut},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			switch {
			case c.within < 0:
				cancel()
			case c.within > 0:
				ctx, cancel = context.WithTimeout(ctx, c.within)
				defer cancel()
			}
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			way := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: c.ca, Time: c.clock, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}
			answer, err := way.RoundTrip(req)
			if err == nil {
				_ = answer.Body.Close()
				t.Fatal("it was answered")
			}
			if got := CauseOf(fmt.Errorf("ask: %w", err)); got != c.want {
				t.Errorf("%q, want %q: %v", got, c.want, err)
			}
		})
	}
}

// What no server here can be made to do.
func TestCauseOfTheRest(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]Cause{
		&net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH}: NoWay,
		&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}:  NoWay,
		&net.OpError{Op: "read", Err: syscall.ECONNRESET}:   Cut,
		io.ErrUnexpectedEOF: Cut,
		errors.New("x"):     Unknown,
	} {
		if got := CauseOf(err); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}
