package bsre

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"resetpin/handlers/bsre/outside"
	"resetpin/handlers/network"
	"time"
)

// maxAnswer bounds what is read of an answer, in bytes. The longest real one,
// a person's details with old certificates, has a few thousand.
const maxAnswer = 256 << 10

// answer is an HTTP answer read to its end.
type answer struct {
	code int
	date string // the server's clock, as its header says it
	body []byte
}

// newTransport gives a transport that keeps connections for calls that only
// read. Nothing here follows redirects: none of BSrE's calls redirects, a
// proxy's login page does.
func newTransport(ca *x509.CertPool) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		TLSClientConfig:        &tls.Config{RootCAs: ca, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true, // the answers are shorter than the effort
	}
}

// exchange sends a request and reads the answer. Its errors never hold the
// request's address, in which a NIK can stand.
func exchange(rt http.RoundTripper, req *http.Request) (answer, error) {
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return answer{}, newNetError(req.Context(), err)
	}
	body, err := readBody(resp)
	if closed := resp.Body.Close(); err == nil {
		err = closed
	}
	a := answer{code: resp.StatusCode, date: resp.Header.Get("Date"), body: body}
	if err != nil {
		return a, newNetError(req.Context(), err)
	}
	return a, nil
}

// errLong is the error for an answer that is longer than any real one.
var errLong = errors.New("the answer does not end")

func readBody(resp *http.Response) ([]byte, error) {
	if n := resp.ContentLength; n >= 0 && n <= maxAnswer {
		body := make([]byte, n)
		if _, err := io.ReadFull(resp.Body, body); err != nil {
			return nil, err
		}
		return body, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = errLong
	}
	return body, err
}

// netError is a failed exchange in words of our own: the library's text can
// hold the address, and bytes that the other side sent.
type netError struct {
	cause  network.Cause
	detail string // who issued a certificate, or when it is good; may be empty
	err    error
}

func newNetError(ctx context.Context, err error) *netError {
	if cause := ctx.Err(); cause != nil {
		err = cause // what broke because of it tells less
	}
	cut := &netError{cause: network.CauseOf(err), detail: certificateWords(err), err: err}
	if errors.Is(err, errLong) {
		cut.cause = network.Cause(errLong.Error())
	}
	return cut
}

// Error gives our words.
func (e *netError) Error() string {
	if e.detail == "" {
		return string(e.cause)
	}
	return string(e.cause) + " (" + e.detail + ")"
}

// Unwrap gives the library's error, to be asked for its kind and not shown.
func (e *netError) Unwrap() error { return e.err }

// certificateWords tells of a certificate that was refused who issued it and
// when it is good. A server wrote that: it is cleaned.
func certificateWords(err error) string {
	var refused *tls.CertificateVerificationError
	if !errors.As(err, &refused) || len(refused.UnverifiedCertificates) == 0 {
		return ""
	}
	c := refused.UnverifiedCertificates[0]
	sum := sha256.Sum256(c.Raw)
	return fmt.Sprintf("issued by %q, good from %s to %s, SHA-256 %X", outside.Clean(c.Issuer.String(), maxMessage), c.NotBefore.Format(time.DateOnly), c.NotAfter.Format(time.DateOnly), sum)
}

// unavailable says that nothing came of asking.
func unavailable(what string, cause error) error {
	return fmt.Errorf("%w: %s: %w", ErrUnavailable, what, cause)
}
