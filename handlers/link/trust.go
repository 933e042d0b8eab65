package link

import (
	"context"
	"errors"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// linkByTrust links without a code where the platform vouches for the
// account's e-mail address and it is an active employee's official one.
func (h *Room) linkByTrust(ctx context.Context, r talk.Request) (bot.Reply, bool, error) {
	address := h.trusted[r.Account.Platform]
	if address == nil {
		return bot.Reply{}, false, nil
	}
	email, err := address(ctx, r.Account.ID)
	if err != nil {
		// The code by mail is the way for everybody else, and so here too.
		h.Logger.WarnContext(ctx, "the account's e-mail address could not be read", "platform", r.Account.Platform, "error", err)
		return bot.Reply{}, false, nil
	}
	e, err := h.people.EmployeeByEmail(ctx, email)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrAmbiguous) || err == nil && !e.Active {
		return bot.Reply{}, false, nil
	}
	if err != nil {
		return bot.Reply{}, false, fmt.Errorf("look up address: %w", err)
	}
	if r.Wish {
		return h.wishedLink(r), true, nil
	}
	jobs := h.linkJobs(ctx, r)
	err = h.db.Link(ctx, r.Asker(), e.NIP, r.Now, func(displaced []store.Account) []store.Job { return jobs(e.NIP, displaced) })
	if err != nil {
		return bot.Reply{}, false, fmt.Errorf("link: %w", err)
	}
	answer, err := h.linked(ctx, r)
	if err == nil {
		answer.Messages[0].Text = r.Say("link.trusted") + "\n\n" + answer.Messages[0].Text
	}
	return answer, true, err
}
