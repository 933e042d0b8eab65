// Package walk leads people through the guides, a step at a time.
package walk

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
	StartWalk(ctx context.Context, owner, guide, step string, now time.Time, lines ...store.Event) (store.Walk, error)
	MoveWalk(ctx context.Context, id int64, version int, step string, st store.WalkState, now time.Time, lines ...store.Event) (store.Walk, error)
	Walk(ctx context.Context, owner string) (store.Walk, error)
	GuideWalk(ctx context.Context, owner, guide string) (store.Walk, error)
	SetBrowser(ctx context.Context, a store.Account, browser string) error
}

// Later comes back to who is on a walk.
type Later interface {
	RemindLater(ctx context.Context, r talk.Request, w store.Walk) error
	AskLater(ctx context.Context, r talk.Request, w store.Walk) error
}

// Status tells what BSrE says of a certificate, with the status itself.
type Status interface {
	Told(ctx context.Context, r talk.Request) (bot.Reply, store.Status, error)
}

// Room leads through the guides.
type Room struct {
	*pages.Pages
	db     Store
	later  Later
	status Status
}

// New gives the room.
func New(p *pages.Pages, db Store, later Later, status Status) *Room {
	return &Room{p, db, later, status}
}

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{
		Name:     "walk",
		Commands: []talk.Command{{Name: "panduan", Aliases: []string{"guide"}, Listed: 40, Run: h.guide}},
		Actions: map[talk.Name]talk.Handler{
			talk.Walk: h.walkMove, talk.WalkStart: h.walkStart, talk.WalkHere: h.walkResume, talk.WalkOwn: h.walkOwn,
			talk.Page: h.onePage, talk.Browser: h.browserChosen,
		},
		Here: h.Standing,
	}
}

// At begins a guide at one of its steps. It gives false when the guides that
// are served have no such guide.
func (h *Room) At(ctx context.Context, r talk.Request, guide, step string) (bot.Message, bool, error) {
	g, ok := h.Guides.Guide(guide)
	if !ok {
		return bot.Message{}, false, nil
	}
	w, err := h.startWalk(ctx, r.Owner(), g, g.Settle(step), r)
	if err != nil {
		return bot.Message{}, true, err
	}
	m, err := h.step(ctx, r, w)
	return m, true, err
}
