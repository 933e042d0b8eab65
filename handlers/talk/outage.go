package talk

import (
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
