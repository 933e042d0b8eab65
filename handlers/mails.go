package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/yuin/goldmark"

	"resetpin/bot"
	"resetpin/handlers/mail"
	"resetpin/store"
)

// MailSender sends one mail; mail.ErrPermanent when it never will.
type MailSender interface {
	Send(ctx context.Context, m mail.Message) error
}

// MailRoom writes and sends the bot's own mails.
type MailRoom struct {
	sender    MailSender
	directory Directory
	texts     *Texts
	helpdesk  string
	frame     *template.Template
	zone      *time.Location
	now       func() time.Time
}

// Directory finds an employee's official address.
type Directory interface {
	Employee(ctx context.Context, nip string) (store.Employee, error)
}

// NewMailRoom reads the frame that mails stand in.
func NewMailRoom(s MailSender, d Directory, t *Texts, helpdesk string, zone *time.Location, now func() time.Time) (*MailRoom, error) {
	frame, err := template.ParseFS(builtinTexts, "texts/mail.html")
	if err != nil {
		return nil, fmt.Errorf("read the mail's frame: %w", err)
	}
	return &MailRoom{sender: s, directory: d, texts: t, helpdesk: helpdesk, frame: frame, zone: zone, now: now}, nil
}

// mailPayload is a mail to be written when it is sent. To wins over NIP; both
// empty means that nothing is sent (the code for a NIP that does not exist).
type mailPayload struct {
	To       string    `json:",omitempty"`
	NIP      string    `json:",omitempty"`
	Template string    // the texts "mail.TEMPLATE.subject" and "mail.TEMPLATE"
	Language string    `json:",omitempty"`
	Platform string    `json:",omitempty"`
	Code     string    `json:",omitempty"`
	Minutes  int       `json:",omitempty"`
	At       time.Time // when it happened
	Until    time.Time // not sent after this; zero: whenever
}

// codeMail is what sendCode knows of its mail.
type codeMail struct {
	To, Language, Code, Platform string
	Minutes                      int
	At                           time.Time
}

func mailJob(c codeMail) (store.Job, error) {
	return newJob(jobMail, "", mailPayload{To: c.To, Template: "code", Language: c.Language, Platform: c.Platform, Code: c.Code, Minutes: c.Minutes,
		At: c.At, Until: c.At.Add(time.Duration(c.Minutes) * time.Minute)})
}

// send writes and sends one mail. A code that is no longer good when the mail
// server is back is not sent: it would only confuse.
func (m *MailRoom) send(ctx context.Context, payload []byte) error {
	var p mailPayload
	if err := json.Unmarshal(payload, &p); err != nil {
		return fmt.Errorf("%w: read mail: %w", store.ErrJobCancel, err)
	}
	late := !p.Until.IsZero() && m.now().After(p.Until)
	if p.To == "" && p.NIP == "" || late {
		return nil
	}
	if p.To == "" {
		e, err := m.directory.Employee(ctx, p.NIP)
		if isNotFound(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read employee: %w", err)
		}
		p.To = e.Email
	}
	message, err := m.write(p)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrJobCancel, err)
	}
	return permanent(m.sender.Send(ctx, message))
}

// write gives the mail as text and as HTML, both from the same Markdown.
func (m *MailRoom) write(p mailPayload) (mail.Message, error) {
	values := []string{
		"code", p.Code, "minutes", strconv.Itoa(p.Minutes),
		"platform", platformName(p.Platform), "time", clock(m.zone, p.At, time.Time{}), "helpdesk", m.helpdesk,
	}
	text := m.texts.Get(p.Language, "mail."+p.Template, values...)
	if m.helpdesk != "" {
		text += "\n\n" + m.texts.Get(p.Language, "mail.helpdesk", values...)
	}
	subject := m.texts.Get(p.Language, "mail."+p.Template+".subject")
	var body, page bytes.Buffer
	if err := goldmark.Convert([]byte(text), &body); err != nil {
		return mail.Message{}, fmt.Errorf("write mail: %w", err)
	}
	err := m.frame.Execute(&page, struct {
		Language, Subject, Footer string
		Body                      template.HTML
	}{p.Language, subject, m.texts.Get(p.Language, "mail.footer"), template.HTML(body.String())}) // #nosec G203 -- goldmark escapes HTML in our own text
	if err != nil {
		return mail.Message{}, fmt.Errorf("write mail: %w", err)
	}
	plain := strings.NewReplacer("**", "", "`", "", "\\", "", "# ", "").Replace(text) + "\n\n" + m.texts.Get(p.Language, "mail.footer")
	return mail.Message{To: p.To, Subject: subject, Text: plain, HTML: page.String()}, nil
}

func platformName(platform string) string {
	switch platform {
	case bot.Telegram:
		return "Telegram"
	case bot.Mattermost:
		return "Mattermost"
	}
	return platform
}
