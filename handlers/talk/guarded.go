package talk

import (
	"context"
	"sync"
	"time"

	"resetpin/bot"
)

// Guard looks at all that people write before anything else does: before they
// are found to write too fast, and before they are sent elsewhere because
// others read along. It is a bot.Middleware. Looking and removing have no
// limit; of what it says each account hears each kind once a minute.
func (k *Kernel) Guard(next bot.Handler) bot.Handler {
	return func(ctx context.Context, u bot.Update) (bot.Reply, error) {
		if u.Kind == bot.KindAction || u.Kind == bot.KindForm {
			return next(ctx, u) // nothing of it stands in the chat
		}
		r, err := k.request(ctx, u)
		if err != nil { // what is plainly a secret must go all the same
			k.Logger.ErrorContext(ctx, "the guard does not know who writes", "error", err)
		}
		answer, event, taken := k.guard(r)
		if !taken {
			if err == nil {
				ctx = context.WithValue(ctx, lookedAt{}, r)
			}
			return next(ctx, u)
		}
		if event.Outcome == fake {
			err = k.noteFake(ctx, r, event.Detail)
		} else {
			err = k.Audit(ctx, r, event)
		}
		if err != nil { // the message must go all the same
			k.Logger.ErrorContext(ctx, "what the guard took could not be written down", "error", err)
		}
		if !k.notices.allow(noticed{r.Account, event.Outcome}, u.ID, r.Now) {
			answer.Remove.Done, answer.Remove.Failed = bot.Message{}, bot.Message{}
			return answer, nil
		}
		answer.Remove = k.onward(ctx, r, event.Outcome, answer.Remove)
		return ForReader(r.Session.TextOnly, answer), nil
	}
}

// lookedAt is the context's key of the request that the guard let through, so
// that Handle neither reads nor understands the same update once more.
type lookedAt struct{}

// onward puts under a removal's words what leads on: back to the step where the
// person was, or to help where a fake was shown. Where others read along there
// is nothing to press, for the way is the person's own.
func (k *Kernel) onward(ctx context.Context, r Request, kind string, removal *bot.Removal) *bot.Removal {
	if !r.Private {
		return removal
	}
	var buttons []bot.Button
	place := ""
	if here, ok := k.Here(ctx, r); ok {
		place = "\n\n" + r.Say("guard.place", "place", here.Place)
		buttons = append(buttons, Resume(r))
		if here.Problem != nil && kind != fake {
			buttons = append(buttons, *here.Problem)
		}
	}
	if kind == fake {
		buttons = append(buttons, r.Button("talk.already", Given, ""), r.Button("button.helpdesk", Helpdesk, ""))
	}
	with := func(m bot.Message) bot.Message {
		m.Text += place
		m.Buttons = Rows(buttons)
		return m
	}
	return &bot.Removal{Message: removal.Message, Done: with(removal.Done), Failed: with(removal.Failed)}
}

// Bounds of what is remembered of notices.
const (
	noticeEvery = time.Minute
	noticesKept = 10_000
)

// notices knows when each account was last told something of a kind.
type notices struct {
	mu   sync.Mutex
	last map[noticed]notice
}

// notice is the last notice of a kind, and the update that it was for, which
// may be answered again.
type notice struct {
	at     time.Time
	update string
}

type noticed struct {
	account bot.Account
	kind    string
}

func newNotices() *notices { return &notices{last: make(map[noticed]notice)} }

// allow tells whether a minute went by since the last notice of the kind to
// the account, and counts this one. What was allowed for an update stays so.
func (n *notices) allow(key noticed, update string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if last, ok := n.last[key]; ok && now.Sub(last.at) < noticeEvery && !now.Before(last.at) {
		return last.update == update
	}
	if len(n.last) >= noticesKept {
		for k, old := range n.last {
			if now.Sub(old.at) >= noticeEvery {
				delete(n.last, k)
			}
		}
	}
	n.last[key] = notice{now, update}
	return true
}
