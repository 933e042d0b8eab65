// Package mailtest is a pretend mail server on the loopback interface with an
// inbox for every address. It is as strict as a real one, and it can be made
// late, unwilling or dead while it runs.
package mailtest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// TLS tells how the server speaks TLS.
type TLS string

// The ways of TLS.
const (
	TLSNone     TLS = ""         // no TLS at all
	TLSStart    TLS = "starttls" // with STARTTLS, and no mail without it
	TLSImplicit TLS = "smtps"    // from the first byte
)

// Config is what kind of server Start gives. The zero Config is a server
// that asks for no login and speaks no TLS.
type Config struct {
	Listen   string // host and port; 127.0.0.1:0 when empty
	User     string // a login is asked for when it is not empty
	Password string
	TLS      TLS
	MaxSize  int64            // bytes of one mail; 0: 1 MiB
	Now      func() time.Time // what stands in Mail.At; nil: time.Now
	FullName bool             // a greeting needs a name with a dot, as many relays want it
	OldNext  bool             // SMTPUTF8 is offered, but the server behind this one does not know it
}

// Server is the pretend mail server. Its methods may be called by many
// goroutines at once.
type Server struct {
	config Config
	gate   *gate
	smtp   *smtp.Server
	ca     *x509.CertPool
	inbox  inbox
	served sync.WaitGroup

	grey greylist
}

// Start listens and serves until Close.
func Start(c Config) (*Server, error) {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	if c.MaxSize == 0 {
		c.MaxSize = 1 << 20
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Server{config: c}
	s.inbox.init(c.Now)
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.newSession))
	s.smtp.Domain = "mail.example"
	s.smtp.MaxMessageBytes = c.MaxSize
	s.smtp.MaxRecipients = 50
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = time.Minute, time.Minute
	s.smtp.ErrorLog = log.New(io.Discard, "", 0)
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.AllowInsecureAuth = c.TLS == TLSNone
	if c.TLS != TLSNone {
		cert, pool, err := newCertificate(c.Now())
		if err != nil {
			return nil, fmt.Errorf("make a certificate: %w", err)
		}
		s.ca = pool
		s.smtp.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s.gate = newGate(l)
	var front net.Listener = s.gate
	if c.TLS == TLSImplicit {
		front = tls.NewListener(s.gate, s.smtp.TLSConfig)
	}
	s.served.Go(func() { _ = s.smtp.Serve(front) }) // ends with Close
	return s, nil
}

// Addr gives host and port.
func (s *Server) Addr() string { return s.gate.Addr().String() }

// URL gives the server in the form of SMTP_URL, login included. With STARTTLS
// it has ?tls=required.
func (s *Server) URL() string {
	u := url.URL{Scheme: "smtp", Host: s.Addr()}
	switch s.config.TLS {
	case TLSStart:
		u.RawQuery = "tls=required"
	case TLSImplicit:
		u.Scheme = "smtps"
	case TLSNone:
	}
	if s.config.User != "" {
		u.User = url.UserPassword(s.config.User, s.config.Password)
	}
	return u.String()
}

// CA gives the pool to trust the server's certificate with; nil without TLS.
func (s *Server) CA() *x509.CertPool { return s.ca }

// CAPEM is the certificate of CA as a file holds it; nil without TLS.
func (s *Server) CAPEM() []byte {
	if s.smtp.TLSConfig == nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.smtp.TLSConfig.Certificates[0].Certificate[0]})
}

// Close ends the server and all connections. Who waits in Next gets
// ErrClosed. The mails can still be read. A second Close does nothing.
func (s *Server) Close() error {
	s.inbox.close()
	s.gate.shut()
	_ = s.gate.Close() // the server closes it too, unless it was too quick to know it
	err := s.smtp.Close()
	s.served.Wait()
	if err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close the mail server: %w", err)
	}
	return nil
}
