// Package words answers what people type in their own words: it does what a
// press of the button would.
package words

import (
	"context"
	"resetpin/bot"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/store"
	"time"
)

// Store is what it needs of the database.
type Store interface {
	SetLanguage(ctx context.Context, a store.Account, lang string) error
}

// Walks opens pages about troubles of the reset's guide.
type Walks interface {
	// OpenPage opens a page beside the step where the person is, or shows it by
	// itself; false when there is no such page.
	OpenPage(ctx context.Context, r talk.Request, page string) (answer bot.Reply, known bool, err error)
	// NamedProblem gives the page of the present step's problem that was typed in
	// the words of its button.
	NamedProblem(r talk.Request) (page string, ok bool)
}

// Room answers typed words.
type Room struct {
	*pages.Pages
	db      Store
	walks   Walks
	codeTTL time.Duration
}

// New gives the room; codeTTL is how long a one-time code lives.
func New(p *pages.Pages, db Store, walks Walks, codeTTL time.Duration) *Room {
	return &Room{p, db, walks, codeTTL}
}

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{
		Name:    "words",
		Actions: map[talk.Name]talk.Handler{talk.Mean: h.meant, talk.Given: h.givenAway},
		Words:   h.text,
	}
}

// confirmationLifetime is how long buttons that stood before the person are
// shown once more.
const confirmationLifetime = 10 * time.Minute
