package bsre

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"resetpin/handlers/bsre/outside"
	"strings"
	"syscall"
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
	words  string
	detail string // who issued a certificate, or when it is good; may be empty
	err    error
}

func newNetError(ctx context.Context, err error) *netError {
	if cause := ctx.Err(); cause != nil {
		err = cause // what broke because of it tells less
	}
	return &netError{words: netWords(err), detail: certificateWords(err), err: err}
}

// Error gives our words.
func (e *netError) Error() string {
	if e.detail == "" {
		return e.words
	}
	return e.words + " (" + e.detail + ")"
}

// Unwrap gives the library's error, to be asked for its kind and not shown.
func (e *netError) Unwrap() error { return e.err }

// The words for what went wrong on the way.
const (
	wordsCalledOff = "the question was called off"
	wordsLate      = "no answer in time"
	wordsNoName    = "the host's name is not known"
	wordsRefused   = "connection refused"
	wordsNoWay     = "no way to the host"
	wordsAuthority = "the certificate comes from an unknown authority"
	wordsOtherHost = "the certificate belongs to another host"
	wordsInvalid   = "the certificate is not valid"
	wordsNoTLS     = "the server does not speak TLS"
	wordsOldTLS    = "the server speaks an old TLS only, which nobody should"

	wordsClientCertificate = "the server wants a certificate of who asks"
)

func netWords(err error) string {
	var (
		dns       *net.DNSError
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		timeout   net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return wordsCalledOff
	case errors.Is(err, context.DeadlineExceeded):
		return wordsLate
	case errors.As(err, &dns):
		return wordsNoName
	case errors.Is(err, syscall.ECONNREFUSED):
		return wordsRefused
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return wordsNoWay
	case errors.As(err, &authority):
		return wordsAuthority
	case errors.As(err, &host):
		return wordsOtherHost
	case errors.As(err, &invalid):
		return wordsInvalid
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return wordsNoTLS
	case alert(err) == "tls: protocol version not supported", strings.Contains(err.Error(), "tls: server selected unsupported protocol version"):
		return wordsOldTLS
	case alert(err) == "tls: certificate required", alert(err) == "tls: bad certificate":
		return wordsClientCertificate
	case errors.As(err, &timeout) && timeout.Timeout():
		return wordsLate
	case errors.Is(err, errLong):
		return errLong.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was cut"
	}
	return "the connection failed"
}

// alert gives the words of what a server refused a handshake with; empty:
// none. crypto/tls has names for them (RFC 8446, 6.2), but no type.
func alert(err error) string {
	var remote *net.OpError
	if errors.As(err, &remote) && remote.Op == "remote error" && remote.Err != nil {
		return remote.Err.Error()
	}
	return ""
}

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
