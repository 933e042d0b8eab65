package bsretest

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
	"time"

	"resetpin/handlers/bsre"
)

type server struct {
	http     *http.Server
	listener net.Listener
	done     chan struct{}
}

// Start listens on loopback and serves everything until Close: the eSign
// Client Service, portal and sign-on over HTTP, the site over HTTPS.
func (w *World) Start() error {
	for _, p := range []struct {
		place   Place
		addr    string
		handler http.Handler
		tls     *tls.Config
	}{
		{PlaceAPI, "127.0.0.1:0", w.API(), nil},
		{PlacePortal, "127.0.0.1:0", w.Portal(), nil},
		{PlaceSSO, "127.0.0.1:0", w.SSO(), nil},
		{placeSite, w.options.SiteAddr, w.Site(), w.SiteTLS()},
	} {
		if err := w.listen(p.place, p.addr, p.handler, p.tls); err != nil {
			return errors.Join(err, w.Close())
		}
	}
	w.serving = true
	for _, s := range w.servers { // not before all ports are known
		go w.serve(s)
	}
	return nil
}

func (w *World) listen(p Place, addr string, h http.Handler, config *tls.Config) error {
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen for the pretend BSrE: %w", err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return errors.Join(fmt.Errorf("listen for the pretend BSrE: %w", err), l.Close())
	}
	w.ports[p] = port
	if config != nil {
		l = tls.NewListener(l, config)
	}
	w.servers = append(w.servers, &server{listener: l, done: make(chan struct{}), http: &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: log.New(io.Discard, "", 0), // browsers that break off at the warning page are the point here
	}})
	return nil
}

func (w *World) serve(s *server) {
	defer close(s.done)
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		w.options.Logger.Error("the pretend BSrE stopped", "error", err)
	}
}

// Close ends what Start began, and all subscriptions. It waits for mails that
// are being handed over.
func (w *World) Close() error {
	var all error
	for _, s := range w.servers {
		all = errors.Join(all, s.http.Close())
		if !w.serving {
			all = errors.Join(all, s.listener.Close())
			continue
		}
		<-s.done
	}
	w.servers = nil
	w.mailing.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	for s := range w.watchers {
		w.unwatch(s)
	}
	return all
}

func (w *World) base(p Place) string { return "http://127.0.0.1:" + w.ports[p] }

// APIURL is where the eSign Client Service is, after Start.
func (w *World) APIURL() string { return w.base(PlaceAPI) }

// PortalURL is where the portal is, after Start.
func (w *World) PortalURL() string { return w.base(PlacePortal) }

// SSOURL is the sign-on's token address, after Start.
func (w *World) SSOURL() string { return w.base(PlaceSSO) + TokenPath }

// SiteAddr is where the HTTPS site listens, after Start: host and port.
func (w *World) SiteAddr() string { return net.JoinHostPort("127.0.0.1", w.ports[placeSite]) }

// Config is a right configuration for the status, after Start.
func (w *World) Config() bsre.Config {
	return bsre.Config{URL: w.APIURL(), Username: w.options.Username, Password: w.options.Password}
}

// PortalConfig is a right configuration for the portal, after Start.
func (w *World) PortalConfig() bsre.PortalConfig {
	return bsre.PortalConfig{
		URL: w.PortalURL(), SSOURL: w.SSOURL(), Username: w.options.Operator, Password: w.options.OperatorPassword,
		TOTPSecret: w.options.TOTPSecret, Gap: w.options.Gap,
	}
}

// Client is a browser that trusts the site's authority and finds the site
// wherever it listens.
func (w *World) Client() *http.Client {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(w.CAPEM())
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, w.SiteAddr())
		},
	}}
}
