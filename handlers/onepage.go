package handlers

import (
	"context"
	"fmt"
	"resetpin/handlers/talk"
	"strings"

	"resetpin/bot"
	"resetpin/guides"
)

// onePage answers with a page of a guide beside any walk: the action's
// argument is "GUIDE.PAGE".
func (h *Handlers) onePage(ctx context.Context, r talk.Request) (bot.Reply, error) {
	guide, page, _ := strings.Cut(r.Action.Arg, ".")
	g, ok := h.Guides.Guide(guide)
	if !ok {
		return h.Lost(r), nil
	}
	view, err := h.view(ctx, r, g, page)
	if err != nil {
		// The page was there when the button was made: guides can change.
		h.Logger.WarnContext(ctx, "a page could not be shown", "page", r.Action.Arg, "error", err)
		return h.Lost(r), nil
	}
	view.Total = 0 // it belongs to no walk
	m := Page(h.Texts, r.Lang, view, func(guides.Choice) bot.Button { return bot.Button{} })
	m.Buttons = talk.Rows(pageButtons(g, view.Choices))
	return bot.Reply{Messages: []bot.Message{m}}, nil
}

// pageButton leads to a page beside any walk, by its title.
func (h *Handlers) pageButton(r talk.Request, guide, page string) (bot.Button, error) {
	g, ok := h.Guides.Guide(guide)
	if !ok {
		return bot.Button{}, fmt.Errorf("no guide %q", guide)
	}
	view, err := g.View(page, h.situation(r))
	if err != nil {
		return bot.Button{}, fmt.Errorf("offer page: %w", err)
	}
	return bot.Button{Text: view.Title, Action: talk.Page.With(guide + "." + page)}, nil
}

// pageButtons gives those by their titles. A page that an administrator's
// guides do not have is left out.
func (h *Handlers) pageButtonsFor(ctx context.Context, r talk.Request, guide string, pages ...string) []bot.Button {
	var out []bot.Button
	for _, page := range pages {
		b, err := h.pageButton(r, guide, page)
		if err != nil {
			h.Logger.WarnContext(ctx, "a page is not offered", "page", guide+"."+page, "error", err)
			continue
		}
		out = append(out, b)
	}
	return out
}

// pageButtons makes the choices of a page that belongs to no walk into
// buttons, those to other pages included.
func pageButtons(g *guides.Guide, choices []guides.Choice) []bot.Button {
	var out []bot.Button
	for _, c := range choices {
		b, ok := adviceButton(c)
		switch {
		case c.Kind == guides.ChoicePage:
			b = bot.Button{Text: c.Label, Action: talk.Page.With(g.Name() + "." + c.Target)}
		case c.Kind == guides.ChoiceReset:
			b.Action = talk.ResetNew.With("")
		case !ok:
			continue
		}
		out = append(out, b)
	}
	return out
}
