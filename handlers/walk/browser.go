package walk

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"slices"
)

// browsers are what a person can say of the browser in front of them, in the
// order of the buttons. The last is for those who do not know.
func browsers() []string { return guides.Values("browser") }

// askBrowser asks which browser it is, in the place of a step that says
// something else for each.
func (h *Room) askBrowser(r talk.Request) bot.Message {
	var buttons []bot.Button
	for _, name := range browsers() {
		buttons = append(buttons, r.Button("browser."+name, talk.Browser, name))
	}
	return bot.Message{Text: r.Say("browser.ask"), Buttons: append(talk.Rows(buttons), h.noWarning(r)...), Place: string(understand.AskBrowser)}
}

// noWarningPage is the page for those whose browser does not warn.
const noWarningPage = "nowarning"

// noWarning offers that page beside the browsers where the step does.
func (h *Room) noWarning(r talk.Request) [][]bot.Button {
	w := r.Session.Walk
	g, ok := h.Guides.Guide(w.Guide)
	if !ok || !r.Walking() {
		return nil
	}
	view, err := g.View(w.Step, h.Situation(r))
	if err != nil {
		return nil // the step itself will say so
	}
	for _, c := range view.Choices {
		if c.Target == noWarningPage {
			return [][]bot.Button{{h.Choice(w, c)}}
		}
	}
	return nil
}

// browserChosen remembers the browser and goes on where it was asked for.
func (h *Room) browserChosen(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if !slices.Contains(browsers(), r.Action.Arg) {
		return h.Lost(r), nil
	}
	if err := h.db.SetBrowser(ctx, r.Asker(), r.Action.Arg); err != nil {
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

// step renders the walk's current step with its buttons, or asks for the
// browser first where the step depends on it.
func (h *Room) step(ctx context.Context, r talk.Request, w store.Walk) (bot.Message, error) {
	g, ok := h.Guides.Guide(w.Guide)
	if !ok {
		return bot.Message{}, fmt.Errorf("no guide %q", w.Guide)
	}
	if at := g.Settle(w.Step); at != w.Step {
		moved, err := h.db.MoveWalk(ctx, w.ID, w.Version, at, w.State, r.Now)
		if err != nil {
			return bot.Message{}, fmt.Errorf("settle walk: %w", err)
		}
		w = moved
	}
	view, err := h.View(ctx, r, g, w.Step)
	if err != nil {
		return bot.Message{}, fmt.Errorf("show step: %w", err)
	}
	if r.Session.Browser == "" && slices.Contains(view.Varies, "browser") {
		return talk.TopicWalk.About(h.askBrowser(r)), nil
	}
	return talk.TopicWalk.About(h.Page(r, w, view)), nil
}
