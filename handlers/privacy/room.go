// Package privacy tells what is stored and for how long, and lets people
// switch reminders off.
package privacy

import (
	"context"
	"resetpin/handlers/talk"
	"resetpin/store"
	"time"
)

// Store is what it needs of the database.
type Store interface {
	SetQuiet(ctx context.Context, a store.Account, quiet bool) error
}

// Room tells of privacy.
type Room struct {
	*talk.Kernel
	db        Store
	retention time.Duration
	tickets   time.Duration
}

// New gives the room; retention is how long what is done is kept, tickets how
// long the words of a ticket are after its end.
func New(k *talk.Kernel, db Store, retention, tickets time.Duration) *Room {
	return &Room{k, db, retention, tickets}
}

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{
		Name:     "privacy",
		Commands: []talk.Command{{Name: "privasi", Aliases: []string{"privacy"}, Listed: 70, Run: h.privacy}},
		Actions:  map[talk.Name]talk.Handler{talk.Quiet: h.quietChosen},
	}
}
