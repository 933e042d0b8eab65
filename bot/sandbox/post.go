package sandbox

import (
	"slices"
	"strconv"
	"time"

	"resetpin/handlers/mail/mailtest"
)

// lateBy is how long mails take when the mail server was made late.
const lateBy = 20 * time.Second

// post is the pretend mail server as the page shows it.
type post struct{ server *mailtest.Server }

// letter is a mail as the page lists it. HTML and Text tell which forms it
// has; the page opens them in a frame of their own.
type letter struct {
	ID      string    `json:"id"`
	From    string    `json:"from"` // the address
	Name    string    `json:"name"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	At      time.Time `json:"at"`
	Unread  bool      `json:"unread"`
	HTML    bool      `json:"html"`
	Text    bool      `json:"text"`

	html, text string
}

// letters gives the mails of an address, newest first.
func (p *post) letters(address string) []letter {
	mails := p.server.Inbox(address)
	slices.Reverse(mails)
	out := make([]letter, 0, len(mails))
	for _, m := range mails {
		out = append(out, letter{
			ID: strconv.Itoa(m.ID), From: m.From, Name: m.FromName, To: m.To, Subject: m.Subject, At: m.At, Unread: !m.Seen,
			HTML: m.HTML != "", Text: m.Text != "", html: m.HTML, text: m.Text,
		})
	}
	return out
}

// letter finds a mail among those of an address.
func (p *post) letter(address, id string) (letter, bool) {
	all := p.letters(address)
	i := slices.IndexFunc(all, func(l letter) bool { return l.ID == id })
	if i < 0 {
		return letter{}, false
	}
	return all[i], true
}

// read marks a mail, which letter has found, as read.
func (p *post) read(l letter) {
	if id, err := strconv.Atoi(l.ID); err == nil {
		p.server.MarkSeen(id)
	}
}

// disturb makes the server have the kind of trouble.
func (p *post) disturb(kind string) {
	switch kind {
	case troubleLate:
		p.server.SetMode(mailtest.ModeLate, lateBy)
	case troubleDown:
		p.server.SetMode(mailtest.ModeDown, 0)
	default:
		p.server.SetMode(mailtest.ModeOK, 0)
	}
}
