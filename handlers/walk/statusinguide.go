package walk

import (
	"context"
	"errors"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// statusInGuide tells the status to somebody who walks through a guide. An
// active certificate is what the last step of every guide but the reset's is
// for: that ends the walk.
func (h *Room) statusInGuide(ctx context.Context, r talk.Request) (bot.Reply, error) {
	answer, st, err := h.status.Told(ctx, r)
	w := r.Session.Walk
	g, ok := h.Guides.Guide(w.Guide)
	if err != nil || !ok || st.Value != pages.Issue || w.Guide == talk.ResetGuide || g.Settle(w.Step) != g.Steps()[len(g.Steps())-1] {
		return answer, err
	}
	if _, err := h.db.MoveWalk(ctx, w.ID, w.Version, w.Step, store.WalkDone, r.Now, ended(r, w, store.WalkDone)...); err != nil && !errors.Is(err, store.ErrStale) {
		return bot.Reply{}, fmt.Errorf("end walk: %w", err)
	}
	return answer, nil
}
