package reset

import (
	"context"

	"resetpin/handlers/talk"
)

// checkNumber asks BSrE to verify a number for an officer, and leads the
// employee on: to the message that BSrE has sent, to the question about a reset
// when the number is verified already. Where BSrE still has another number on
// its record, nothing was done, and only the officer is told.
func (h *Room) checkNumber(ctx context.Context, payload []byte) error {
	b, err := talk.Payload[talk.Behalf](payload)
	if err != nil {
		return err
	}
	r, theirs, err := h.Of(ctx, b)
	if err != nil {
		return err
	}
	if !theirs {
		return h.Officers(ctx, b, "desk.number.unlinked")
	}
	answer, outcome, err := h.verify(ctx, r, b.Number)
	if talk.TroubleOf(err) == talk.Unsupported { // a gateway that resets whatever the number
		answer, outcome, err = talk.Reply(r.Say("desk.number.on"), r.Primary("button.reset", talk.Cmd, "resetpin")), phoneVerified, nil
	}
	if err != nil {
		return err
	}
	if outcome != phoneOther {
		if err := h.LeadOn(ctx, b, r, answer); err != nil {
			return err
		}
	}
	return h.Officers(ctx, b, "desk.number."+outcome)
}
