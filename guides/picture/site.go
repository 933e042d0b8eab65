package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
)

const (
	host    = "esign-bsre.bssn.go.id"
	mailbox = "nama@contoh.go.id"
	// exampleKey stands in pictures for the key of a link.
	exampleKey = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
)

// site is the pretend BSrE with one example person, who asked for a reset.
type site struct {
	world *bsretest.World
	mail  bsretest.Mail
}

func startSite(ctx context.Context) (*site, error) {
	who := bsretest.Samples()[0]
	who.Email = mailbox
	world, err := bsretest.New(bsretest.Options{Persons: []bsretest.Person{who}, LinkHost: host, Gap: -1})
	if err != nil {
		return nil, err
	}
	if err := world.Start(); err != nil {
		return nil, err
	}
	s := &site{world: world}
	portal, err := bsre.NewPortal(world.PortalConfig())
	if err == nil {
		_, err = portal.Reset(ctx, bsre.Person{NIK: who.NIK, NIP: who.NIP, Email: who.Email})
	}
	if err == nil && len(world.Mails()) != 1 {
		err = errors.New("the pretend BSrE sent no mail")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("ask for the example's reset: %w", err), world.Close())
	}
	s.mail = world.Mails()[0]
	return s, nil
}

// letter is the mail's HTML with the example key in its link, so that making
// the pictures anew changes nothing.
func (s *site) letter() string {
	html := strings.ReplaceAll(s.mail.HTML, path.Base(s.mail.Link), exampleKey)
	return strings.ReplaceAll(html, "Arial,", "Roboto,Arial,") // as wide as it is elsewhere
}
