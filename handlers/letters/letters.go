// Package letters writes the bot's own mails and hands them over, and makes
// the jobs that tell people of a change of their links.
package letters

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"resetpin/handlers/mail"
	"resetpin/handlers/talk"
	"resetpin/store"
	"strings"
	"time"

	"github.com/yuin/goldmark"
)

// Sender sends one mail; mail.ErrPermanent when it never will. Check asks
// whether the server would take one.
type Sender interface {
	Send(ctx context.Context, m mail.Message) error
	Check(ctx context.Context) error
}

// Directory finds an employee's official address.
type Directory interface {
	Employee(ctx context.Context, nip string) (store.Employee, error)
}

// CodeBook knows which codes are waited for.
type CodeBook interface {
	CodeOpen(ctx context.Context, a store.Account, code string) (bool, error)
	ExtendCode(ctx context.Context, a store.Account, code string, expires time.Time) error
}

// What becomes of a mail, for MailerConfig.Watch.
const (
	MailSent     = "sent"
	MailRefused  = "refused" // this mail or its recipient, for good
	MailNoSender = "sender"  // the sender, whoever the mail is for
	MailFailed   = "failed"  // it will be tried again
	MailLate     = "late"    // it was dropped: its code was no longer waited for
)

// MailerConfig is what NewMailer puts together.
type MailerConfig struct {
	Sender    Sender
	Directory Directory
	Codes     CodeBook
	Texts     *talk.Texts
	Frame     fs.FS // with the file mail.html
	Helpdesk  string
	Zone      *time.Location
	Now       func() time.Time
	Logger    *slog.Logger
	Watch     func(outcome string, err error) // told of every mail; nil: nobody is
	// State is told whether the mail server takes mails at all, and after how
	// long: nil when it does; nobody is when it is nil.
	State func(ctx context.Context, took time.Duration, err error)
}

// Mailer writes and sends the bot's own mails.
type Mailer struct {
	MailerConfig
	frame *template.Template
}

// NewMailer reads the frame that mails stand in.
func NewMailer(c MailerConfig) (*Mailer, error) {
	frame, err := template.ParseFS(c.Frame, "mail.html")
	if err != nil {
		return nil, fmt.Errorf("read the mail's frame: %w", err)
	}
	if c.Watch == nil {
		c.Watch = func(string, error) {}
	}
	if c.State == nil {
		c.State = func(context.Context, time.Duration, error) {}
	}
	return &Mailer{MailerConfig: c, frame: frame}, nil
}

// Letter is a mail to be written when it is sent. To wins over NIP; both
// empty means that nothing is sent (the code for a NIP that does not exist).
type Letter struct {
	To       string        `json:",omitempty"`
	NIP      string        `json:",omitempty"`
	Name     string        `json:",omitempty"` // short; with Last it tells those apart who share a mailbox
	Last     string        `json:",omitempty"` // digits of the NIP
	Template string        // the texts "mail.TEMPLATE.subject" and "mail.TEMPLATE"
	Language string        `json:",omitempty"`
	Platform string        `json:",omitempty"`
	Chat     string        `json:",omitempty"` // the reference of the chat that caused it
	Code     string        `json:",omitempty"`
	Minutes  int           `json:",omitempty"`
	By       Unlinker      `json:",omitempty"` // who caused it, when it was not the chat
	At       time.Time     // when it happened
	Until    time.Time     // not sent after this; zero: whenever
	Asker    store.Account // who waits for the code
	Told     bool          `json:",omitempty"` // they know that it may take a while
}

// CodeLate is how long after it was asked for a code is still mailed: within
// the time that the bot takes words for a code.
const CodeLate = 20 * time.Minute

// codeDelay is from when on a code's mail was held up.
const codeDelay = time.Minute

// CodeTemplate is the mail that holds a code.
const CodeTemplate = "code"

// What becomes of a code's mail that is not sent.
var (
	ErrReplaced = errors.New("a newer code took its place, or is on its way")
	ErrLate     = errors.New("the mail server took nothing for too long")
)

// Send writes and sends one mail.
func (m *Mailer) Send(ctx context.Context, p Letter) error {
	if p.Template == CodeTemplate {
		return m.sendCode(ctx, p)
	}
	if p.To == "" {
		e, err := m.Directory.Employee(ctx, p.NIP)
		if talk.NotFound(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read employee: %w", err)
		}
		p.To, p.Name, p.Last = e.Email, ShortName(e.Name), LastOfNIP(e.NIP)
	}
	return m.post(ctx, p)
}

