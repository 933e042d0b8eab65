package walk

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"slices"
	"strings"
)

// OpenPage opens a page about a trouble beside the step where the person is,
// or shows it by itself to somebody who is on no way.
func (h *Room) OpenPage(ctx context.Context, r talk.Request, page string) (answer bot.Reply, known bool, err error) {
	g, ok := h.Guides.Guide(talk.ResetGuide)
	if !ok || !g.Has(page) {
		return bot.Reply{}, false, nil
	}
	w := r.Session.Walk
	if r.Walking() && w.Guide == talk.ResetGuide && !r.Wish {
		moved, err := h.db.MoveWalk(ctx, w.ID, w.Version, guides.StepOf(w.Step)+"+"+page, store.WalkActive, r.Now)
		if err != nil {
			return bot.Reply{}, true, fmt.Errorf("open page: %w", err)
		}
		r.Session.Walk = moved
		answer, err := h.shown(ctx, r)
		return answer, true, err
	}
	view, err := h.View(ctx, r, g, page)
	if err != nil {
		return bot.Reply{}, true, fmt.Errorf("show page: %w", err)
	}
	return talk.Reply("**"+view.Title+"**\n\n"+view.Body, append(pages.AdviceButtons(view.Choices), h.HomeButtons(r)...)...), true, nil
}

// NamedProblem gives the page of the present step's problem that was typed in
// the words of its button, which may not stand in the chat yet.
func (h *Room) NamedProblem(r talk.Request) (page string, ok bool) {
	g, ok := h.Guides.Guide(talk.ResetGuide)
	w := r.Session.Walk
	if !ok || !r.Walking() || w.Guide != talk.ResetGuide {
		return "", false
	}
	s := h.Situation(r)
	list, _, err := g.Move(guides.StepOf(g.Settle(w.Step)), guides.ChoiceProblem, "", s)
	if err != nil {
		return "", false
	}
	view, err := g.View(list, s)
	if err != nil {
		return "", false
	}
	plain := func(text string) string { return strings.Trim(understand.Clean(text), " .!?") }
	i := slices.IndexFunc(view.Choices, func(c guides.Choice) bool {
		return c.Kind == guides.ChoicePage && strings.EqualFold(plain(r.Text), plain(c.Label))
	})
	if i < 0 {
		return "", false
	}
	return view.Choices[i].Target, true
}
