// Package network tells what went wrong on the way to a server.
package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// Cause is what went wrong, in words for an administrator. They hold nothing
// that the other side sent, and no address.
type Cause string

// The causes.
const (
	CalledOff Cause = "the question was called off"
	Late      Cause = "no answer in time"
	NoName    Cause = "the host's name is not known"
	Refused   Cause = "connection refused"
	NoWay     Cause = "no way to the host"
	Authority Cause = "the certificate comes from an unknown authority"
	OtherHost Cause = "the certificate belongs to another host"
	Invalid   Cause = "the certificate is not valid"
	NoTLS     Cause = "the server does not speak TLS"
	OldTLS    Cause = "the server speaks an old TLS only, which nobody should"
	Cut       Cause = "the connection was cut"
	Unknown   Cause = "the connection failed"

	ClientCertificate Cause = "the server wants a certificate of who asks"
)

// CauseOf tells the cause of an error of net, crypto/tls or net/http.
func CauseOf(err error) Cause {
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
		return CalledOff
	case errors.Is(err, context.DeadlineExceeded):
		return Late
	case errors.As(err, &dns):
		return NoName
	case errors.Is(err, syscall.ECONNREFUSED):
		return Refused
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return NoWay
	case errors.As(err, &authority):
		return Authority
	case errors.As(err, &host):
		return OtherHost
	case errors.As(err, &invalid):
		return Invalid
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return NoTLS
	case alert(err) == "tls: protocol version not supported", strings.Contains(err.Error(), "tls: server selected unsupported protocol version"):
		return OldTLS
	case alert(err) == "tls: certificate required", alert(err) == "tls: bad certificate":
		return ClientCertificate
	case errors.As(err, &timeout) && timeout.Timeout():
		return Late
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return Cut
	}
	return Unknown
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
