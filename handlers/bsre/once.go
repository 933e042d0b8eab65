package bsre

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// newOnceTransport gives a transport for requests with an effect. Go's own
// repeats a GET by itself when a kept connection breaks, and HTTP/2 repeats
// refused streams; neither happens to the first request of a new HTTP/1
// connection.
func newOnceTransport(ca *x509.CertPool) *http.Transport {
	t := newTransport(ca)
	t.DisableKeepAlives = true
	t.ForceAttemptHTTP2 = false
	t.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	return t
}

// exchangeOnce sends a request with an effect. The error tells whether it can
// have reached the other side: ErrUnavailable when there was no connection to
// send it on, else ErrOutcomeUnknown.
func exchangeOnce(rt http.RoundTripper, req *http.Request) (answer, error) {
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	a, err := exchange(rt, req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	switch {
	case err == nil:
		return a, nil
	case !connected.Load():
		return answer{}, fmt.Errorf("%w: it was not sent: %w", ErrUnavailable, err)
	}
	return answer{}, fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
}
