package handlers

import (
	"context"
	"fmt"
	"resetpin/handlers/talk"
	"slices"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/resetsite"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// browsers are what a person can say of the browser in front of them, in the
// order of the buttons. The last is for those who do not know.
func browsers() []string {
	return []string{"chrome", "android", "edge", "firefox", "safari", "iphone", "unknown"}
}

// askBrowser asks which browser it is, in the place of a step that says
// something else for each.
func (h *Handlers) askBrowser(r talk.Request) bot.Message {
	var buttons []bot.Button
	for _, name := range browsers() {
		buttons = append(buttons, r.Button("browser."+name, talk.Browser, name))
	}
	return bot.Message{Text: r.Say("browser.ask"), Buttons: append(talk.Rows(buttons), h.noWarning(r)...), Place: string(understand.AskBrowser)}
}

// noWarningPage is the page for those whose browser does not warn.
const noWarningPage = "nowarning"

// noWarning offers that page beside the browsers where the step does.
func (h *Handlers) noWarning(r talk.Request) [][]bot.Button {
	w := r.Session.Walk
	g, ok := h.Guides.Guide(w.Guide)
	if !ok || !r.Walking() {
		return nil
	}
	view, err := g.View(w.Step, h.situation(r))
	if err != nil {
		return nil // the step itself will say so
	}
	for _, c := range view.Choices {
		if c.Target == noWarningPage {
			return [][]bot.Button{{h.choice(w, c)}}
		}
	}
	return nil
}

// browserChosen remembers the browser and goes on where it was asked for.
func (h *Handlers) browserChosen(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if !slices.Contains(browsers(), r.Action.Arg) {
		return h.Lost(r), nil
	}
	if err := h.Store.SetBrowser(ctx, r.Asker(), r.Action.Arg); err != nil {
		return bot.Reply{}, fmt.Errorf("remember browser: %w", err)
	}
	r.Session.Browser = r.Action.Arg
	if !r.Walking() {
		return talk.Replace(r.Say("browser.set"), h.HomeButtons(r)...), nil
	}
	if err := h.backToStep(ctx, &r); err != nil {
		return bot.Reply{}, err
	}
	return h.shown(ctx, r)
}

// view is a page as it is true for the person now.
func (h *Handlers) view(ctx context.Context, r talk.Request, g *guides.Guide, at string) (guides.View, error) {
	s, err := h.situationAt(ctx, r, g, at)
	if err != nil {
		return guides.View{}, err
	}
	return g.View(at, s)
}

// situationAt is the situation in which a page is shown. The site's
// certificate is looked at only where the page depends on it.
func (h *Handlers) situationAt(ctx context.Context, r talk.Request, g *guides.Guide, at string) (guides.Situation, error) {
	s := h.situation(r)
	if g.Name() == talk.ResetGuide {
		if err := h.tellLinks(ctx, r, &s); err != nil {
			return s, err
		}
	}
	view, err := g.View(at, s)
	if err != nil || !slices.Contains(view.Varies, "verdict") {
		return s, err
	}
	if h.Site == nil {
		s.Verdict = string(resetsite.Unknown)
		return s, nil
	}
	found := h.Site.Find(ctx)
	s.Verdict = string(found.Verdict)
	if found.Fingerprint != "" {
		s.Vars["fingerprint"] = found.Fingerprint
	}
	return s, nil
}

// step renders the walk's current step with its buttons, or asks for the
// browser first where the step depends on it.
func (h *Handlers) step(ctx context.Context, r talk.Request, w store.Walk) (bot.Message, error) {
	g, ok := h.Guides.Guide(w.Guide)
	if !ok {
		return bot.Message{}, fmt.Errorf("no guide %q", w.Guide)
	}
	if at := g.Settle(w.Step); at != w.Step {
		moved, err := h.Store.MoveWalk(ctx, w.ID, w.Version, at, w.State, r.Now)
		if err != nil {
			return bot.Message{}, fmt.Errorf("settle walk: %w", err)
		}
		w = moved
	}
	view, err := h.view(ctx, r, g, w.Step)
	if err != nil {
		return bot.Message{}, fmt.Errorf("show step: %w", err)
	}
	if r.Session.Browser == "" && slices.Contains(view.Varies, "browser") {
		return talk.TopicWalk.About(h.askBrowser(r)), nil
	}
	return talk.TopicWalk.About(h.page(r, w, view)), nil
}
