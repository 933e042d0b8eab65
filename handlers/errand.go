package handlers

import (
	"context"
	"fmt"

	"resetpin/bot"
)

// needLinkFor is needLink for a command that is taken up once the account is
// linked.
func (h *Handlers) needLinkFor(ctx context.Context, r request, command string) (answer bot.Reply, done bool, err error) {
	if h.verified(r) {
		return bot.Reply{}, false, nil
	}
	if err := h.Store.SetErrand(ctx, r.account(), command, r.now); err != nil {
		return bot.Reply{}, true, fmt.Errorf("keep errand: %w", err)
	}
	return h.needLink(ctx, r)
}

// takeUp goes on with what the person wanted when they were asked who they
// are: its answer stands below the one that says that they are linked now.
func (h *Handlers) takeUp(ctx context.Context, r request, linked bot.Reply) (bot.Reply, error) {
	c := h.findCommand(r.session.Errand)
	if c == nil || r.now.Sub(r.session.ErrandAt) > promptLifetime {
		return linked, nil
	}
	if err := h.Store.SetErrand(ctx, r.account(), "", r.now); err != nil {
		return bot.Reply{}, fmt.Errorf("forget errand: %w", err)
	}
	r.Command, r.Text, r.Action = c.Name, "", bot.Action{}
	wanted, err := c.run(h, ctx, r)
	if err != nil {
		// The account is linked all the same, and that is to be told.
		h.Logger.ErrorContext(ctx, "what was wanted could not be taken up", "command", c.Name, "error", err)
		return linked, nil
	}
	linked.Messages[0].Buttons = nil // those below are what is wanted
	linked.Messages = append(linked.Messages, wanted.Messages...)
	return linked, nil
}
