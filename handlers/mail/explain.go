package mail

import (
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"resetpin/handlers/network"
)

// explain says why a session could not begin, and how to mend it.
func (s *Sender) explain(err error) error {
	var answer *textproto.Error
	at := s.server.address()
	switch network.CauseOf(err) {
	case network.NoName:
		dns, _ := errors.AsType[*net.DNSError](err)
		return fmt.Errorf("the mail server's name %s cannot be found: check the host in SMTP_URL (%w)", s.server.host, dns)
	case network.Refused:
		return fmt.Errorf("nothing listens at %s: check host and port in SMTP_URL (587 with smtp://, 465 with smtps://), and the firewall", at)
	case network.NoTLS:
		return fmt.Errorf("%s does not speak TLS from the first byte: use smtp:// or another port in SMTP_URL", at)
	case network.Authority, network.Invalid:
		return fmt.Errorf("the certificate of %s is not trusted: %w; install its CA on this machine, or renew the certificate", at, err)
	case network.OtherHost:
		name, _ := errors.AsType[x509.HostnameError](err)
		return fmt.Errorf("the certificate of %s is for another name: %w; use that name as the host in SMTP_URL", at, name)
	}
	switch {
	case errors.Is(err, smtp.ErrUnencrypted), strings.Contains(err.Error(), "does not support STARTTLS"):
		return fmt.Errorf("%s offers no STARTTLS, without which no password is sent: use smtps://, another port, or a server that offers it; ?tls=off in SMTP_URL sends it in clear", at)
	case errors.Is(err, errNoLogin):
		return fmt.Errorf("%s offers no login that is known here: take user and password out of SMTP_URL, or use another port", at)
	case errors.As(err, &answer) && answer.Code/10 == 53:
		return fmt.Errorf("%s refuses the login (it says: %s): check user and password in SMTP_URL; characters like @ : / in them are written %%40 %%3A %%2F", at, s.said(answer))
	case errors.As(err, &answer):
		return fmt.Errorf("%s does not serve just now (it says: %s)", at, s.said(answer))
	}
	return fmt.Errorf("talk to the mail server %s: %s", at, s.said(err))
}

// classify turns the failure of one mail into an error that is permanent when
// the server refused its recipient or its content for good. A refused sender
// or login can be mended in the settings, and so can pass.
func (s *Sender) classify(err error, to string) error {
	var refused *gomail.SendError
	if !errors.As(err, &refused) || refused.ErrorCode() == 0 {
		return fmt.Errorf("talk to the mail server %s: %s", s.server.address(), s.said(err, to))
	}
	return &coded{code: strings.TrimSpace(strconv.Itoa(refused.ErrorCode()) + " " + refused.EnhancedStatusCode()), err: s.classifyCode(err, refused, to)}
}

// coded is a server's refusal with its code.
type coded struct {
	code string
	err  error
}

// Error gives the refusal's text.
func (c *coded) Error() string { return c.err.Error() }

// Unwrap gives the refusal.
func (c *coded) Unwrap() error { return c.err }

// Code gives the mail server's code of a refusal, such as "550 5.1.1" (RFC 5321
// and RFC 3463); empty: the server gave none.
func Code(err error) string {
	var c *coded
	if errors.As(err, &c) {
		return c.code
	}
	return ""
}

func (s *Sender) classifyCode(err error, refused *gomail.SendError, to string) error {
	final := refused.ErrorCode()/100 == 5
	switch {
	case final && ofSender(refused):
		mend := "look at MAIL_FROM, the user in SMTP_URL, and the server's rights"
		if refused.ErrorCode() == 504 {
			mend = "set MAIL_HELO to this machine's full name"
		}
		return fmt.Errorf("%w: %s says: %s; %s", ErrSender, s.server.address(), s.said(err, to), mend)
	case refused.Reason == gomail.ErrSMTPRcptTo:
		err = fmt.Errorf("the mail server refuses the recipient: %s", s.said(err, to))
	default:
		err = fmt.Errorf("the mail server refuses the mail: %s", s.said(err, to))
	}
	if final {
		return fmt.Errorf("%w: %w", ErrPermanent, err)
	}
	return err
}

// ofSender tells whether a refusal is about who sends, at whatever command it
// comes: some servers say it only after the text. Codes beginning with 53 are
// about the login (RFC 4954); 5.1.7 and 5.1.8 about the sender's address, and
// 5.7 about permission (RFC 3463, and IANA's registry of enhanced codes); 504
// is about the name in the greeting.
func ofSender(refused *gomail.SendError) bool {
	detail := refused.EnhancedStatusCode()
	return refused.Reason == gomail.ErrSMTPMailFrom || refused.ErrorCode()/10 == 53 || refused.ErrorCode() == 504 ||
		detail == "5.1.7" || detail == "5.1.8" || strings.HasPrefix(detail, "5.7.")
}

// said gives what an error says in one line of at most 300 characters, without
// the credentials, should a server repeat them, and without the hidden words.
func (s *Sender) said(err error, hidden ...string) string {
	text := oneLine(err.Error())
	if i := strings.Index(text, ", affected "); i >= 0 { // the library's own postscript
		text = text[:i]
	}
	if p := s.server.password; p != "" {
		hidden = append(hidden, p, base64.StdEncoding.EncodeToString([]byte(p)),
			base64.StdEncoding.EncodeToString([]byte("\x00"+s.server.user+"\x00"+p)))
	}
	for _, h := range hidden {
		text = strings.ReplaceAll(text, h, "…")
	}
	if r := []rune(text); len(r) > 300 {
		text = string(r[:300]) + "…"
	}
	return text
}
