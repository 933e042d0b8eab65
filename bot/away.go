package bot

import (
	"context"
	"sync"
)

type awayMark struct{}

// Away tells the engine that what is done with the context waits for somebody
// outside: meanwhile others are served in its place. back is called when the
// waiting is over. A context that is not the engine's is let be.
func Away(ctx context.Context) (back func()) {
	away, ok := ctx.Value(awayMark{}).(func() func())
	if !ok {
		return func() {}
	}
	return away()
}

// mayBeAway gives the context for what a worker does for a queue of a rank.
func (e *Engine) mayBeAway(ctx context.Context, q *queue) context.Context {
	l, rank := e.lanes[q.account.Platform], q.turn
	calls := 0 // that are waited for: a press is answered while its message is edited
	back := func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if calls--; calls == 0 {
			l.away--
			l.busy[rank]++
		}
	}
	return context.WithValue(ctx, awayMark{}, func() func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if calls++; calls == 1 {
			l.away++
			l.busy[rank]--
			if l.anyReady() {
				e.hire(l)
			}
		}
		return sync.OnceFunc(back)
	})
}

// anyReady runs under the engine's lock.
func (l *lane) anyReady() bool {
	for _, line := range l.ready {
		if len(line) > 0 {
			return true
		}
	}
	return false
}

// present is how many workers are not away.
func (l *lane) present() int { return l.workers - l.away }

// hire takes one more worker to work where there is a place. It runs under the
// engine's lock.
func (e *Engine) hire(l *lane) {
	if l.present() >= l.limit {
		return
	}
	l.workers++
	e.active++
	select {
	case l.wake <- struct{}{}:
	default:
		go e.work(l)
	}
}
