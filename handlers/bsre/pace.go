package bsre

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// paceHold is how long a call that is not answered keeps the next one
// waiting: long enough that the two surely do not arrive together.
const paceHold = 2 * time.Second

// rank is how much somebody needs a call now.
type rank int

const (
	rankReset rank = iota // what a person confirmed
	rankAsked             // a person waits for the answer
	rankSpare             // nobody waits
)

// ticket is somebody's place in the queue; all calls for one person have the
// same, so that who came first is done first.
type ticket struct {
	rank   rank
	number int64
}

func (t ticket) before(other ticket) bool {
	if t.rank != other.rank {
		return t.rank < other.rank
	}
	return t.number < other.number
}

type ticketMark struct{}

// turn is a call that waits.
type turn struct {
	ticket ticket
	ready  chan struct{}
}

// pace lets calls go one after the other, with a gap between the end of one
// and the start of the next: the portal throttles hard. Source: an integrator
// who leaves 400 ms. The calls of all processes share the pace by a lease.
type pace struct {
	gap    time.Duration
	leases Leases

	mu      sync.Mutex
	busy    bool
	numbers int64
	waiting []*turn             // the next one first
	line    map[ticket]struct{} // who is being served or waits, and is waited for
	cost    time.Duration       // of one call, the gap included; a moving average
}

func newPace(gap time.Duration, leases Leases) *pace {
	return &pace{gap: gap, leases: leases, line: make(map[ticket]struct{}), cost: gap + 100*time.Millisecond}
}

// join gives somebody a place in the queue for all calls with the context,
// unless they have one. leave must be called when they are done.
func (p *pace) join(ctx context.Context, r rank) (_ context.Context, leave func()) {
	if _, ok := ctx.Value(ticketMark{}).(ticket); ok {
		return ctx, func() {}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.numbers++
	t := ticket{r, p.numbers}
	if r < rankSpare {
		p.line[t] = struct{}{}
	}
	return context.WithValue(ctx, ticketMark{}, t), func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.line, t)
	}
}

// ahead tells how many people are being served or wait, and what one call
// costs at present.
func (p *pace) ahead() (people int, cost time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.line), p.cost
}

// wait waits for the turn of a call. The caller must call done when the call
// is over. The error is ErrQueue, or that of the leases.
func (p *pace) wait(ctx context.Context) (done func(), err error) {
	t, _ := ctx.Value(ticketMark{}).(ticket) // without one: as urgent as can be
	holder := newHolder()                    // of this call: the one before may have outlived its lease
	for {
		if err := p.waitHere(ctx, t); err != nil {
			return nil, err
		}
		taken, err := p.waitShared(ctx, t, holder)
		if err != nil || !taken {
			p.free()
		}
		if err != nil {
			return nil, err
		}
		if taken {
			break
		}
	}
	began := time.Now()
	free := sync.OnceFunc(p.free)
	late := time.AfterFunc(paceHold, free) // the lease ends then too
	return func() {
		late.Stop()
		giveLease(ctx, p.leases, leasePace, holder, p.gap)
		p.learn(time.Since(began) + p.gap)
		free()
	}, nil
}

// waitHere waits for this process' other calls.
func (p *pace) waitHere(ctx context.Context, t ticket) error {
	me := &turn{ticket: t, ready: make(chan struct{})}
	p.mu.Lock()
	at, _ := slices.BinarySearchFunc(p.waiting, t, func(w *turn, t ticket) int {
		if t.before(w.ticket) {
			return 1
		}
		return -1
	})
	p.waiting = slices.Insert(p.waiting, at, me)
	p.callNext()
	p.mu.Unlock()
	select {
	case <-me.ready:
		return nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	at = slices.Index(p.waiting, me)
	if at >= 0 {
		p.waiting = slices.Delete(p.waiting, at, at+1)
	}
	p.mu.Unlock()
	if at < 0 { // called at the same moment
		p.free()
	}
	return fmt.Errorf("%w: %w", ErrQueue, newNetError(ctx, ctx.Err()))
}

// callNext calls who is next when nobody is called. It runs under the lock.
func (p *pace) callNext() {
	if p.busy || len(p.waiting) == 0 {
		return
	}
	p.busy = true
	close(p.waiting[0].ready)
	p.waiting = p.waiting[1:]
}

// free lets the next one go.
func (p *pace) free() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.busy = false
	p.callNext()
}

// waitShared waits for other processes' calls. It gives up when somebody here
// needs a call more.
func (p *pace) waitShared(ctx context.Context, t ticket, holder string) (taken bool, err error) {
	for {
		wait, err := p.leases.ClaimLease(ctx, leasePace, holder, paceHold, t.rank < rankSpare)
		if err != nil {
			return false, fmt.Errorf("share the portal's pace: %w", err)
		}
		if wait <= 0 {
			return true, nil
		}
		if err := sleep(ctx, min(wait, leaseLook)); err != nil {
			return false, fmt.Errorf("%w: %w", ErrQueue, newNetError(ctx, err))
		}
		p.mu.Lock()
		outranked := len(p.waiting) > 0 && p.waiting[0].ticket.before(t)
		p.mu.Unlock()
		if outranked {
			return false, nil
		}
	}
}

// learn takes what a call cost into the average.
func (p *pace) learn(cost time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cost += (cost - p.cost) / 8
}

// sleep waits, or gives the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
