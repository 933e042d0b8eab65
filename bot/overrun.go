package bot

import "context"

// strangersMost is how many updates of a stranger wait while more is asked than
// can be answered.
const strangersMost = 3

// spared leaves out what would be heard only at the cost of those who are known:
// while more is asked than can be answered, what a stranger writes beyond a few
// updates that wait for their answers already, and all that strangers write when
// half of the room is taken. It is never answered, as what comes too fast is not,
// and the platform is not to bring it again.
func (e *Engine) spared(ctx context.Context, updates []Update) []Update {
	kept := updates[:0:0]
	more := make(map[Account]int)
	for _, u := range updates {
		if e.overrun(u.Account, more[u.Account]) && e.rank(ctx, u) == RankStranger {
			e.c.Observer.Handled(u.Account.Platform, string(u.Kind), OutcomeOverrun, 0)
			continue
		}
		more[u.Account]++
		kept = append(kept, u)
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
