package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// session connects, secures the connection, logs in, lets work happen and
// says goodbye. utf8 says that an address is not ASCII. When ctx ends or the time is up, the connection is cut.
func (s *Sender) session(ctx context.Context, utf8 bool, work func(*gomail.Client, *smtp.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	var line net.Conn
	// The session's context holds, not the one of dialling that ends sooner.
	client, err := s.client(utf8, func(_ context.Context, network, _ string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, s.server.address())
		if err != nil {
			return nil, err
		}
		line = conn
		context.AfterFunc(ctx, func() { _ = conn.Close() }) // also ends a server's silence
		if !s.server.implicit {
			return conn, nil
		}
		secure := tls.Client(conn, s.tlsConfig())
		return secure, secure.HandshakeContext(ctx)
	})
	if err != nil {
		return fmt.Errorf("prepare the mail client: %w", err)
	}
	defer func() {
		if line != nil {
			_ = line.Close() // the last word was said before
		}
	}()
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return s.inTime(ctx, s.explain(err))
	}
	if err := work(client, conn); err != nil {
		return s.inTime(ctx, err)
	}
	_ = client.CloseWithSMTPClient(conn) // the work is done, with or without a goodbye
	return nil
}

// inTime replaces the error of a connection that was cut by its cause.
func (s *Sender) inTime(ctx context.Context, err error) error {
	if ctx.Err() == nil || errors.Is(err, ErrPermanent) {
		return err
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("the mail server %s did not answer in time: check host and port in SMTP_URL (587 with smtp://, 465 with smtps://): %w", s.server.address(), ctx.Err())
	}
	return ctx.Err()
}

func (s *Sender) client(utf8 bool, dial gomail.DialContextFunc) (*gomail.Client, error) {
	options := []gomail.Option{ // its own timeout is for each step, and never the one that counts
		gomail.WithPort(s.server.port), gomail.WithTimeout(2 * s.timeout), gomail.WithHELO(s.helo),
		gomail.WithTLSConfig(s.tlsConfig()), gomail.WithDialContextFunc(dial),
		gomail.WithoutNoop(), gomail.WithoutRset(),
	}
	if !utf8 { // else some server behind the next one may refuse it (RFC 6531, 3.6)
		options = append(options, gomail.WithoutSMTPUTF8())
	}
	switch {
	case s.server.implicit:
		options = append(options, gomail.WithSSL())
	case s.server.off:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case s.server.required:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if s.server.user != "" {
		options = append(options, gomail.WithSMTPAuthCustom(&login{server: s.server}))
	}
	return gomail.NewClient(s.server.host, options...)
}

func (s *Sender) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.server.host, RootCAs: s.pool, MinVersion: tls.VersionTLS12}
}

// login chooses the way of logging in when it is known whether the connection
// is secure and what the server offers.
type login struct {
	server server
	way    smtp.Auth
}

// errNoLogin says that the server offers no way of logging in that is known
// here.
var errNoLogin = errors.New("no known way to log in is offered")

// Start begins the login. Over a connection without TLS a way that does not
// show the password comes first; where TLS is required nothing is sent at all.
func (l *login) Start(info *smtp.ServerInfo) (proto string, toServer []byte, err error) {
	if l.server.required && !info.TLS {
		return "", nil, smtp.ErrUnencrypted
	}
	ways := []string{"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN", "CRAM-MD5"}
	if !info.TLS {
		ways = []string{"SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN"}
	}
	user, password, host := l.server.user, l.server.password, l.server.host
	for _, way := range ways {
		if !slices.Contains(info.Auth, way) {
			continue
		}
		switch way {
		case "SCRAM-SHA-256":
			l.way = smtp.ScramSHA256Auth(user, password)
		case "SCRAM-SHA-1":
			l.way = smtp.ScramSHA1Auth(user, password)
		case "CRAM-MD5":
			l.way = smtp.CRAMMD5Auth(user, password)
		case "PLAIN":
			l.way = smtp.PlainAuth("", user, password, host, true)
		case "LOGIN":
			l.way = smtp.LoginAuth(user, password, host, true)
		}
		return l.way.Start(info)
	}
	return "", nil, errNoLogin
}

// Next answers the server.
func (l *login) Next(fromServer []byte, more bool) ([]byte, error) {
	return l.way.Next(fromServer, more)
}
