package link

import (
	"context"

	"resetpin/handlers/talk"
)

// codeFor mails a new code to the official address for an officer, and asks the
// employee for it. It links nobody: that is done by typing the code.
func (h *Room) codeFor(ctx context.Context, payload []byte) error {
	b, err := talk.Payload[talk.Behalf](payload)
	if err != nil {
		return err
	}
	r, theirs, err := h.Of(ctx, b)
	switch {
	case err != nil:
		return err
	case r.Session.Linked && !theirs:
		return h.Officers(ctx, b, "desk.number.unlinked")
	case h.Verified(r):
		return h.Officers(ctx, b, "desk.code.linked")
	}
	answer, err := h.sendCode(ctx, r, b.NIP)
	if err != nil {
		return err
	}
	outcome := "desk.code.sent"
	if answer.Form == nil {
		outcome = "desk.code.limited"
	}
	answer.Form = nil // nobody pressed anything that could open it
	if err := h.LeadOn(ctx, b, r, answer); err != nil {
		return err
	}
	return h.Officers(ctx, b, outcome)
}
