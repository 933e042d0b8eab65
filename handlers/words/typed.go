package words

import (
	"context"
	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
)

// text answers typed words.
func (h *Room) text(ctx context.Context, r talk.Request) (bot.Reply, error) {
	// A code alone is no sentence, whatever a sentence with digits means there.
	if r.Understood.Meaning == understand.Unknown || r.Understood.Ask || talk.IsCode(r.Text) {
		if code := understand.FindCode(r.Text); code != "" && h.codeMeant(r) {
			return h.Mean(ctx, r, understand.Code, code) // six digits that nobody waits for any more
		}
	}
	return h.talk(ctx, r)
}

// codeMeant tells whether six digits that nobody asked for can be a code: of
// somebody who is not linked, or whose right code is delivered again.
func (h *Room) codeMeant(r talk.Request) bool {
	return !r.Walking() && (!h.Verified(r) || r.Now.Sub(r.Session.Verified) < h.codeTTL)
}
