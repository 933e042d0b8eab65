package mailtest

import (
	"bytes"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"regexp"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/jhillyerd/enmime/v2"
)

// session is one client's talk with the server.
type session struct {
	s      *Server
	conn   *smtp.Conn
	logged bool
	from   string
	utf8   bool
	to     []string
}

func (s *Server) newSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{s: s, conn: c}, nil
}

func refuse(code int, detail smtp.EnhancedCode, message string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: detail, Message: message}
}

// AuthMechanisms gives the ways to log in.
func (c *session) AuthMechanisms() []string {
	if c.s.config.User == "" {
		return nil
	}
	return []string{sasl.Plain, sasl.Login}
}

// Auth begins a login.
func (c *session) Auth(way string) (sasl.Server, error) {
	switch {
	case c.s.config.User == "":
		return nil, smtp.ErrAuthUnsupported
	case way == sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error { return c.login(user, password) }), nil
	case way == sasl.Login:
		return &loginServer{check: c.login}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (c *session) login(user, password string) error {
	good := subtle.ConstantTimeCompare([]byte(user+"\x00"+password), []byte(c.s.config.User+"\x00"+c.s.config.Password)) == 1
	if !good {
		return refuse(535, smtp.EnhancedCode{5, 7, 8}, "Authentication credentials invalid")
	}
	c.logged = true
	return nil
}

// loginServer is the LOGIN mechanism (draft-murchison-sasl-login-00).
type loginServer struct {
	check func(user, password string) error
	step  int
	user  string
}

// Next takes what the client says.
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if l.step == 0 && response != nil { // sent with the command
		l.step++
	}
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

// Mail takes the sender.
func (c *session) Mail(from string, o *smtp.MailOptions) error {
	_, secure := c.conn.TLSConnectionState()
	switch {
	case c.s.config.TLS == TLSStart && !secure:
		return refuse(530, smtp.EnhancedCode{5, 7, 0}, "Must issue a STARTTLS command first")
	case c.s.config.User != "" && !c.logged:
		return refuse(530, smtp.EnhancedCode{5, 7, 0}, "Authentication required")
	case !deliverable(from):
		return refuse(553, smtp.EnhancedCode{5, 1, 7}, "Sender address is not valid")
	}
	c.from, c.utf8 = from, o.UTF8
	return nil
}

// Rcpt takes a recipient.
func (c *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	mode, _ := c.s.Mode()
	switch {
	case c.s.config.FullName && !strings.Contains(c.conn.Hostname(), "."):
		// Postfix's reject_non_fqdn_helo_hostname, which it says here.
		return refuse(504, smtp.EnhancedCode{5, 5, 2}, "<"+c.conn.Hostname()+">: Helo command rejected: need fully-qualified hostname")
	case c.utf8 && c.s.config.OldNext:
		// The server behind this one does not know it (RFC 6531, section 3.6).
		return refuse(550, smtp.EnhancedCode{5, 6, 7}, "SMTPUTF8 is required, but was not offered by host mx.example")
	case c.s.greylisted(c.from, to):
		return refuse(450, smtp.EnhancedCode{4, 2, 0}, "<"+to+">: Recipient address rejected: Greylisted")
	case mode == ModeTemporary:
		return refuse(451, smtp.EnhancedCode{4, 7, 1}, "Greylisted, try again later")
	case mode == ModePermanent:
		return refuse(550, smtp.EnhancedCode{5, 1, 1}, "<"+to+">: no such mailbox")
	case !deliverable(to):
		return refuse(553, smtp.EnhancedCode{5, 1, 3}, "Recipient address is not valid")
	}
	c.to = append(c.to, to)
	return nil
}

var hostForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$`)

// deliverable tells whether an address is one that a real server takes: of
// RFC 5321's form and lengths (4.5.3.1), with a domain that has a dot.
func deliverable(address string) bool {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Name != "" || a.Address != address {
		return false
	}
	at := strings.LastIndexByte(address, '@')
	return at <= 64 && len(address) <= 254 && hostForm.MatchString(address[at+1:])
}

// Data takes the mail itself.
func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if mode, _ := c.s.Mode(); mode == ModeSender {
		return refuse(550, smtp.EnhancedCode{5, 7, 60}, "SMTP; Client does not have permissions to send as this sender")
	}
	m, err := parse(raw)
	if err != nil {
		return refuse(550, smtp.EnhancedCode{5, 6, 0}, err.Error())
	}
	for _, to := range c.to {
		m.To = to
		c.s.Put(m)
	}
	return nil
}

// Reset forgets the mail that was begun.
func (c *session) Reset() { c.from, c.utf8, c.to = "", false, nil }

// Logout ends the session.
func (c *session) Logout() error { return nil }

// parse reads a mail and refuses what real servers refuse or mangle.
func parse(raw []byte) (Mail, error) {
	if err := wellFormed(raw); err != nil {
		return Mail{}, err
	}
	e, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, fmt.Errorf("the mail cannot be read: %w", err)
	}
	for _, problem := range e.Errors {
		if problem.Severe {
			return Mail{}, fmt.Errorf("the mail is malformed: %s", problem.Name)
		}
	}
	for _, name := range []string{"From", "To", "Date", "Message-ID", "Subject"} {
		if n := len(e.GetHeaderValues(name)); n != 1 {
			return Mail{}, fmt.Errorf("the mail has %d %s headers", n, name)
		}
	}
	from, err := e.AddressList("From")
	if err != nil || len(from) != 1 {
		return Mail{}, errors.New("the mail has no readable From")
	}
	if _, err := e.Date(); err != nil {
		return Mail{}, errors.New("the mail has no readable Date")
	}
	m := Mail{
		MessageID: strings.Trim(e.GetHeader("Message-ID"), "<>"), From: from[0].Address, FromName: from[0].Name,
		Subject: e.GetHeader("Subject"), Text: e.Text, HTML: e.HTML, Raw: string(raw), Header: make(mail.Header),
	}
	for _, name := range e.GetHeaderKeys() {
		m.Header[name] = e.GetHeaderValues(name)
	}
	return m, nil
}

// wellFormed checks lines as RFC 5321 and 5322 want them.
func wellFormed(raw []byte) error {
	head := true
	for line := range bytes.Lines(raw) {
		body, whole := bytes.CutSuffix(line, []byte("\r\n"))
		switch {
		case !whole && len(body) > 0 && body[len(body)-1] == '\n', bytes.ContainsAny(body, "\r\n"):
			return errors.New("a bare line feed or carriage return")
		case len(body) > 998:
			return errors.New("a line of more than 998 characters")
		case len(body) == 0:
			head = false
		case head && bytes.ContainsFunc(body, func(r rune) bool { return r > 126 || r < 32 && r != '\t' }):
			return errors.New("a header that is not ASCII")
		}
	}
	return nil
}
