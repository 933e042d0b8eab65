package bsre

import (
	"sync"
	"time"
)

// recentLife is how long the id that a lookup found is good for the reset after
// it: about as long as people think over a question.
const recentLife = 3 * time.Minute

// recent keeps the ids of people who were just found, so that a confirmed
// reset need not find them once more; it still reads how they stand. Each id
// is used once.
type recent struct {
	now func() time.Time

	mu  sync.Mutex
	all map[string]recentID // by NIK
}

type recentID struct {
	uid string
	at  time.Time
}

// keep keeps the id of somebody whose reset is possible.
func (r *recent) keep(nik, uid string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if r.all == nil {
		r.all = make(map[string]recentID)
	}
	for other, known := range r.all {
		if now.Sub(known.at) > recentLife {
			delete(r.all, other)
		}
	}
	r.all[nik] = recentID{uid, now}
}

// take gives the kept id, once; empty when there is none.
func (r *recent) take(nik string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.all[nik]
	delete(r.all, nik)
	if age := r.now().Sub(known.at); !ok || age < 0 || age > recentLife {
		return ""
	}
	return known.uid
}
