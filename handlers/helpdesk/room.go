// Package helpdesk calls a person for somebody who is stuck.
package helpdesk

import (
	"context"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/store"
	"time"
)

// Store is what it needs of the database.
type Store interface {
	Spend(ctx context.Context, nip, what string, now time.Time, budgets ...store.Budget) (until time.Time, err error)
	Refund(ctx context.Context, nip, what string, at time.Time) error
	Record(ctx context.Context, e store.Event, jobs ...store.Job) error
}

// Room calls the help desk.
type Room struct {
	*pages.Pages
	db Store
}

// New gives the room.
func New(p *pages.Pages, db Store) *Room { return &Room{p, db} }

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{Name: "helpdesk", Actions: map[talk.Name]talk.Handler{talk.Helpdesk: h.callHelp}}
}
