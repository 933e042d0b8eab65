package bot

import (
	"context"
	"time"
)

// lane is a platform's share of the engine: the queues whose turn it is, in
// order and by rank, and the workers that serve them. A platform that hangs thus holds
// up no other.
type lane struct {
	ready   [Ranks][]*queue
	busy    [Ranks]int    // queues that are being served
	workers int           // at work
	away    int           // of these wait for somebody outside
	idle    int           // wait for work
	limit   int           // of workers that are not away
	wake    chan struct{} // takes a worker that waits back to work
}

// queue is what one account has sent and nobody has answered yet. It is in
// one place at a time: ready in its lane, with a worker, or parked.
type queue struct {
	account Account
	items   []*item
	parked  *time.Timer // brings it back to its lane; nil: not parked
	locks   int         // tries to lock the account that failed in a row
	alone   bool        // no other process answers the account
	turn    Rank        // with which it is, or was, ready
	waits   bool        // it is ready
}

// item is an update on its way through the engine.
type item struct {
	update   Update
	rank     Rank
	received time.Time   // by whichever process took it over first
	since    time.Time   // when this process took it
	sign     *time.Timer // shows the sign of life; nil: nobody waits for one
	answered bool        // no sign of life any more
	reply    Reply
	outcome  string // empty: the handler was not asked yet
	tries    int    // to deliver
}

// newItem is an update that was just taken into memory. Who wrote a row for
// what is said unasked knows no time of receipt.
func newItem(u Update, rank Rank, received, now time.Time) *item {
	if received.IsZero() {
		received = now
	}
	return &item{update: u, rank: rank, received: received, since: now}
}

// unasked tells whether nobody asked for it.
func (it *item) unasked() bool { return it.update.Kind == KindUnasked }

func (it *item) stopSign() {
	if it.sign != nil {
		it.sign.Stop()
	}
}

// behind is 1 for what goes behind all else that its account has.
func (it *item) behind() int {
	if it.unasked() && it.tries > 0 {
		return 1
	}
	return 0
}

// within gives the context for what is done about an update: under its id and
// with its rank.
func (it *item) within(ctx context.Context) context.Context {
	return WithRank(WithID(ctx, IDOf(it.update)), it.rank, it.since)
}

func (it *item) row() row { return row{it.update.Account.Platform, it.update.ID} }

// enqueue puts an update behind what its account sent earlier. It tells false
// when the update is in memory already or the engine stops; a stopping
// engine's update stays in the inbox. It runs under the lock.
func (e *Engine) enqueue(it *item) bool {
	if !e.admit(it) {
		return false
	}
	e.push(it)
	return true
}

// admit counts an update among those in memory, unless it was or the engine
// stops. It runs under the lock.
func (e *Engine) admit(it *item) bool {
	r := it.row()
	if _, seen := e.known[r]; seen || e.stopping {
		return false
	}
	e.known[r] = false
	if !it.unasked() {
		it.sign = time.AfterFunc(e.c.Patience, func() { e.showWorking(it) })
	}
	return true
}

// push runs under the lock.
func (e *Engine) push(it *item) {
	q := e.queues[it.update.Account]
	if q == nil {
		q = &queue{account: it.update.Account, items: []*item{it}}
		e.queues[q.account] = q
		e.schedule(q)
		return
	}
	q.items = append(q.items, it)
	if q.waits && it.rank < q.turn {
		e.schedule(q)
	}
	if !it.unasked() {
		e.unpark(q) // who writes again can be reached, most likely
	}
}

// schedule gives a queue its turn, behind the others of its platform. It runs
// under the lock.
func (e *Engine) schedule(q *queue) {
	l := e.lanes[q.account.Platform]
	l.push(q)
	e.hire(l)
}

// work serves queues of a lane whenever some are ready. It waits in between
// instead of ending, for a new goroutine's stack grows anew with its first
// look into the database, which is dear.
func (e *Engine) work(l *lane) {
	served := Ranks // none yet
	for {
		e.mu.Lock()
		if served < Ranks {
			l.busy[served]--
			served = Ranks
		}
		var q *queue
		if l.present() <= l.limit { // else somebody has come back, and there is one too many
			q = l.pop()
		}
		if q == nil {
			l.workers--
			e.finish()
			many := l.idle >= l.limit
			if !many {
				l.idle++
			}
			e.mu.Unlock()
			if many || !e.awaitWork(l) {
				return
			}
			continue
		}
		served = q.turn
		e.mu.Unlock()
		e.serve(q)
	}
}

// awaitWork tells false when the engine stops.
func (e *Engine) awaitWork(l *lane) bool {
	select {
	case <-l.wake:
		e.mu.Lock()
		defer e.mu.Unlock()
		l.idle--
		return true
	case <-e.drain:
		return false
	}
}

// finish ends one goroutine's work. It runs under the lock.
func (e *Engine) finish() {
	e.active--
	if e.stopping && e.active == 0 {
		close(e.idle)
	}
}

// head is the item whose turn it is, or nil.
func (e *Engine) head(q *queue) *item {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(q.items) == 0 {
		return nil
	}
	if q.alone && q.items[0].behind() > 0 { // else it was done when the inbox was read
		stepBack(q.items)
	}
	return q.items[0]
}

func (e *Engine) length(q *queue) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(q.items)
}

// pop takes an item out of memory. keep remembers it as answered, because
// the inbox could not be told.
func (e *Engine) pop(q *queue, it *item, keep bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(q.items) > 0 && q.items[0] == it {
		q.items[0] = nil
		q.items = q.items[1:]
		e.evict(it, keep)
		if now := e.c.Now(); !q.alone || it.unasked() || now.Sub(it.received) > e.c.Adopt/2 {
			e.acked[it.row()] = now // an inbox may take a moment to show it
		}
	}
}

// evict runs under the lock.
func (e *Engine) evict(it *item, keep bool) {
	it.answered = true
	it.stopSign()
	if keep {
		e.known[it.row()] = true
	} else {
		delete(e.known, it.row())
	}
	e.giveRoom(1)
}

// requeue ends a queue's turn: it is over, or has another one later.
func (e *Engine) requeue(q *queue) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(q.items) == 0 {
		delete(e.queues, q.account)
		return
	}
	e.schedule(q)
}

// park sets a queue aside for a while; its worker goes on with others. While
// the engine stops the queue is dropped instead.
func (e *Engine) park(q *queue, wait time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopping {
		e.abandon(q)
		return
	}
	q.parked = time.AfterFunc(wait, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.unpark(q)
	})
}

// unpark gives a queue that was set aside its turn. It runs under the lock.
func (e *Engine) unpark(q *queue) {
	if q.parked == nil { // Stop dropped it, or it has its turn already
		return
	}
	q.parked.Stop()
	q.parked = nil
	e.schedule(q)
}

// abandon forgets a queue whose updates stay open in the inbox. It runs under
// the lock.
func (e *Engine) abandon(q *queue) {
	delete(e.queues, q.account)
	for _, it := range q.items {
		e.evict(it, false)
	}
	q.items = nil
}
