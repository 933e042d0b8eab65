package handlers

import (
	"context"
	"fmt"
	"resetpin/handlers/talk"
	"slices"
	"strings"
	"time"

	"resetpin/guides"
	"resetpin/store"
)

// asked gives the resets of the person whose link may be in their mailbox, the
// newest first: those of the last day.
func (h *Handlers) asked(ctx context.Context, r talk.Request) ([]store.Reset, error) {
	if !r.Session.Linked {
		return nil, nil
	}
	resets, err := h.Store.Resets(ctx, r.Session.Employee.NIP, resetsLookedAt)
	if err != nil {
		return nil, fmt.Errorf("read resets: %w", err)
	}
	return slices.DeleteFunc(resets, func(row store.Reset) bool {
		return row.State != store.ResetSent && row.State != store.ResetUnknown || r.Now.Sub(row.Updated) >= talk.LinkOffer
	}), nil
}

// linkUntil is until when a link should be used. How long BSrE lets it live
// is written nowhere: the day on which it was sent is what the bot promises.
func (h *Handlers) linkUntil(sent time.Time) time.Time {
	local := sent.In(h.Settings.Zone)
	return time.Date(local.Year(), local.Month(), local.Day(), 23, 59, 0, 0, h.Settings.Zone)
}

// linkAlive gives the newest link that may still be good.
func (h *Handlers) linkAlive(links []store.Reset, now time.Time) (store.Reset, bool) {
	if len(links) == 0 || now.After(h.linkUntil(links[0].Updated)) {
		return store.Reset{}, false
	}
	return links[0], true
}

// tellLinks puts into a situation which mail counts, and until when.
func (h *Handlers) tellLinks(ctx context.Context, r talk.Request, s *guides.Situation) error {
	links, err := h.asked(ctx, r)
	if err != nil {
		return err
	}
	switch len(links) {
	case 0:
		s.Links = "none"
		return nil
	case 1:
		s.Links = "one"
	default:
		s.Links = "several"
	}
	var times []string
	for _, row := range slices.Backward(links) {
		times = append(times, h.Clock(row.Updated, r.Now))
	}
	end := len(times) - 1
	for i := range end { // the zone is told once
		times[i] = strings.TrimSuffix(times[i], " "+r.Now.In(h.Settings.Zone).Format("MST"))
	}
	s.Vars["asked"] = strings.Join(times[:end], ", ")
	if end > 0 {
		s.Vars["asked"] += " " + r.Say("and") + " "
	}
	s.Vars["asked"] += times[end]
	s.Vars["sent"] = times[end]
	s.Vars["until"] = h.Moment(h.linkUntil(links[0].Updated))
	return nil
}
