// Package followup comes back to people: a link waits, or did signing work?
package followup

import (
	"context"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/store"
	"time"
)

// Store is what it needs of the database.
type Store interface {
	Resets(ctx context.Context, nip string, limit int) ([]store.Reset, error)
	GuideWalk(ctx context.Context, owner, guide string) (store.Walk, error)
}

// Kinds of durable jobs.
const (
	jobRemind talk.JobKind = "remind" // a link waits, and the walk does not go on
	jobAsk    talk.JobKind = "ask"    // did signing work?
)

// Room comes back to people.
type Room struct {
	*pages.Pages
	db                 Store
	reminder, question time.Duration
}

// New gives the room. It reminds of a link after the one time, and asks after
// the other whether signing worked.
func New(p *pages.Pages, db Store, reminder, question time.Duration) *Room {
	return &Room{p, db, reminder, question}
}

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{
		Name:    "followup",
		Actions: map[talk.Name]talk.Handler{talk.Worked: h.workedAnswered},
		Jobs:    map[talk.JobKind]talk.Work{jobRemind: h.remind, jobAsk: h.ask},
	}
}

// resetsLookedAt is among how many of the latest resets the one is sought that
// sent the link.
const resetsLookedAt = 10
