package mattermost

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"time"
)

const (
	exchangeLife = 30 * time.Minute // as long as a response_url lives
	triggerLife  = 25 * time.Second // a trigger lives 30 s on the server
	responseUses = 5                // the sixth use of a response_url is refused
	claimBound   = 5 * time.Second  // how long an answer that was begun in time may still take
	maxExchanges = 20000
)

// source tells what an exchange began with.
type source int

const (
	fromCommand source = iota
	fromPress
	fromDialog
)

// exchange is one request of the server's that waits for its answer, and the
// means to say something later: the trigger and the response_url.
type exchange struct {
	id      string
	source  source
	born    time.Time
	user    string
	channel string
	team    string // its name in addresses
	root    string // the thread that the pressed post stands in
	direct  bool   // in the direct message with the bot

	trigger  string
	response string     // the response_url; empty: none
	parent   *exchange  // the slash command that led to the dialog; nil: none
	working  func() any // what is answered when the answer fails

	mu     sync.Mutex
	state  waiting
	answer chan reaction // room for one
	done   chan struct{} // closed when the answer was delivered, or could not be
	ended  sync.Once
	uses   int // of the response_url
}

// waiting is how far an exchange's request is.
type waiting int

const (
	isOpen    waiting = iota // the request waits
	isClaimed                // an answer is on its way to it
	isShut                   // it was answered
)

// reaction is the answer to a request.
type reaction struct {
	body    any
	written chan<- error // told when the answer was written, or could not be
}

// exchanges are the requests that came lately, by handle.
type exchanges struct {
	now func() time.Time

	mu    sync.Mutex
	byID  map[string]*exchange
	swept time.Time
}

func newExchanges(now func() time.Time) *exchanges {
	return &exchanges{now: now, byID: make(map[string]*exchange)}
}

// handleOf gives a request's handle, the same for the same request.
func handleOf(what string) string {
	sum := sha256.Sum256([]byte(what))
	return hex.EncodeToString(sum[:16])
}

// open begins an exchange. It gives false when there is one with this id.
func (x *exchanges) open(e *exchange) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	e.born = x.now()
	x.sweep(e.born)
	if x.byID[e.id] != nil {
		return false
	}
	e.answer, e.done = make(chan reaction, 1), make(chan struct{})
	x.byID[e.id] = e
	return true
}

// get gives an exchange that can still be answered, or nil.
func (x *exchanges) get(handle string) *exchange {
	id, _, _ := strings.Cut(handle, threadSign)
	id, _, _ = strings.Cut(id, commandSign)
	if id == "" {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.byID[id]
	if e == nil || x.now().Sub(e.born) > exchangeLife {
		return nil
	}
	return e
}

// sweep forgets what is too old to be answered, and when there are too many,
// anything: then the answers go into the direct message. It runs under the
// lock.
func (x *exchanges) sweep(now time.Time) {
	if len(x.byID) < maxExchanges && now.Sub(x.swept) < time.Minute {
		return
	}
	x.swept = now
	for id, e := range x.byID {
		if now.Sub(e.born) > e.life() || len(x.byID) >= maxExchanges {
			delete(x.byID, id)
		}
	}
}

// life is how long an exchange is remembered: a dialog's so long that it is
// not taken a second time.
func (e *exchange) life() time.Duration {
	if e.source == fromDialog {
		return dialogLife
	}
	return exchangeLife
}

// forget drops an exchange: the same request may come again.
func (x *exchanges) forget(e *exchange) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.byID, e.id)
}

// wait gives the answer when it comes in time. Otherwise the exchange is shut,
// and what comes later needs another way.
func (e *exchange) wait(ctx context.Context, patience time.Duration) (reaction, bool) {
	if r, ok := e.waitFor(ctx, patience); ok {
		return r, true
	}
	if e.move(isShut, isOpen) {
		return reaction{}, false
	}
	if r, ok := e.waitFor(ctx, claimBound); ok {
		return r, true
	}
	if e.move(isShut, isClaimed) {
		return reaction{}, false
	}
	return <-e.answer, true // it came in the last moment
}

func (e *exchange) waitFor(ctx context.Context, bound time.Duration) (reaction, bool) {
	t := time.NewTimer(bound)
	defer t.Stop()
	select {
	case r := <-e.answer:
		return r, true
	case <-ctx.Done():
	case <-t.C:
	}
	return reaction{}, false
}

// move takes the request from one state to the next; false: it is in another.
func (e *exchange) move(to, from waiting) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.state != from {
		return false
	}
	e.state = to
	return true
}

// end tells who waits beside the request that its answer was delivered.
func (e *exchange) end() { e.ended.Do(func() { close(e.done) }) }

// claim tells whether the request still waits, and lets it wait a little
// longer for the caller's answer.
func (e *exchange) claim() bool { return e.move(isClaimed, isOpen) }

// waits tells whether the request still waits.
func (e *exchange) waits() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state != isShut
}

// give answers a claimed request. It gives false when nobody waits any more.
func (e *exchange) give(ctx context.Context, body any) bool {
	if !e.move(isShut, isClaimed) {
		return false
	}
	written := make(chan error, 1)
	e.answer <- reaction{body: body, written: written} // whoever waits waits for it: there was no other to shut it
	select {
	case err := <-written:
		return err == nil
	case <-ctx.Done():
		return false
	}
}

// use takes one use of the response_url, if there is one left.
func (e *exchange) use(now time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.response == "" || e.uses >= responseUses || now.Sub(e.born) > exchangeLife {
		return false
	}
	e.uses++
	return true
}

// canOpen gives the trigger while a dialog can be opened with it.
func (e *exchange) canOpen(now time.Time) string {
	if now.Sub(e.born) > triggerLife {
		return ""
	}
	return e.trigger
}
