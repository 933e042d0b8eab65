package accounts

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// unlink asks once before the account loses its employee.
func (h *Room) unlink(_ context.Context, r talk.Request) (bot.Reply, error) {
	if !r.Session.Linked {
		return talk.Reply(r.Say("unlink.none"), h.HomeButtons(r)...), nil
	}
	yes := r.Button("unlink.yes", talk.UnlinkOK, talk.Bound(r.Session.Employee.NIP))
	yes.Style = bot.StyleDanger
	return talk.Reply(r.Say("unlink.ask", "name", r.Session.Employee.Name), yes, r.Button("button.cancel", talk.Cancel, "")), nil
}

func (h *Room) unlinkConfirmed(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if r.Session.Linked && !talk.BoundTo(r.Action.Arg, r.Session.Employee.NIP) {
		return h.unlink(ctx, r)
	}
	if _, err := h.db.Unlink(ctx, r.Asker()); err != nil && !talk.NotFound(err) {
		return bot.Reply{}, fmt.Errorf("unlink: %w", err)
	}
	r.Session = store.Session{}
	return talk.Replace(r.Say("unlink.done"), h.HomeButtons(r)...), nil
}
