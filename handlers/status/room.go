// Package status tells what BSrE says of somebody's certificate, and what
// helps.
package status

import (
	"context"
	"resetpin/handlers/bsre"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// Store is what it needs of the database.
type Store interface {
	SaveStatus(ctx context.Context, nip string, st store.Status) error
	SaveCertificate(ctx context.Context, nip string, c store.Certificate) error
	Certificate(ctx context.Context, nip string) (store.Certificate, error)
}

// Client asks BSrE for a certificate's status.
type Client interface {
	Status(ctx context.Context, p bsre.Person) (bsre.Status, error)
}

// Room tells the status.
type Room struct {
	*pages.Pages
	db     Store
	client Client
	portal bsre.Resetter
	ends   *endLookups
}

// New gives the room. The portal, where it can, tells the end of a
// certificate.
func New(p *pages.Pages, db Store, client Client, portal bsre.Resetter) *Room {
	return &Room{Pages: p, db: db, client: client, portal: portal, ends: newEndLookups()}
}

// Capability is what it brings.
func (h *Room) Capability() talk.Capability {
	return talk.Capability{Name: "status", Commands: []talk.Command{
		{Name: "status", Aliases: []string{"statusds"}, Listed: 20, Run: h.status},
	}}
}

// WantEnd has the end of somebody's certificate looked up, so that it is there
// when the status is asked.
func (h *Room) WantEnd(e store.Employee) { h.ends.want(e) }
