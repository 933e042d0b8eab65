package resetsite

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
)

// dial opens a connection to host:port. A name under localhost is this very
// machine (RFC 6761, 6.3), as it is for browsers, whatever the resolver says.
func dial(ctx context.Context, address string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(address); err == nil && strings.HasSuffix(host, ".localhost") {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", address)
}

// chain gives the certificates that the site shows, its own first. Nothing is
// sent to the site beyond the handshake, so it need not be trusted for that.
func (p *Probe) chain(ctx context.Context) ([]*x509.Certificate, error) {
	raw, err := p.c.Dial(ctx, p.addr)
	if err != nil {
		return nil, fmt.Errorf("reach %s: %w", p.addr, err)
	}
	conn := tls.Client(raw, &tls.Config{
		ServerName: p.host, MinVersion: tls.VersionTLS12, // what browsers accept
		InsecureSkipVerify: true, //nolint:gosec // classify does it: an untrusted certificate is to be looked at, not refused
	})
	err = conn.HandshakeContext(ctx)
	certificates := conn.ConnectionState().PeerCertificates
	if closed := raw.Close(); err == nil && closed != nil {
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("shake hands with %s: %w", p.addr, err)
	}
	if len(certificates) == 0 {
		return nil, errors.New("the site shows no certificate")
	}
	return certificates, nil
}
