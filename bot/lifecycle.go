package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"
)

// Start takes up what a crash left open, oldest first, and from then on looks
// from time to time for what another process left. It returns when what was
// open is queued.
func (e *Engine) Start(ctx context.Context) error {
	e.mu.Lock()
	if e.started || e.stopping {
		e.mu.Unlock()
		return errors.New("start the engine: it was started or stopped before")
	}
	e.started = true
	e.active++ // the look-out's, given back at its end
	e.mu.Unlock()
	if err := e.adoptOpen(ctx, 0); err != nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.started = false
		e.finish()
		return fmt.Errorf("start the engine: %w", err)
	}
	close(e.ready)
	go e.lookOut()
	return nil
}

// lookOut looks for updates that nobody answers, until the engine stops.
func (e *Engine) lookOut() {
	tick := time.NewTicker(e.c.Look)
	defer tick.Stop()
	for {
		select {
		case <-e.drain:
			e.mu.Lock()
			e.finish()
			e.mu.Unlock()
			return
		case <-tick.C:
			if err := e.adoptOpen(e.life, e.c.Adopt); err != nil && e.life.Err() == nil {
				e.c.Logger.Error("the inbox could not be searched for forgotten updates", "error", err)
			}
		}
	}
}

// errFull ends a look at the inbox.
var errFull = errors.New("no room")

// adoptOpen queues the open updates of the inbox that are not in memory and not
// younger than age. From the first that finds no room on they are left for
// the next time: none overtakes an older one.
func (e *Engine) adoptOpen(ctx context.Context, age time.Duration) error {
	rows, err := e.c.Inbox.Open(ctx)
	if err != nil {
		return err
	}
	e.mu.Lock()
	maps.DeleteFunc(e.acked, func(_ row, at time.Time) bool { return e.c.Now().Sub(at) > e.c.Adopt })
	e.mu.Unlock()
	for _, r := range rows {
		if e.lanes[r.Source] == nil {
			continue // another process, or a later start, has this platform
		}
		err := e.adopt(ctx, r, age)
		if errors.Is(err, errFull) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) adopt(ctx context.Context, r InboxItem, age time.Duration) error {
	id := row{r.Source, r.ID}
	e.mu.Lock()
	answered, known := e.known[id]
	_, acked := e.acked[id]
	full := e.waiting >= e.c.Waiting
	e.mu.Unlock()
	switch {
	case answered:
		return e.ackLate(ctx, id)
	case known, acked:
		return nil
	case full:
		return errFull
	}
	u, received, err := decodeRow(r)
	if err != nil {
		e.c.Logger.Error("an update in the inbox cannot be read and is closed", "platform", r.Source, "error", err)
		return e.c.Inbox.Ack(ctx, r.Source, r.ID)
	}
	now := e.c.Now()
	if u.Kind != KindUnasked && now.Sub(received) < age {
		return nil
	}
	rank := e.rank(ctx, u)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.waiting++
	if !e.enqueue(newItem(u, rank, received, now)) {
		e.giveRoom(1)
	}
	return nil
}

// Adopt takes up rows of the inbox at once: what is to be said unasked, right
// after the transaction that decided it has written it, and what a dead process
// left, the oldest first. What finds no room, or comes before Start, is found at
// the next look.
func (e *Engine) Adopt(items ...InboxItem) {
	select {
	case <-e.ready:
	default:
		return
	}
	for _, r := range items {
		if e.lanes[r.Source] == nil {
			continue
		}
		if err := e.adopt(e.life, r, 0); err != nil {
			e.c.Logger.Debug("rows wait for the next look at the inbox", "error", err)
			return
		}
	}
}

// ackLate closes a row whose update was answered while the inbox could not
// be told.
func (e *Engine) ackLate(ctx context.Context, id row) error {
	if err := e.c.Inbox.Ack(ctx, id.source, id.id); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.known, id)
	return nil
}

// Stop takes nothing more and finishes what is queued, for as long as ctx and
// the configured grace allow; then handlers at work are told to end. What is
// not finished, and every answer that waits for another try, stays in the
// inbox and is answered after a restart. An error tells how much that is.
func (e *Engine) Stop(ctx context.Context) error {
	e.mu.Lock()
	if !e.stopping {
		e.stopping = true
		close(e.drain)
		for _, q := range e.queues {
			if q.parked != nil {
				q.parked.Stop()
				q.parked = nil
				e.abandon(q)
			}
		}
		if e.active == 0 {
			close(e.idle)
		}
	}
	e.mu.Unlock()
	defer e.end()
	last := min(e.c.Grace/10, 500*time.Millisecond) // for what is told to end
	if e.drained(ctx, e.c.Grace-last) {
		return e.drainAcks(ctx)
	}
	e.end()
	e.drained(context.WithoutCancel(ctx), last)
	if n := e.Waiting(); n > 0 {
		return fmt.Errorf("stop the engine: %d updates were not finished in time; they will be after a restart", n)
	}
	return nil
}

// drained waits until nothing is at work.
func (e *Engine) drained(ctx context.Context, bound time.Duration) bool {
	t := time.NewTimer(bound)
	defer t.Stop()
	select {
	case <-e.idle:
		return true
	case <-ctx.Done():
	case <-t.C:
	}
	return false
}

// drainAcks tries a last time to close the rows of answered updates.
func (e *Engine) drainAcks(ctx context.Context) error {
	e.mu.Lock()
	var rest []row
	for id, answered := range e.known {
		if answered {
			rest = append(rest, id)
		}
	}
	e.mu.Unlock()
	for _, id := range rest {
		if err := e.ackLate(ctx, id); err != nil {
			return fmt.Errorf("stop the engine: %d answered updates could not be closed: %w", len(rest), err)
		}
	}
	return nil
}
