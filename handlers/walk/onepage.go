package walk

import (
	"context"
	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"strings"
)

// onePage answers with a page of a guide beside any walk: the action's
// argument is "GUIDE.PAGE".
func (h *Room) onePage(ctx context.Context, r talk.Request) (bot.Reply, error) {
	guide, page, _ := strings.Cut(r.Action.Arg, ".")
	g, ok := h.Guides.Guide(guide)
	if !ok {
		return h.Lost(r), nil
	}
	view, err := h.View(ctx, r, g, page)
	if err != nil {
		// The page was there when the button was made: guides can change.
		h.Logger.WarnContext(ctx, "a page could not be shown", "page", r.Action.Arg, "error", err)
		return h.Lost(r), nil
	}
	view.Total = 0 // it belongs to no walk
	m := pages.Page(h.Texts, r.Lang, view, func(guides.Choice) bot.Button { return bot.Button{} })
	m.Buttons = talk.Rows(pages.Buttons(g, view.Choices))
	return bot.Reply{Messages: []bot.Message{m}}, nil
}
