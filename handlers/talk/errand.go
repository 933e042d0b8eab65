package talk

import (
	"context"
	"fmt"

	"resetpin/bot"
)

// Verified tells whether the account belongs to an active employee whose
// verification is fresh enough.
func (k *Kernel) Verified(r Request) bool {
	s := r.Session
	if !s.Linked || !s.Employee.Active {
		return false
	}
	return k.Settings.LinkTTL <= 0 || r.Now.Sub(s.Verified) <= k.Settings.LinkTTL
}

// NeedLink answers what only a verified employee may ask. done is false when
// the person is one.
func (k *Kernel) NeedLink(ctx context.Context, r Request) (answer bot.Reply, done bool, err error) {
	if k.Verified(r) {
		return bot.Reply{}, false, nil
	}
	answer, err = k.table.introduce(ctx, r)
	return answer, true, err
}

// NeedLinkFor is NeedLink for a command that is taken up once the account is
// linked.
func (k *Kernel) NeedLinkFor(ctx context.Context, r Request, command string) (answer bot.Reply, done bool, err error) {
	if k.Verified(r) {
		return bot.Reply{}, false, nil
	}
	if err := k.Store.SetErrand(ctx, r.Asker(), command, r.Now); err != nil {
		return bot.Reply{}, true, fmt.Errorf("keep errand: %w", err)
	}
	return k.NeedLink(ctx, r)
}

// TakeUp goes on with what the person wanted when they were asked who they
// are: its answer stands below the one that says that they are linked now.
func (k *Kernel) TakeUp(ctx context.Context, r Request, linked bot.Reply) (bot.Reply, error) {
	c := k.table.find(r.Session.Errand)
	if c == nil || r.Now.Sub(r.Session.ErrandAt) > PromptLifetime {
		return linked, nil
	}
	if err := k.Store.SetErrand(ctx, r.Asker(), "", r.Now); err != nil {
		return bot.Reply{}, fmt.Errorf("forget errand: %w", err)
	}
	r.Command, r.Text, r.Action = c.Name, "", bot.Action{}
	wanted, err := c.Run(ctx, r)
	if err != nil {
		// The account is linked all the same, and that is to be told.
		k.Logger.ErrorContext(ctx, "what was wanted could not be taken up", "command", c.Name, "error", err)
		return linked, nil
	}
	linked.Messages[0].Buttons = nil // those below are what is wanted
	linked.Messages = append(linked.Messages, wanted.Messages...)
	if about := Concern(c.Name); about.Systems() != nil {
		linked = about.Of(linked)
	}
	return linked, nil
}
