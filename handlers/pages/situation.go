package pages

import (
	"cmp"
	"context"
	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/bsre"
	"resetpin/handlers/resetsite"
	"resetpin/handlers/talk"
	"resetpin/store"
	"slices"
)

// signingApp is where people sign, in words that fit into a sentence.
func (h *Pages) signingApp(r talk.Request) string {
	return cmp.Or(h.app, r.Say("walk.app"))
}

// mailbox is the employee's official address, masked, or the words for it.
func (h *Pages) mailbox(r talk.Request) string {
	if r.Session.Linked {
		return bsre.Mask(r.Session.Employee.Email)
	}
	return r.Say("walk.mailbox")
}

// View is a page as it is true for the person now.
func (h *Pages) View(ctx context.Context, r talk.Request, g *guides.Guide, at string) (guides.View, error) {
	s, err := h.SituationAt(ctx, r, g, at)
	if err != nil {
		return guides.View{}, err
	}
	return g.View(at, s)
}

// SituationAt is the situation in which a page is shown. The site's
// certificate is looked at only where the page depends on it.
func (h *Pages) SituationAt(ctx context.Context, r talk.Request, g *guides.Guide, at string) (guides.Situation, error) {
	s := h.Situation(r)
	if g.Name() == talk.ResetGuide {
		if err := h.tellLinks(ctx, r, &s); err != nil {
			return s, err
		}
	}
	view, err := g.View(at, s)
	if err != nil || !slices.Contains(view.Varies, "verdict") {
		return s, err
	}
	if h.site == nil {
		s.Verdict = string(resetsite.Unknown)
		return s, nil
	}
	found := h.site.Find(ctx)
	s.Verdict = string(found.Verdict)
	if found.Fingerprint != "" {
		s.Vars["fingerprint"] = found.Fingerprint
	}
	return s, nil
}

// Page renders a page of a walk with its buttons.
func (h *Pages) Page(r talk.Request, w store.Walk, view guides.View) bot.Message {
	return Page(h.Texts, r.Lang, view, func(c guides.Choice) bot.Button { return h.Choice(w, c) })
}

// Choice is the button of a choice at a walk's position.
func (h *Pages) Choice(w store.Walk, c guides.Choice) bot.Button {
	return bot.Button{Text: c.Label, Action: talk.Walk.With(Press{Walk: w.ID, Version: w.Version, Kind: c.Kind, Target: c.Target}.Arg())}
}

// Situation is what a step's text depends on.
func (h *Pages) Situation(r talk.Request) guides.Situation {
	s := guides.Situation{
		Language: r.Lang, Platform: r.Account.Platform, Browser: r.Session.Browser, Mode: mode(r), Site: "usual",
		Vars: map[string]string{
			"site":     h.Settings.ResetSites[0],
			"sender":   h.Settings.ResetSenders[0],
			"subject":  "[eSign] Reset Passphrase",
			"helpdesk": h.Helpdesk(r),
			"email":    h.mailbox(r),

			"app":     h.signingApp(r),
			"nip":     talk.Dash(r.Session.Employee.NIP),
			"spelled": spelled(r, h.Settings.ResetSites[0]),

			"fingerprint": "–",                             // until the site was looked at
			"sent":        "–", "asked": "–", "until": "–", // until the links were
		},
	}
	if h.Settings.ResetSites[0] != picturedSite {
		s.Site = "other"
	}
	if r.Session.Status.Value != "" {
		s.Status = StatusStep(r.Session.Status.Value)
	}
	return s
}

// picturedSite is the address that the guides' pictures show.
const picturedSite = "esign-bsre.bssn.go.id"
