package bsretest

import (
	"embed"
	"fmt"
	"strings"
	"time"
)

//go:embed pages
var files embed.FS

const (
	resetPath   = "/email/user/passphrase/reset/"
	confirmPath = "/user/phone/verify/"
)

// link is a mailed key to a person's passphrase.
type link struct {
	nik     string
	ends    time.Time
	dead    bool // a newer one was asked for, or it was used
	renewed bool // dead because a newer one was asked for
}

// Mail is a mail that BSrE sent.
type Mail struct {
	At                time.Time
	NIK               string // of the person
	From, To, Subject string
	Text, HTML        string
	Link              string // the one that it holds
}

// WhatsApp is a message that BSrE sent to a phone.
type WhatsApp struct {
	At        time.Time
	NIK       string
	Phone     string
	Text      string
	Link      string // confirms the number when it is opened
	Confirmed bool
}

// sendReset mails a new link, which ends the older ones. It runs under the
// lock.
func (w *World) sendReset(p *person) {
	now := w.options.Now()
	for _, l := range w.links {
		if l.nik == p.NIK && !l.dead {
			l.dead, l.renewed = true, true
		}
	}
	key := token()
	w.links[key] = &link{nik: p.NIK, ends: now.Add(w.options.LinkLife)}
	m := Mail{At: now, NIK: p.NIK, From: Sender, To: p.Email, Subject: Subject, Link: "https://" + w.ResetSite() + resetPath + key}
	data := struct{ Name, Link string }{p.Name, m.Link}
	var plain, html strings.Builder
	if err := w.mailText.Execute(&plain, data); err != nil {
		panic(err) // embedded
	}
	if err := w.pages.ExecuteTemplate(&html, "mail.html", data); err != nil {
		panic(err) // embedded
	}
	m.Text, m.HTML = plain.String(), html.String()
	w.mails = append(w.mails, m)
	w.tell(p.NIK)
	if w.options.Mailer == nil {
		return
	}
	w.mailing.Go(func() {
		if err := w.options.Mailer(m.From, m.To, m.Subject, m.Text, m.HTML); err != nil {
			w.options.Logger.Warn("a mail of the pretend BSrE was lost", "error", err)
		}
	})
}

// Mails are the mails sent, oldest first.
func (w *World) Mails() []Mail {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Mail(nil), w.mails...)
}

// sendWhatsApp sends the link that verifies a phone. It runs under the lock.
func (w *World) sendWhatsApp(p *person) {
	key := token()
	m := &WhatsApp{At: w.options.Now(), NIK: p.NIK, Phone: p.Phone, Link: "https://" + w.ResetSite() + confirmPath + key}
	m.Text = fmt.Sprintf("Yth. %s,\n\nSilakan klik tautan berikut untuk memverifikasi nomor telepon Anda pada layanan BSrE:\n%s\n\nPesan ini dikirim otomatis, mohon tidak membalas.", p.Name, m.Link)
	p.messages = append(p.messages, m)
	w.phones[key] = m
	w.tell(p.NIK)
}

// WhatsApps are the messages sent to a person, oldest first.
func (w *World) WhatsApps(nik string) []WhatsApp {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []WhatsApp
	if p := w.persons[nik]; p != nil {
		for _, m := range p.messages {
			all = append(all, *m)
		}
	}
	return all
}

// ConfirmPhone does what opening the newest WhatsApp message's link does;
// false when there is none.
func (w *World) ConfirmPhone(nik string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.persons[nik]
	if p == nil || len(p.messages) == 0 {
		return false
	}
	w.confirm(p, p.messages[len(p.messages)-1])
	return true
}

// confirm runs under the lock.
func (w *World) confirm(p *person, m *WhatsApp) {
	m.Confirmed, p.PhoneVerified = true, true
	w.tell(p.NIK)
}
