package telegram

import (
	"sync"
	"time"
)

// Every press must be answered within a second, or the button keeps spinning.
const (
	answerWithin = 800 * time.Millisecond
	answerKept   = 10 * time.Minute // how long an answered press is remembered
)

// answers keeps track of the presses and whether they were answered, because
// Telegram takes only one answer to each.
type answers struct {
	late func(query string) // answers a press for which nobody did in time

	mu    sync.Mutex
	open  map[string]*answering
	swept time.Time
}

type answering struct {
	timer *time.Timer
	done  bool // somebody answers or answered it
	told  bool // with a notice, or the notice was sent as a message
	since time.Time
}

func newAnswers(late func(string)) *answers {
	return &answers{late: late, open: map[string]*answering{}}
}

// expect begins to watch over a press, by its handle; an empty one is none.
func (a *answers) expect(handle string) {
	_, query := splitHandle(handle)
	if query == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sweep()
	if a.open[query] != nil {
		return // delivered to us before
	}
	p := &answering{since: time.Now()}
	p.timer = time.AfterFunc(answerWithin, func() {
		if a.claim(query) {
			a.late(query)
		}
	})
	a.open[query] = p
}

// claim tells whether the caller is the first who wants to answer the press,
// and so shall do it.
func (a *answers) claim(query string) bool {
	if query == "" {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.get(query)
	if p.done {
		return false
	}
	p.done = true
	if p.timer != nil {
		p.timer.Stop()
	}
	return true
}

// tell notes that the press's notice reached the person and gives whether it
// had before.
func (a *answers) tell(query string) (before bool) {
	if query == "" {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.get(query)
	before, p.told = p.told, true
	return before
}

// get gives the press's entry; a press of an earlier life of the process has
// none yet. It runs under the lock.
func (a *answers) get(query string) *answering {
	p := a.open[query]
	if p == nil {
		a.sweep()
		p = &answering{since: time.Now()}
		a.open[query] = p
	}
	return p
}

// sweep forgets old presses now and then; it runs under the lock.
func (a *answers) sweep() {
	now := time.Now()
	if now.Sub(a.swept) < answerKept/10 {
		return
	}
	a.swept = now
	for query, p := range a.open {
		if now.Sub(p.since) > answerKept {
			delete(a.open, query)
		}
	}
}
