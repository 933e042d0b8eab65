package bot

import (
	"context"
	"slices"
)

// strangersMost is how many updates of a stranger wait while more is asked than
// can be answered.
const strangersMost = 20

// spared leaves out what would be heard only at the cost of those who are known:
// while more is asked than can be answered, what a stranger writes beyond the
// updates that wait for their answers already (as many as one writes while the
// bot is away), and all that strangers write when half of the room is taken. It
// is never answered, as what comes too fast is not, and the platform is not to
// bring it again.
func (e *Engine) spared(ctx context.Context, updates []Update) []Update {
	left := func(i int, u Update) bool {
		before := 0
		for _, earlier := range updates[:i] {
			if earlier.Account == u.Account {
				before++
			}
		}
		return e.overrun(u.Account, before) && e.rank(ctx, u) == RankStranger
	}
	kept, all := updates, true // a copy is made when one is left out: the caller may bring them again
	for i, u := range updates {
		switch {
		case left(i, u):
			if all {
				kept, all = slices.Clone(updates[:i]), false
			}
			e.c.Observer.Handled(u.Account.Platform, string(u.Kind), OutcomeOverrun, 0)
		case !all:
			kept = append(kept, u)
		}
	}
	return kept
}

// overrun tells whether a stranger with this account is not to be heard. more
// are about to wait beside those that do.
func (e *Engine) overrun(a Account, more int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if q := e.queues[a]; q != nil {
		more += len(q.items)
	}
	return more >= strangersMost || e.waiting >= e.c.Waiting/2
}
