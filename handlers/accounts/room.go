// Package accounts shows people the chat accounts that are linked with them,
// and cuts them.
package accounts

import (
	"context"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// Store is what it needs of the database.
type Store interface {
	Links(ctx context.Context, nip string) ([]store.Link, error)
	Unlink(ctx context.Context, a store.Account) (string, error)
	UnlinkOthers(ctx context.Context, nip, platform string, but store.Account, jobs func(accounts []store.Account) []store.Job) ([]store.Account, error)
	Reference(a store.Account) string
}

// Room shows and cuts links.
type Room struct {
	*talk.Kernel
	db Store
}

// New gives the room.
func New(k *talk.Kernel, db Store) *Room { return &Room{k, db} }

// cutOK cuts the account that the question named.
const cutOK talk.Name = "link.cut.ok"

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{
		Name:     "accounts",
		Commands: []talk.Command{{Name: "unlink", Listed: 50, Run: h.unlink}},
		Actions:  map[talk.Name]talk.Handler{talk.LinkCut: h.cutAsked, cutOK: h.cutConfirmed, talk.UnlinkOK: h.unlinkConfirmed},
		Jobs:     map[talk.JobKind]talk.Work{letters.JobLinks: h.tellLinked},
	}
}
