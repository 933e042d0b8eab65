// Package pages shows a guide's pages as they are true for a person: their
// browser, the certificate of the reset site, the mail that counts.
package pages

import (
	"context"
	"resetpin/guides"
	"resetpin/handlers/resetsite"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// Guides are the guides that are served; they may change between two calls.
type Guides interface {
	Guide(name string) (*guides.Guide, bool)
	Names() []string
	Title(name, language string) string
}

// Site tells what the reset site's certificate is worth just now.
type Site interface {
	Find(ctx context.Context) resetsite.Finding
}

// Store is what pages need of the database.
type Store interface {
	Resets(ctx context.Context, nip string, limit int) ([]store.Reset, error)
}

// Pages shows pages.
type Pages struct {
	*talk.Kernel
	Guides Guides
	site   Site
	db     Store
	app    string
}

// New gives the pages of the guides. Without a site nobody looks, and the
// guide tells what holds in any case; app is where people sign, empty: in words.
func New(k *talk.Kernel, g Guides, site Site, db Store, app string) *Pages {
	return &Pages{Kernel: k, Guides: g, site: site, db: db, app: app}
}

// resetsLookedAt is among how many of the latest resets the one is sought that
// sent the link.
const resetsLookedAt = 10
