// Package language lets people choose their language, and pages without
// pictures.
package language

import (
	"context"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// Store is what it needs of the database.
type Store interface {
	SetLanguage(ctx context.Context, a store.Account, lang string) error
	SetTextOnly(ctx context.Context, a store.Account, textOnly bool) error
}

// Room lets people choose how they are spoken to.
type Room struct {
	*talk.Kernel
	db Store
}

// New gives the room.
func New(k *talk.Kernel, db Store) *Room { return &Room{k, db} }

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{
		Name:     "language",
		Commands: []talk.Command{{Name: "bahasa", Aliases: []string{"language"}, Listed: 60, Run: h.chooseLanguage}},
		Actions:  map[talk.Name]talk.Handler{talk.Language: h.languageChosen, talk.Mode: h.modeChosen},
	}
}
