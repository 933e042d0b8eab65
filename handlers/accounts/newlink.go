package accounts

import (
	"context"
	"encoding/json"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// tellLinked tells the employee's other accounts, which can cut the new one.
func (h *Room) tellLinked(ctx context.Context, payload []byte) error {
	var n letters.NewLink
	if err := json.Unmarshal(payload, &n); err != nil {
		return fmt.Errorf("%w: read new link: %w", store.ErrJobCancel, err)
	}
	links, err := h.db.Links(ctx, n.NIP)
	if err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	platform := talk.PlatformName(n.By.Platform)
	var jobs []store.Job
	for _, l := range links {
		if bot.Account(l.Account) == n.By {
			continue
		}
		jobs = append(jobs, talk.Tell("", talk.Push{
			To: bot.Account(l.Account), Key: "link.elsewhere",
			Values:  []string{"platform", platform, "time", h.Clock(n.At, h.Now()), "chat", h.db.Reference(store.Account(n.By))},
			Buttons: []talk.PushButton{{Key: "link.cut", Values: []string{"platform", platform}, Action: talk.LinkCut.With(n.By.Platform)}},
		}))
	}
	if len(jobs) == 0 {
		return nil
	}
	if err := h.Store.Enqueue(ctx, jobs...); err != nil {
		return fmt.Errorf("tell of a new link: %w", err)
	}
	return nil
}