// sendCode mails a code as long as it is waited for, and lets it live from
// then on. For a NIP that nobody has the mail server is asked all the same, so
// that whoever asked is told the same.
func (m *Mailer) sendCode(ctx context.Context, p Letter) error {
	now := m.Now()
	open, err := m.Codes.CodeOpen(ctx, p.Asker, p.Code)
	switch {
	case err != nil:
		return err
	case !open && now.Sub(p.At) > codeDelay:
		return ErrReplaced
	case now.After(p.Until):
		if p.To != "" {
			m.Watch(MailLate, nil)
			m.Logger.ErrorContext(ctx, "a code was not mailed: the mail server took nothing for too long", "platform", p.Platform, "asked", p.At)
		}
		return ErrLate
	case p.To == "":
		err = m.Sender.Check(ctx)
	default:
		err = m.post(ctx, p)
	}
	if err != nil {
		return err
	}
	return m.Codes.ExtendCode(ctx, p.Asker, p.Code, now.Add(time.Duration(p.Minutes)*time.Minute))
}

// Test sends a mail that says that it only tests the way.
func (m *Mailer) Test(ctx context.Context, to, language string) error {
	return m.post(ctx, Letter{To: to, Template: "test", Language: language, At: m.Now()})
}

// post hands a mail over.
func (m *Mailer) post(ctx context.Context, p Letter) error {
	message, err := m.write(p)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrJobCancel, err)
	}
	err = m.Sender.Send(ctx, message)
	switch {
	case err == nil:
		m.Watch(MailSent, nil)
	case errors.Is(err, mail.ErrPermanent):
		m.Watch(MailRefused, err)
	case errors.Is(err, mail.ErrSender):
		m.Watch(MailNoSender, err)
	case ctx.Err() == nil:
		m.Watch(MailFailed, err)
	}
	return permanent(err)
}

// write gives the mail as text and as HTML, both from the same Markdown.
func (m *Mailer) write(p Letter) (mail.Message, error) {
	if p.Language == "" {
		p.Language = talk.Indonesian
	}
	until := m.Now().Add(time.Duration(p.Minutes) * time.Minute)
	values := []string{
		"code", p.Code, "until", talk.Clock(m.Zone, until, p.At), "name", p.Name, "last", p.Last, "chat", p.Chat,
		"who", m.Texts.Get(p.Language, "mail.by."+string(p.By)),
		"platform", talk.PlatformName(p.Platform), "time", talk.Clock(m.Zone, p.At, time.Time{}), "helpdesk", m.Helpdesk,
	}
	text := m.Texts.Get(p.Language, "mail."+p.Template, values...)
	if m.Helpdesk != "" {
		text += "\n\n" + m.Texts.Get(p.Language, "mail.helpdesk", values...)
	}
	subject := m.Texts.Plain(p.Language, "mail."+p.Template+".subject", "name", p.Name)
	var body, page bytes.Buffer
	if err := goldmark.Convert([]byte(text), &body); err != nil {
		return mail.Message{}, fmt.Errorf("write mail: %w", err)
	}
	err := m.frame.Execute(&page, struct {
		Language, Subject, Footer string
		Body                      template.HTML
	}{p.Language, subject, m.Texts.Get(p.Language, "mail.footer"), template.HTML(body.String())}) // #nosec G203 -- goldmark escapes HTML in our own text
	if err != nil {
		return mail.Message{}, fmt.Errorf("write mail: %w", err)
	}
	plain := strings.NewReplacer("**", "", "`", "", "\\", "", "# ", "").Replace(text) + "\n\n" + m.Texts.Get(p.Language, "mail.footer")
	return mail.Message{To: p.To, Subject: subject, Text: plain, HTML: page.String()}, nil
}

// ShortName is a name as it may stand where others read along: the first one,
// and the initials of the others, without titles.
func ShortName(name string) string {
	name, _, _ = strings.Cut(name, ",")
	var out []string
	for _, word := range strings.Fields(name) {
		switch {
		case len(out) == 0 && strings.HasSuffix(word, "."): // a title
		case len(out) == 0:
			out = append(out, word)
		default:
			out = append(out, string([]rune(word)[:1])+".")
		}
	}
	return strings.Join(out, " ")
}

// LastOfNIP is enough of a NIP for its owner to know it.
func LastOfNIP(nip string) string { return nip[max(0, len(nip)-3):] }

// permanent turns an error that will not heal into the end of the job.
func permanent(err error) error {
	if errors.Is(err, mail.ErrPermanent) {
		return fmt.Errorf("%w: %w", store.ErrJobCancel, err)
	}
	return err
}
