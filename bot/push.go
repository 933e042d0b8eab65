package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// insideMark marks the engine's own contexts.
type insideMark struct{}

// push is somebody who waits for something unasked to be delivered.
type push struct {
	ctx  context.Context //nolint:containedctx // the caller's, who waits for done
	done chan error      // room for one
	busy bool            // a try is under way; under the engine's lock
	last error           // of the latest try; read after done or when not busy
}

// Push says something to somebody who did not just ask. It waits its turn
// behind what the account sent earlier, so that it never overtakes an answer,
// and then tries until it is delivered, ctx ends or it is given up. It gives
// ErrGone when the person cannot be reached any more or their platform is not
// connected. From inside a handler it does not wait for its turn.
func (e *Engine) Push(ctx context.Context, to Origin, r Reply) error {
	if e.lanes[to.Account.Platform] == nil {
		return fmt.Errorf("push: platform %q is not connected: %w", to.Account.Platform, ErrGone)
	}
	if ctx.Value(insideMark{}) != nil {
		return e.deliver(ctx, to, r)
	}
	select {
	case <-e.ready:
	case <-e.drain:
		return errStopping
	case <-ctx.Done():
		return fmt.Errorf("push: the engine has not started: %w", ctx.Err())
	}
	p := &push{ctx: ctx, done: make(chan error, 1)}
	it := &item{update: Update{Origin: to}, since: e.c.Now(), reply: r, push: p}
	e.mu.Lock()
	if e.stopping {
		e.mu.Unlock()
		return errStopping
	}
	e.queueUp(it)
	e.mu.Unlock()
	select {
	case err := <-p.done:
		return err
	case <-ctx.Done():
	}
	if e.withdraw(it) {
		return fmt.Errorf("push: %w", errors.Join(ctx.Err(), p.last))
	}
	return <-p.done // the try under way ends with ctx
}

// withdraw takes a push out of its queue, unless a try is under way or it is
// over.
func (e *Engine) withdraw(it *item) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	q := e.queues[it.update.Account]
	if it.push.busy || q == nil || !slices.Contains(q.items, it) {
		return false
	}
	q.items = slices.DeleteFunc(q.items, func(other *item) bool { return other == it })
	return true
}

// sayPush delivers what is said unasked.
func (e *Engine) sayPush(q *queue, it *item) (verdict, time.Duration) {
	p := it.push
	e.mu.Lock()
	if len(q.items) == 0 || q.items[0] != it { // withdrawn meanwhile
		e.mu.Unlock()
		return closed, 0
	}
	p.busy = true
	e.mu.Unlock()

	ctx, cancel := context.WithTimeout(p.ctx, e.c.Turn)
	defer cancel()
	defer context.AfterFunc(e.life, cancel)()
	err := e.deliver(ctx, it.update.Origin, it.reply)

	e.mu.Lock()
	stopping := e.stopping
	e.mu.Unlock()
	if err != nil && !errors.Is(err, ErrGone) && p.ctx.Err() == nil && !stopping {
		if wait, more := e.undelivered(it, err); more {
			e.mu.Lock()
			p.busy, p.last = false, err
			e.mu.Unlock()
			if p.ctx.Err() == nil {
				return again, wait
			}
		}
	}
	e.remove(q, it, false)
	p.done <- err
	return closed, 0
}
