// Package post sends the bot's own mails, and tells who waits for one how it
// stands.
package post

import (
	"context"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/store"
	"time"
)

// Store is what it needs of the database.
type Store interface {
	Spend(ctx context.Context, nip, what string, now time.Time, budgets ...store.Budget) (until time.Time, err error)
}

// Room sends mails.
type Room struct {
	*talk.Kernel
	Mails   *letters.Mailer // set before the first job is done
	db      Store
	codeTTL time.Duration
	server  server
}

// New gives the room; codeTTL is how long a one-time code lives.
func New(k *talk.Kernel, db Store, codeTTL time.Duration) *Room {
	return &Room{Kernel: k, db: db, codeTTL: codeTTL}
}

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{Name: "post", Jobs: map[talk.JobKind]talk.Work{letters.JobMail: h.mail}}
}

// Down tells whether mails cannot be sent just now.
func (h *Room) Down(now time.Time) bool { return h.server.down(now) }
