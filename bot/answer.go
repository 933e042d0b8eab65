package bot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"
)

const (
	lockBound = 3 * time.Second  // most time to wait for an account's lock before others get their turn
	doneBound = 10 * time.Second // most time to close a row
	batch     = 16               // items of one account before the others of its lane get their turn
)

// verdict is how a try at an item ended.
type verdict int

const (
	closed verdict = iota // over; on with the next one
	retry                 // to be tried again after a while
	leave                 // the engine stops: the rest stays in the inbox
	yield                 // the account has had its turn
)

// serve gives a queue one turn under the account's lock. Neither the worker
// nor the lock is held while a delivery waits for its next try: a platform
// that is down must not use up what the others need.
func (e *Engine) serve(q *queue) {
	before := e.length(q)
	ctx, cancel := context.WithTimeout(e.life, lockBound)
	lock, err := e.c.Inbox.Lock(ctx, q.account.String())
	cancel()
	if err != nil {
		if q.locks == 0 && e.life.Err() == nil && !errors.Is(err, context.DeadlineExceeded) {
			e.c.Logger.Error("an account could not be locked; it is tried again", "platform", q.account.Platform, "error", err)
		}
		q.locks++
		e.park(q, e.wait(q.locks))
		return
	}
	q.locks = 0
	most := batch
	if q.alone = lock.Alone; !lock.Alone {
		most = min(batch, e.reconcile(q, lock, before))
	}
	v, wait := e.turn(q, most)
	if most == 0 && lock.More { // the inbox is about to close what stands before our items
		v, wait = retry, e.wait(1)
	}
	lock.Release()
	switch v {
	case retry:
		e.park(q, wait)
	case leave:
		e.mu.Lock()
		e.abandon(q)
		e.mu.Unlock()
	default:
		e.requeue(q)
	}
}

// wait gives the time before the next try after n failed ones.
func (e *Engine) wait(n int) time.Duration {
	return e.c.Retry[min(n, len(e.c.Retry))-1]
}

// turn answers an account's next items in order, at most so many.
func (e *Engine) turn(q *queue, most int) (verdict, time.Duration) {
	for range most {
		it := e.head(q)
		if it == nil {
			return closed, 0
		}
		if e.life.Err() != nil {
			return leave, 0
		}
		if v, wait := e.answer(q, it); v != closed {
			return v, wait
		}
	}
	return yield, 0
}

// answer handles an update, unless that was done at an earlier try, and
// delivers the reply.
func (e *Engine) answer(q *queue, it *item) (verdict, time.Duration) {
	life := e.mayBeAway(it.within(e.life), q)
	ctx, cancel := context.WithTimeout(life, e.c.Turn)
	defer cancel()
	var err error
	if it.outcome == "" {
		if it.unasked() {
			it.reply, it.outcome, err = e.compose(ctx, it.update)
		} else {
			it.reply, it.outcome = e.handle(ctx, it.update)
		}
		if e.life.Err() != nil {
			return leave, 0
		}
		e.quiet(it)
	}
	if ctx.Err() != nil { // the handler used it up
		ctx, cancel = context.WithTimeout(life, e.c.Turn)
		defer cancel()
	}
	if err == nil {
		err = e.deliver(ctx, it.update.Origin, it.reply)
	}
	switch {
	case err == nil:
	case errors.Is(err, ErrGone):
		it.outcome = OutcomeGone
		e.lost(ctx, it, err)
	case e.life.Err() != nil:
		return leave, 0
	default:
		if wait, more := e.undelivered(it, err); more {
			return retry, wait
		}
		it.outcome = OutcomeUndelivered
		e.lost(ctx, it, err)
	}
	e.ack(q, it)
	return closed, 0
}

// quiet ends the waiting for a sign of life: the answer is on its way.
func (e *Engine) quiet(it *item) {
	it.stopSign()
	e.mu.Lock()
	it.answered = true
	e.mu.Unlock()
}

