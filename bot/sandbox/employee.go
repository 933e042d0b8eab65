package sandbox

import (
	"slices"
	"sync"

	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/talk"
)

// accountStep lies between the Telegram accounts that one employee has one
// after the other.
const accountStep = 1000

// employee is a sample employee with their accounts of the moment.
type employee struct {
	face
	nik      string
	telegram *telegramtest.Server
	office   *office

	mu      sync.Mutex
	lang    string // of the person's phone, in which the bot begins
	account *telegramtest.Person
	seat    seat          // at Mattermost
	seats   int           // how many they have had
	anew    chan struct{} // closed when an account is replaced
}

// newEmployee gives the employee their first accounts: on Telegram the one
// with the id.
func newEmployee(f face, t *telegramtest.Server, o *office, id int64) *employee {
	return &employee{
		face: f, telegram: t, office: o, lang: talk.Indonesian, account: t.User(id, f.Name, talk.Indonesian),
		seat: o.seat(f, talk.Indonesian, 1), seats: 1, anew: make(chan struct{}),
	}
}

// now gives the Telegram account of the moment, and a channel that is closed
// when another account takes an account's place.
func (e *employee) now() (*telegramtest.Person, <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.account, e.anew
}

// colleague gives the Mattermost account of the moment.
func (e *employee) colleague() seat {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.seat
}

// restart gives the employee a new account on a platform with an empty chat,
// as if they had bought a new phone.
func (e *employee) restart(platform string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.replace(platform)
}

func (e *employee) replace(platform string) {
	if platform == platformMattermost {
		e.seats++
		e.seat = e.office.seat(e.face, e.lang, e.seats)
	} else {
		e.account = e.telegram.User(e.account.ID()+accountStep, e.Name, e.lang)
	}
	close(e.anew)
	e.anew = make(chan struct{})
}

// speak sets the language of the person's devices to the page's. A chat that
// has begun goes on in its own.
func (e *employee) speak(lang string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if lang == e.lang || !slices.Contains(languages(), lang) {
		return
	}
	e.lang = lang
	if len(e.account.Messages()) == 0 {
		e.replace(platformTelegram)
	}
	if len(e.seat.Posts(e.seat.direct)) == 0 {
		e.replace(platformMattermost)
	}
}

// language is that of the person's devices.
func (e *employee) language() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.lang
}
