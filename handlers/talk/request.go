package talk

import (
	"time"

	"resetpin/bot"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// Request is an update together with all that is known of who sent it.
type Request struct {
	bot.Update
	Session    store.Session
	Lang       string // in which the person is answered
	Texts      *Texts
	Now        time.Time
	Understood understand.Result // of typed words
}

// Asker is the store's form of the account that wrote.
func (r Request) Asker() store.Account { return store.Account(r.Account) }

// Owner is whose walk it is: the employee's, so that it goes on on another
// platform, or that of an account nobody is linked with.
func (r Request) Owner() string {
	if r.Session.Linked {
		return r.Session.Employee.NIP
	}
	return r.Account.String()
}

// Say gives a text in the person's language.
func (r Request) Say(key string, values ...string) string {
	return r.Texts.Get(r.Lang, key, values...)
}

// Button gives a button with a text of the person's language.
func (r Request) Button(key string, does Does, arg string) bot.Button {
	return bot.Button{Text: r.Say(key), Action: does.With(arg)}
}

// Primary is Button with weight.
func (r Request) Primary(key string, does Does, arg string) bot.Button {
	b := r.Button(key, does, arg)
	b.Style = bot.StylePrimary
	return b
}

// Danger is Button for what cannot be taken back.
func (r Request) Danger(key string, does Does, arg string) bot.Button {
	b := r.Button(key, does, arg)
	b.Style = bot.StyleDanger
	return b
}

// WithoutText is the request as if nothing was typed.
func (r Request) WithoutText() Request {
	r.Text, r.Command = "", ""
	return r
}

// Line fills in an event of the audit trail who did it, when, and the employee
// of their account.
func (r Request) Line(e store.Event) store.Event {
	e.At, e.Account = r.Now, r.Asker()
	if e.NIP == "" {
		e.NIP = r.Session.Employee.NIP
	}
	return e
}
