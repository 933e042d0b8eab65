package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"resetpin/guides"
	"resetpin/store"
)

// asked gives the resets of the person whose link may be in their mailbox, the
// newest first: those of the last day.
func (h *Handlers) asked(ctx context.Context, r request) ([]store.Reset, error) {
	if !r.session.Linked {
		return nil, nil
	}
	resets, err := h.Store.Resets(ctx, r.session.Employee.NIP, resetsLookedAt)
	if err != nil {
		return nil, fmt.Errorf("read resets: %w", err)
	}
	return slices.DeleteFunc(resets, func(row store.Reset) bool {
		return row.State != store.ResetSent && row.State != store.ResetUnknown || r.now.Sub(row.Updated) >= walkOffer
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
func (h *Handlers) tellLinks(ctx context.Context, r request, s *guides.Situation) error {
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
		times = append(times, h.clock(row.Updated, r.now))
	}
	end := len(times) - 1
	for i := range end { // the zone is told once
		times[i] = strings.TrimSuffix(times[i], " "+r.now.In(h.Settings.Zone).Format("MST"))
	}
	s.Vars["asked"] = strings.Join(times[:end], ", ")
	if end > 0 {
		s.Vars["asked"] += " " + r.say("and") + " "
	}
	s.Vars["asked"] += times[end]
	s.Vars["sent"] = times[end]
	s.Vars["until"] = h.moment(h.linkUntil(links[0].Updated))
	return nil
}

// moment shows a day and a time of it.
func (h *Handlers) moment(t time.Time) string {
	return clock(h.Settings.Zone, t, time.Time{})
}
