package store

import (
	"context"
	"slices"
	"sync"
	"time"
)

// writeQueue holds the writes that wait for the next commit. One that nobody
// waits for wakes nobody: it rests until one comes that somebody does, or a
// short time has passed.
type writeQueue struct {
	mu      sync.Mutex
	waiting []write
	owed    map[Account]int // writes about an account that are not committed yet
	closed  bool
	room    chan struct{} // closed when some were taken; nil: nobody waits for room
	ready   chan struct{} // has something when a commit is wanted
	rest    *time.Timer
}

const (
	queueMost = 4 * batchMost          // writes; who brings more waits for a commit
	batchRest = 100 * time.Millisecond // a write that nobody waits for is taken along or done after this
)

func newWriteQueue() *writeQueue {
	q := &writeQueue{owed: make(map[Account]int), ready: make(chan struct{}, 1), rest: time.NewTimer(batchRest)}
	q.rest.Stop()
	return q
}

// put hands a write over. What was taken here is committed, or its failure
// told, even when the queue closes at the same moment.
func (q *writeQueue) put(ctx context.Context, w write) error {
	for {
		full, err := q.add(w)
		if full == nil {
			return err
		}
		select {
		case <-full:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// add takes a write, or gives what to wait for when there is no room.
func (q *writeQueue) add(w write) (full <-chan struct{}, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, errClosed
	}
	if len(q.waiting) >= queueMost {
		if q.room == nil {
			q.room = make(chan struct{})
		}
		return q.room, nil
	}
	q.waiting = append(q.waiting, w)
	if w.about != (Account{}) {
		q.owed[w.about]++
	}
	switch {
	case w.answer != nil || len(q.waiting) >= batchMost:
		q.wake()
	case len(q.waiting) == 1:
		q.rest.Reset(batchRest)
	}
	return nil, nil
}

func (q *writeQueue) wake() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// take gives the writes of the next commit, in the order in which they came;
// none when nothing waits.
func (q *writeQueue) take() []write {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), batchMost)
	taken := q.waiting[:n:n]
	q.waiting = slices.Clone(q.waiting[n:])
	q.rest.Stop()
	if len(q.waiting) > 0 {
		q.wake()
	}
	if q.room != nil {
		close(q.room)
		q.room = nil
	}
	return taken
}

// done forgets what was owed to the accounts of committed writes.
func (q *writeQueue) done(writes []write) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range writes {
		if w.about == (Account{}) {
			continue
		}
		if q.owed[w.about]--; q.owed[w.about] == 0 {
			delete(q.owed, w.about)
		}
	}
}

// owes tells whether a write about an account is not committed yet.
func (q *writeQueue) owes(a Account) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.owed[a] > 0
}

// close takes nothing more.
func (q *writeQueue) close() (first bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	first, q.closed = !q.closed, true
	return first
}
