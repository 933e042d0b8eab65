package bot

import (
	"context"
	"errors"
	"time"
)

// Handler answers one update. An error means that the person could not be
// answered for a cause that is not theirs; the engine logs it and says a kind
// sentence instead.
type Handler func(ctx context.Context, u Update) (Reply, error)

// Middleware wraps a handler.
type Middleware func(Handler) Handler

// Receiver takes updates over from a platform. When Receive returns nil they
// are stored durably (or were seen before) and may be acknowledged to the
// platform; on an error they must not be.
type Receiver interface {
	Receive(ctx context.Context, updates ...Update) error
}

// Channel is a platform's outgoing side.
type Channel interface {
	// Deliver renders the reply and sends it to where the origin says, within
	// the platform's limits. It tries once: the engine tries again. It gives
	// ErrGone when the person cannot be reached any more; any other error means
	// that it may be tried again, not before *Later says, and with what
	// *Undelivered names when only a part is missing.
	// An empty Reply has nothing to say, but ends a pressed button's waiting.
	Deliver(ctx context.Context, to Origin, r Reply) error
	// Working shows the person that the answer takes a moment longer. It is
	// best effort and never blocks for long.
	Working(ctx context.Context, to Origin)
	// Ready tells why the platform cannot be served just now, or nil.
	Ready(ctx context.Context) error
}

// ErrGone says that the person blocked the bot or no longer exists: there is
// nobody to answer, and trying again is no use.
var ErrGone = errors.New("the person cannot be reached any more")

// Undelivered is Deliver's error when a part of a reply was delivered: what
// is tried again is Rest alone.
type Undelivered struct {
	Rest Reply
	Err  error
}

// Error gives the cause.
func (u *Undelivered) Error() string { return u.Err.Error() }

// Unwrap gives the cause.
func (u *Undelivered) Unwrap() error { return u.Err }

// Later is an error, or in one, of a platform that says when it takes the call
// again.
type Later struct {
	After time.Duration
	Err   error
}

// WaitOf tells how long the platform asked to wait; 0: it did not.
func WaitOf(err error) time.Duration {
	if later := (*Later)(nil); errors.As(err, &later) {
		return later.After
	}
	return 0
}

// Error gives the cause.
func (l *Later) Error() string { return l.Err.Error() }

// Unwrap gives the cause.
func (l *Later) Unwrap() error { return l.Err }
