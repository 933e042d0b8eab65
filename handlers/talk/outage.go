package talk

import (
	"errors"
	"resetpin/bot"
	"resetpin/handlers/bsre"
	"sync"
	"time"
)

// patience is after how long it makes sense to ask BSrE again.
const patience = 5 * time.Minute

// outage remembers when people were told to try again, so that the time does
// not run away from those who look once more.
type outage struct {
	mu sync.Mutex
	at time.Time
}

// OutageAnswer marks an answer as one that an outage gave: BSrE does not answer,
// does not let the bot in, or its answer to a wish was lost.
func OutageAnswer(r bot.Reply, err error) bot.Reply {
	if kind := TroubleOf(err); kind == Down || kind == Closed || errors.Is(err, bsre.ErrOutcomeUnknown) {
		r.Outcome = bot.OutcomeOutage
	}
	return r
}

// again is when to try again: the time told before, until it has passed.
func (o *outage) again(now time.Time) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !now.Before(o.at) || o.at.Sub(now) > patience {
		o.at = now.Add(patience)
	}
	return o.at
}

// TryAgain is when it makes sense to ask BSrE again: the time told before,
// until it has passed.
func (k *Kernel) TryAgain(now time.Time) time.Time { return k.outage.again(now) }
