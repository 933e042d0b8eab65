// Package mail sends the bot's mails (one-time codes and notices) through an
// SMTP server.
package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Message is one mail to one person. Text is required; HTML says the same
// with more looks and may be empty.
type Message struct {
	To      string // a bare address, name@host
	Subject string
	Text    string
	HTML    string
}

// ErrPermanent says that a mail will never be taken: trying again is no use.
// Every other error of Send may pass by itself, or when the settings are
// mended.
var ErrPermanent = errors.New("the mail will never be taken")

// ErrSender says that the server takes no mail from this sender, whoever it is
// for, until somebody mends the settings or the server's rights.
var ErrSender = errors.New("the mail server takes no mail from this sender")

// Option changes what New builds.
type Option func(*Sender)

// WithCA trusts the certificates of pool instead of the system's.
func WithCA(pool *x509.CertPool) Option { return func(s *Sender) { s.pool = pool } }

// WithHELO gives the name that the client greets with; without it, or when it
// is empty, it is the machine's.
func WithHELO(name string) Option {
	return func(s *Sender) {
		if name != "" {
			s.helo = name
		}
	}
}

// Sender sends mails. It keeps no connection between them and may be used by
// many goroutines at once.
type Sender struct {
	server  server
	from    mail.Address
	helo    string
	pool    *x509.CertPool
	timeout time.Duration    // of one mail, from connecting to the server's last word
	now     func() time.Time // what stands in a mail's Date
}

// New reads SMTP_URL and MAIL_FROM; it connects to nothing. smtpURL is
// smtp://user:password@host:587 or smtps://user:password@host:465; without a
// port it is the one shown, without a user there is no login. With smtp:// TLS
// is required when there is a password and the host is not this machine, or
// with ?tls=required; else it is used when it is offered, and never with
// ?tls=off. from is an address or
// "Name <address>". No error shows the password.
func New(smtpURL, from string, options ...Option) (*Sender, error) {
	srv, err := parseServer(smtpURL)
	if err != nil {
		return nil, err
	}
	sender, err := mail.ParseAddress(from)
	if err != nil || !plain(sender.Name) {
		return nil, fmt.Errorf("MAIL_FROM %q: want an address, or a name and <address>", from)
	}
	name, err := os.Hostname()
	if err != nil {
		name = ""
	}
	s := &Sender{server: srv, from: *sender, helo: helo(name), timeout: 20 * time.Second, now: time.Now}
	for _, o := range options {
		o(s)
	}
	return s, nil
}

// Warning tells what SMTP_URL leaves open to eavesdroppers; empty: nothing.
func (s *Sender) Warning() string {
	switch {
	case s.server.off && s.server.password != "" && !loopback(s.server.host):
		return "SMTP_URL has tls=off: the mail password and the codes go over the network in clear"
	case s.server.off && !loopback(s.server.host):
		return "SMTP_URL has tls=off: the codes go over the network in clear"
	}
	return ""
}

// Send hands one mail over to the server. The error wraps ErrPermanent when
// the mail will never be taken, and ErrSender when no mail is; it shows neither the address, the mail nor the
// password.
func (s *Sender) Send(ctx context.Context, m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	err = s.session(ctx, !ascii(m.To) || !ascii(s.from.Address), func(client *gomail.Client, conn *smtp.Client) error {
		err := client.SendWithSMTPClient(conn, msg)
		if err == nil || msg.IsDelivered() { // what goes wrong afterwards must not send it twice
			return nil
		}
		return s.classify(err, m.To)
	})
	if err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}

// Check connects, secures the connection, logs in and asks whether the sender
// is allowed. Its error says what is wrong and how to mend it. It sends no
// mail.
func (s *Sender) Check(ctx context.Context) error {
	return s.session(ctx, !ascii(s.from.Address), func(_ *gomail.Client, conn *smtp.Client) error {
		if err := conn.Mail("<" + s.from.Address + ">"); err != nil {
			return fmt.Errorf("the mail server takes no mail from %s (it says: %s): change MAIL_FROM, or the user in SMTP_URL", s.from.Address, s.said(err))
		}
		if err := conn.Reset(); err != nil {
			return s.explain(err)
		}
		return nil
	})
}

// CheckRecipient asks, after what Check asks, whether the server would take a
// mail for an address; the error does not show it. No mail is sent.
func (s *Sender) CheckRecipient(ctx context.Context, to string) error {
	return s.session(ctx, !ascii(s.from.Address) || !ascii(to), func(_ *gomail.Client, conn *smtp.Client) error {
		if err := conn.Mail("<" + s.from.Address + ">"); err != nil {
			return s.explain(err)
		}
		if err := conn.Rcpt("<" + to + ">"); err != nil {
			return fmt.Errorf("the mail server takes no mail for that address (it says: %s): let it relay mail from this machine, or log in with a user in SMTP_URL", s.said(err, to))
		}
		return conn.Reset()
	})
}
