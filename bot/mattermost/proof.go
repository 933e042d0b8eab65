package mattermost

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"net/http"
	"resetpin/bot/mattermost/server"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// Bounds of a proof's age, by the server's clock.
const (
	proofLife  = 30 * time.Second       // as long as the server itself takes a trigger
	proofAhead = 5 * time.Second        // for the clocks of a cluster's servers and for the seconds of a Date
	proofKept  = 5 * time.Minute        // how long a used one is known beyond its life
	lookPause  = 3 * time.Second        // between two looks at the server's key and clock
	dateMiddle = 500 * time.Millisecond // a Date has whole seconds
)

// Why a request proves nothing.
var (
	errNoProof    = errors.New("no trigger id")
	errProofKey   = errors.New("the server's signing key is not known (AsymmetricSigningPublicKey of its client configuration)")
	errProofSign  = errors.New("the trigger id is not signed by this server")
	errProofUser  = errors.New("the trigger id is another user's")
	errProofOld   = errors.New("the trigger id is too old")
	errProofAhead = errors.New("the trigger id is from the future")
)

// Triggers remembers which proofs were used, over all replicas.
type Triggers interface {
	// SpendTrigger notes that a proof was used; false: it was before. The note
	// is needed until the time that is given.
	SpendTrigger(ctx context.Context, id string, until time.Time) (first bool, err error)
	// FreeTrigger lets a proof count once more.
	FreeTrigger(ctx context.Context, id string) error
}

// proof is who acted, and when. The server signs the trigger id that comes
// with slash commands and presses for the user who acts (see
// model.GenerateTriggerId): nothing else in such a request says who it was,
// for a command's token is known to whoever manages commands of its team. The
// signature holds for any integration that the user pressed something of: a
// proof tells who, not what they meant. So it counts once, and a slash
// command changes nothing.
type proof struct {
	id string    // the same for the same trigger, however it is written
	at time.Time // by the server's clock
}

// ticket is what lets a request count once over all replicas: a proof, or a
// dialog's state.
type ticket struct {
	id   string
	kept time.Duration // how long it is known that it was used
}

func (p proof) ticket() ticket { return ticket{p.id, proofLife + proofKept} }

// authority is what is known of the server's signing key and clock.
type authority struct {
	mu     sync.Mutex
	key    *ecdsa.PublicKey
	ahead  time.Duration // of the server's clock before the bot's
	looked time.Time     // last, by the bot's clock
	looks  int           // so far

	looking sync.Mutex // held by who asks the server
}

// learn takes the key from the client configuration: PKIX in base64.
func (t *authority) learn(c server.ClientConfig) {
	der, err := base64.StdEncoding.DecodeString(c.AsymmetricSigningPublicKey)
	if err != nil {
		return
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if key, ok := parsed.(*ecdsa.PublicKey); err == nil && ok {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.key = key
	}
}

// hear sets the clock by an answer that came at a time of the bot's clock. A
// proxy may leave the Date out: then the bot's own clock must do.
func (t *authority) hear(h http.Header, now time.Time) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ahead = date.Add(dateMiddle).Sub(now)
}

// knows tells whether the server's key is known.
func (t *authority) knows() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.key != nil
}

// skew is how far the server's clock is before the bot's.
func (t *authority) skew() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ahead
}

func (t *authority) counted() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.looks
}

// begins notes a look, unless one began a moment ago.
func (t *authority) begins(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.looked).Abs() < lookPause {
		return false
	}
	t.looked = now
	t.looks++
	return true
}

// verify reads a trigger id and tells whether it proves that the user acted
// just now.
func (t *authority) verify(trigger, user string, now time.Time) (proof, error) {
	t.mu.Lock()
	key, now := t.key, now.Add(t.ahead)
	t.mu.Unlock()
	switch {
	case trigger == "":
		return proof{}, errNoProof
	case key == nil:
		return proof{}, errProofKey
	}
	// The library judges the age by this machine's clock: that is done here.
	id, signer, failed := model.DecodeAndVerifyTriggerId(trigger, &ecdsa.PrivateKey{PublicKey: *key}, math.MaxInt64)
	if failed != nil {
		return proof{}, errProofSign
	}
	raw, err := base64.StdEncoding.DecodeString(trigger)
	if err != nil {
		return proof{}, errProofSign
	}
	made := strings.Split(string(raw), ":")[2] // the library has counted the parts
	ms, err := strconv.ParseInt(made, 10, 64)
	if err != nil {
		return proof{}, errProofSign
	}
	p := proof{id: handleOf(id + ":" + signer + ":" + made), at: time.UnixMilli(ms)}
	switch age := now.Sub(p.at); {
	case signer != user:
		return proof{}, errProofUser
	case age > proofLife:
		return proof{}, fmt.Errorf("%w: %s", errProofOld, age.Round(time.Second))
	case age < -proofAhead:
		return proof{}, fmt.Errorf("%w: by %s", errProofAhead, -age.Round(time.Second))
	}
	return p, nil
}

// prove tells whether a request's trigger id proves that the user acted just
// now. The server's key may have changed, and a clock been set: what fails is
// judged once more after a look.
func (a *Adapter) prove(ctx context.Context, trigger, user string) (proof, error) {
	p, err := a.authority.verify(trigger, user, a.c.Now())
	if err == nil || errors.Is(err, errNoProof) || errors.Is(err, errProofUser) || !a.look(ctx) {
		return p, err
	}
	return a.authority.verify(trigger, user, a.c.Now())
}

// look asks the server for its key and its time, unless that was done a moment
// ago. It tells whether something may be known now that was not before.
func (a *Adapter) look(ctx context.Context) bool {
	t := &a.authority
	before := t.counted()
	t.looking.Lock()
	defer t.looking.Unlock()
	switch now := a.c.Now(); {
	case t.counted() != before:
		return true // somebody else has just asked
	case !t.begins(now):
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.c.Timing.Look)
	defer cancel()
	c, r, err := server.AskClientConfig(ctx, a.api)
	if err != nil {
		a.c.Logger.Warn("mattermost: the server's signing key could not be asked for", "error", server.Explain("ask for the signing key", r, err))
		return false
	}
	t.learn(c)
	t.hear(r.Header, a.c.Now())
	return true
}

// spend notes that a ticket was used; false: it was before.
func (a *Adapter) spend(ctx context.Context, t ticket) (bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), takeBound)
	defer cancel()
	return a.c.Triggers.SpendTrigger(ctx, t.id, a.c.Now().Add(t.kept))
}

// free lets a dialog be submitted once more. Where that fails, its button opens
// another.
func (a *Adapter) free(ctx context.Context, e *exchange) {
	a.exchanges.forget(e)
	if e.source != fromDialog {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), takeBound)
	defer cancel()
	if err := a.c.Triggers.FreeTrigger(ctx, e.id); err != nil {
		a.c.Logger.WarnContext(ctx, "mattermost: a dialog cannot be submitted again", "error", err)
	}
}
