package handlers

import (
	"context"
	"fmt"

	"resetpin/bot"
	"resetpin/handlers/talk"
)

// modeChosen switches pictures off and on.
func (h *Handlers) modeChosen(ctx context.Context, r talk.Request) (bot.Reply, error) {
	textOnly := r.Action.Arg == "text"
	if err := h.Store.SetTextOnly(ctx, r.Asker(), textOnly); err != nil {
		return bot.Reply{}, fmt.Errorf("set text only: %w", err)
	}
	r.Session.TextOnly = textOnly
	key := "mode.pictures"
	if textOnly {
		key = "mode.text"
	}
	return talk.Replace(r.Say(key), h.HomeButtons(r)...), nil
}
