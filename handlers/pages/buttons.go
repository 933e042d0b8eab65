package pages

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/talk"
)

// AdviceButtons makes the choices of a page that belongs to no walk into
// buttons.
func AdviceButtons(choices []guides.Choice) []bot.Button {
	var buttons []bot.Button
	for _, c := range choices {
		if b, ok := adviceButton(c); ok {
			buttons = append(buttons, b)
		}
	}
	return buttons
}

func adviceButton(c guides.Choice) (bot.Button, bool) {
	b := bot.Button{Text: c.Label}
	if c.Primary {
		b.Style = bot.StylePrimary
	}
	switch c.Kind {
	case guides.ChoiceReset:
		b.Action = talk.Cmd.With("resetpin")
	case guides.ChoiceStatus:
		b.Action = talk.Cmd.With("status")
	case guides.ChoiceGuide:
		b.Action = talk.WalkStart.With(c.Target)
	case guides.ChoiceHelpdesk:
		b.Action = talk.Helpdesk.With(c.Target)
	case guides.ChoicePhone:
		b.Action = talk.Phone.With("")
	case guides.ChoiceNumber:
		b.Action = talk.Number.With("")
	default:
		return bot.Button{}, false
	}
	return b, true
}

// pageButton leads to a page beside any walk, by its title.
func (h *Pages) pageButton(r talk.Request, guide, page string) (bot.Button, error) {
	g, ok := h.Guides.Guide(guide)
	if !ok {
		return bot.Button{}, fmt.Errorf("no guide %q", guide)
	}
	view, err := g.View(page, h.Situation(r))
	if err != nil {
		return bot.Button{}, fmt.Errorf("offer page: %w", err)
	}
	return bot.Button{Text: view.Title, Action: talk.Page.With(guide + "." + page)}, nil
}

// ButtonsFor leads to pages by their titles. A page that an administrator's
// guides do not have is left out.
func (h *Pages) ButtonsFor(ctx context.Context, r talk.Request, guide string, pages ...string) []bot.Button {
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

// Buttons makes the choices of a page that belongs to no walk into
// buttons, those to other pages included.
func Buttons(g *guides.Guide, choices []guides.Choice) []bot.Button {
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

// ResumeReset leads back to the reset's walk, or to its begin when another
// guide was opened meanwhile.
func ResumeReset(r talk.Request) bot.Button {
	if r.Session.Walk.Guide == talk.ResetGuide {
		return r.Primary("button.resume", talk.WalkHere, "")
	}
	return r.Primary("button.resume", talk.WalkStart, talk.ResetGuide)
}
