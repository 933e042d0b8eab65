package sandbox

import (
	"slices"
	"sync"

	"resetpin/bot/telegram/telegramtest"
)

// accountStep lies between the Telegram accounts that one employee has one
// after the other.
const accountStep = 1000

// employee is a sample employee with their Telegram account of the moment.
type employee struct {
	face
	nik      string
	telegram *telegramtest.Server

	mu      sync.Mutex
	lang    string // of the person's phone, in which the bot begins
	account *telegramtest.Person
	anew    chan struct{} // closed when the account is replaced
}

// newEmployee gives the employee their first Telegram account, with the id.
func newEmployee(f face, t *telegramtest.Server, id int64) *employee {
	return &employee{face: f, telegram: t, lang: languages[0], account: t.User(id, f.Name, languages[0]), anew: make(chan struct{})}
}

// now gives the account of the moment, and a channel that is closed when
// another one takes its place.
func (e *employee) now() (*telegramtest.Person, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.account, e.anew
}

// restart gives the employee a new account with an empty chat, as if they had
// bought a new phone.
func (e *employee) restart() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.replace()
}

func (e *employee) replace() {
	e.account = e.telegram.User(e.account.ID()+accountStep, e.Name, e.lang)
	close(e.anew)
	e.anew = make(chan struct{})
}

// speak sets the language of the person's phone to the page's. A chat that has
// begun goes on in its own.
func (e *employee) speak(lang string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if lang == e.lang || !slices.Contains(languages[:], lang) {
		return
	}
	e.lang = lang
	if len(e.account.Messages()) == 0 {
		e.replace()
	}
}

// language is that of the person's phone.
func (e *employee) language() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lang
}
