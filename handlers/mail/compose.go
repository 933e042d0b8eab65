package mail

import (
	"crypto/rand"
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// compose writes the mail. A mail that cannot be written is permanently
// wrong.
func (s *Sender) compose(m Message) (*gomail.Msg, error) {
	to, err := mail.ParseAddress(m.To)
	if err != nil || to.Name != "" || to.Address != m.To || !plain(m.To) {
		return nil, fmt.Errorf("the recipient is not a plain address: %w", ErrPermanent)
	}
	if strings.TrimSpace(m.Text) == "" {
		return nil, fmt.Errorf("the mail is empty: %w", ErrPermanent)
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	from := s.from
	msg.FromMailAddress(&from)
	msg.ToMailAddress(to)
	msg.Subject(oneLine(m.Subject))
	msg.SetDateWithValue(s.now())
	msg.SetMessageIDWithValue(rand.Text() + "@" + domain(s.from.Address))
	// RFC 3834: no out-of-office note comes back; the second is Exchange's.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// plain tells whether s can stand in a header as it is: one line, nothing
// unseen.
func plain(s string) bool { return !strings.ContainsFunc(s, unseen) }

// oneLine makes one line of s, so that no header can be smuggled in.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unseen(r) || r == ' ' }), " ")
}

func unseen(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar
}

// ascii tells whether an address needs no SMTPUTF8 (RFC 6531).
func ascii(address string) bool {
	return !strings.ContainsFunc(address, func(r rune) bool { return r > unicode.MaxASCII })
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }
