package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"resetpin/bot/settings"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// portalOptions are what the portal's client needs beside the settings.
type portalOptions struct {
	gap time.Duration
	now func() time.Time
	odd func(ctx context.Context, field, shape string)

	wires *wires
}

// portal builds the portal's client.
func portal(s settings.Settings, db *store.Store, o portalOptions) (*bsre.Portal, error) {
	ca, err := trusted(s)
	if err != nil {
		return nil, err
	}
	return bsre.NewPortal(bsre.PortalConfig{
		CA:  ca,
		URL: s.PortalURL, SSOURL: s.SSOURL, Username: s.PortalUsername, Password: s.PortalPassword.Reveal(), TOTPSecret: s.PortalTOTP.Reveal(),
		Tokens: tokens{db}, Leases: db, Insecure: s.PortalInsecure, Timeout: s.BSrETimeout, Gap: o.gap, Now: o.now, Odd: o.odd,
		Wrap: o.wires.to(systemPortal), WrapSignOn: o.wires.to(systemSignOn),
	})
}

// inClear names the portal's addresses that are used without TLS beyond this
// machine; empty: none.
func inClear(s settings.Settings) string {
	var names []string
	for _, a := range []struct{ name, address string }{{"BSRE_PORTAL_URL", s.PortalURL}, {"BSRE_SSO_URL", s.SSOURL}} {
		if s.BSrEReset == "portal" && s.PortalInsecure && bsre.InClear(a.address) {
			names = append(names, a.name)
		}
	}
	return strings.Join(names, " and ")
}

// tokens keeps the portal's session.
type tokens struct{ s *store.Store }

const portalToken = "portal token"

// LoadToken gives the kept session, or nil.
func (t tokens) LoadToken(ctx context.Context) ([]byte, error) {
	value, err := t.s.KV(ctx, portalToken)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return value, err
}

// SaveToken keeps the session.
func (t tokens) SaveToken(ctx context.Context, token []byte) error {
	return t.s.PutKV(ctx, portalToken, token)
}

// oddLog tells of each value of BSrE that cannot be read once, and counts all.
type oddLog struct {
	a    *App
	mu   sync.Mutex
	told map[string]bool
}

func (l *oddLog) note(ctx context.Context, field, shape string) {
	l.a.metrics.odd.WithLabelValues(field).Inc()
	l.mu.Lock()
	known := l.told[field+" "+shape]
	l.told[field+" "+shape] = true
	l.mu.Unlock()
	if !known {
		l.a.log.ErrorContext(ctx, "BSrE's portal writes something that cannot be read; what rests on it is left out", "field", field, "shape", shape)
	}
	if err := l.a.store.NoteOddity(ctx, field, shape, l.a.now()); err != nil {
		l.a.log.WarnContext(ctx, "what cannot be read could not be counted", "error", err)
	}
}

// portalTrouble is a remark while the bot has no session with the portal.
func (a *App) portalTrouble(context.Context) error {
	if a.portal == nil {
		return nil
	}
	return a.portal.Trouble()
}

const oddSince = 7 * 24 * time.Hour

// oddities tells what the bot could not read lately.
func (c *doctor) oddities(ctx context.Context) (string, error) {
	if c.db == nil {
		return "", errors.New("not tried: what the bot notices is kept in the database")
	}
	all, err := c.db.Oddities(ctx, time.Now().Add(-oddSince))
	if err != nil || len(all) == 0 {
		return "everything that the portal told could be read", err
	}
	lines := make([]error, 0, len(all))
	for _, o := range all {
		lines = append(lines, fmt.Errorf("the portal's %s could not be read %d times, last on %s: it looks like %q (digits are 9, letters a); tell those who keep this program",
			o.Field, o.Times, o.Last.Format(time.DateTime), o.Shape))
	}
	return "", errors.Join(lines...)
}
