package pages

import (
	"context"
	"fmt"
	"resetpin/guides"
	"resetpin/handlers/talk"
	"resetpin/store"
	"slices"
	"strings"
	"time"
)

// Asked gives the resets of the person whose link may be in their mailbox, the
// newest first: those of the last day.
func (h *Pages) Asked(ctx context.Context, r talk.Request) ([]store.Reset, error) {
	if !r.Session.Linked {
		return nil, nil
	}
	resets, err := h.db.Resets(ctx, r.Session.Employee.NIP, resetsLookedAt)
	if err != nil {
		return nil, fmt.Errorf("read resets: %w", err)
	}
	return slices.DeleteFunc(resets, func(row store.Reset) bool {
		return row.State != store.ResetSent && row.State != store.ResetUnknown || r.Now.Sub(row.Updated) >= talk.LinkOffer
	}), nil
}

// LinkUntil is until when a link should be used. How long BSrE lets it live
// is written nowhere: the day on which it was sent is what the bot promises.
func (h *Pages) LinkUntil(sent time.Time) time.Time {
	local := sent.In(h.Settings.Zone)
	return time.Date(local.Year(), local.Month(), local.Day(), 23, 59, 0, 0, h.Settings.Zone)
}

// LinkAlive gives the newest link that may still be good.
func (h *Pages) LinkAlive(links []store.Reset, now time.Time) (store.Reset, bool) {
	if len(links) == 0 || now.After(h.LinkUntil(links[0].Updated)) {
		return store.Reset{}, false
	}
	return links[0], true
}

// tellLinks puts into a situation which mail counts, and until when.
func (h *Pages) tellLinks(ctx context.Context, r talk.Request, s *guides.Situation) error {
	links, err := h.Asked(ctx, r)
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
	s.Vars["until"] = h.Moment(h.LinkUntil(links[0].Updated))
	return nil
}
