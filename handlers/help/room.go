// Package help greets, and lists what people can type.
package help

import (
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
)

// Room greets and helps.
type Room struct{ *pages.Pages }

// New gives the room.
func New(p *pages.Pages) *Room { return &Room{p} }

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{Name: "help", Commands: []talk.Command{
		{Name: "help", Aliases: []string{"bantuan"}, Listed: 80, Run: h.help},
		{Name: "start", Run: h.start},
	}}
}
