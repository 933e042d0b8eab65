package bsre

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// paceHold is how long a call that is not answered keeps the next one
// waiting: long enough that the two surely do not arrive together.
const paceHold = 2 * time.Second

// errTurn is the error of a call whose turn did not come in time.
var errTurn = fmt.Errorf("%w: too many people are asking at once", ErrUnavailable)

// pace lets calls go one after the other, with a gap between the end of one
// and the start of the next: the portal throttles hard. Source: an integrator
// who leaves 400 ms.
type pace struct {
	gap  time.Duration
	turn chan time.Time // holds when the next call may start, while none runs
}

func newPace(gap time.Duration) *pace {
	p := &pace{gap: gap, turn: make(chan time.Time, 1)}
	p.turn <- time.Time{}
	return p
}

// wait waits for the turn. The caller must call done when its call is over.
func (p *pace) wait(ctx context.Context) (done func(), err error) {
	var at time.Time
	select {
	case at = <-p.turn:
	case <-ctx.Done():
		return nil, newNetError(ctx, ctx.Err())
	}
	if err := sleep(ctx, time.Until(at)); err != nil {
		p.turn <- at
		return nil, newNetError(ctx, err)
	}
	free := sync.OnceFunc(func() { p.turn <- time.Now().Add(p.gap) })
	late := time.AfterFunc(paceHold, free)
	return func() { late.Stop(); free() }, nil
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