// undelivered tells whether and when an answer is tried again.
func (e *Engine) undelivered(it *item, err error) (wait time.Duration, more bool) {
	var part *Undelivered
	if errors.As(err, &part) {
		it.reply = part.Rest
	}
	it.tries++
	ctx := it.within(e.life)
	platform := it.update.Account.Platform
	wait = max(e.wait(it.tries), WaitOf(err))
	from, most := it.since, e.c.GiveUp
	if it.unasked() {
		from, most = it.received, e.c.GiveUpUnasked
	}
	if e.c.Now().Add(wait).Sub(from) > most {
		e.c.Logger.ErrorContext(ctx, "an answer was given up", "platform", platform, "tries", it.tries, "error", err)
		return 0, false
	}
	if it.tries == 1 {
		e.c.Observer.Delayed(platform)
	}
	level := slog.LevelDebug
	if it.tries == worthALine {
		level = slog.LevelWarn
	}
	e.c.Logger.Log(ctx, level, "an answer could not be delivered yet", "platform", platform, "tries", it.tries, "error", err)
	return wait, true
}

// worthALine is the try after which the log tells that an answer waits: a
// connection that breaks now and then is nobody's work.
const worthALine = 3

// ack closes an item's row. When that fails the row is closed at a later
// look at the inbox; until then the update is known as answered.
func (e *Engine) ack(q *queue, it *item) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.life), doneBound)
	defer cancel()
	u := it.update
	err := e.c.Inbox.Ack(ctx, u.Account.Platform, u.ID)
	if err != nil {
		e.c.Logger.Error("an answered update could not be closed; it is tried again", "platform", u.Account.Platform, "error", err)
	}
	e.pop(q, it, err != nil)
	e.c.Observer.Handled(u.Account.Platform, string(u.Kind), it.outcome, e.c.Now().Sub(it.since))
}

// handle asks the handler. What goes wrong there is logged once, with an id
// that the person is told.
func (e *Engine) handle(ctx context.Context, u Update) (Reply, string) {
	reply, err := e.askHandler(ctx, u)
	if err == nil {
		return reply, cmp.Or(reply.Outcome, OutcomeAnswered)
	}
	if e.life.Err() != nil {
		return Reply{}, "" // done again after the restart
	}
	id := ID(ctx)
	fields := []any{"platform", u.Account.Platform, "kind", u.Kind, "action", u.Action.Name, "error", err}
	var p *PanicError
	if errors.As(err, &p) {
		fields = append(fields, "stack", p.Stack)
	}
	e.c.Logger.ErrorContext(ctx, "an update could not be handled", fields...)
	return e.sorry(ctx, u, id), OutcomeFailed
}

// compose asks for what is to be said unasked. What cannot be made now is made
// at a later try, like what cannot be delivered: nobody waits for an apology.
func (e *Engine) compose(ctx context.Context, u Update) (r Reply, outcome string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	if r, err = e.c.Unasked(ctx, u); err != nil {
		return Reply{}, "", err
	}
	return r, OutcomeAnswered, nil
}

// lost tells of what nobody will be told.
func (e *Engine) lost(ctx context.Context, it *item, err error) {
	e.c.Logger.Debug("the person cannot be reached", "platform", it.update.Account.Platform, "error", err)
	if it.unasked() && e.c.Lost != nil {
		e.c.Lost(ctx, it.update.Origin, err)
	}
}

func (e *Engine) sorry(ctx context.Context, u Update, id string) (r Reply) {
	defer func() {
		if p := recover(); p != nil {
			e.c.Logger.Error("the kind sentence panicked", "id", id, "error", caught(p))
		}
	}()
	return e.c.Sorry(ctx, u, id)
}

func (e *Engine) askHandler(ctx context.Context, u Update) (r Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	return e.c.Handler(ctx, u)
}

// deliver sends a reply once. A panic of the adapter is an error like others:
// else one reply that it cannot render would end the program at every start.
func (e *Engine) deliver(ctx context.Context, to Origin, r Reply) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = caught(p)
		}
	}()
	return e.c.Channels[to.Account.Platform].Deliver(ctx, to, r)
}
