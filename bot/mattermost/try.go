package mattermost

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
)

// Error is Mattermost's refusal of a call, or the lack of an answer.
type Error struct {
	What   string // what was tried
	Status int    // HTTP status; 0: no answer
	ID     string // the server's own name of the error
	Words  string // what the server tells people of it
	Detail string // what the server says of it
	Err    error  // why there was no answer
}

// Error tells what was tried and why it failed.
func (e *Error) Error() string {
	switch {
	case e.Status == 0:
		return fmt.Sprintf("mattermost: %s: %v", e.What, e.Err)
	case e.ID == "":
		return fmt.Sprintf("mattermost: %s: answered %d", e.What, e.Status)
	}
	return fmt.Sprintf("mattermost: %s: answered %d (%s: %s)", e.What, e.Status, e.ID, strings.TrimRight(e.Words, ". "))
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// temporary tells whether the same call may succeed later.
func (e *Error) temporary() bool {
	return e.Status == 0 || e.Status == http.StatusTooManyRequests || e.Status >= 500 && e.Status != http.StatusNotImplemented
}

// refusal gives the server's word on a call, or nil when it gave none.
func refusal(err error) *Error {
	var e *Error
	if errors.As(err, &e) && e.Status != 0 {
		return e
	}
	return nil
}

// refused tells whether the server said no for good: another try is no use.
func refused(err error) bool {
	e := refusal(err)
	return e != nil && !e.temporary() && e.Status != http.StatusUnauthorized
}

const (
	firstPause = 100 * time.Millisecond
	longPause  = 5 * time.Second
)

// try makes a call until it succeeds, is refused, or the time for retrying is
// over. Its error is an *Error.
func (a *Adapter) try(ctx context.Context, what string, call func(ctx context.Context) (*model.Response, error)) error {
	return a.tryFor(ctx, a.c.Timing.Call, what, call)
}

// tryFor is try for a call that may take longer than others.
func (a *Adapter) tryFor(ctx context.Context, bound time.Duration, what string, call func(ctx context.Context) (*model.Response, error)) error {
	end := time.Now().Add(a.c.Timing.Retry)
	pause := firstPause
	for {
		r, err := once(ctx, bound, call)
		if r != nil {
			a.authority.hear(r.Header, a.c.Now())
		}
		if err == nil {
			return nil
		}
		e := explain(what, r, err)
		a.health.heard(e)
		if !e.temporary() || ctx.Err() != nil {
			return e
		}
		wait := max(retryAfter(r), pause/2+rand.N(pause/2)) //nolint:gosec // jitter is no secret
		if time.Now().Add(wait).After(end) {
			return e
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return e
		}
		pause = min(2*pause, longPause)
	}
}

func once(ctx context.Context, bound time.Duration, call func(ctx context.Context) (*model.Response, error)) (*model.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	return call(ctx)
}

// explain makes an *Error of what the library gives. Addresses are left out.
func explain(what string, r *model.Response, err error) *Error {
	e := &Error{What: what, Err: err}
	var app *model.AppError
	if errors.As(err, &app) {
		e.ID, e.Words, e.Detail, e.Status, e.Err = app.Id, app.Message, app.DetailedError, app.StatusCode, nil
	}
	if r != nil && r.StatusCode >= 300 {
		e.Status = r.StatusCode
	}
	var u *url.Error
	if errors.As(err, &u) {
		e.Err = u.Err
	}
	return e
}

// retryAfter is the server's own wish; 0: none.
func retryAfter(r *model.Response) time.Duration {
	if r == nil || r.StatusCode != http.StatusTooManyRequests {
		return 0
	}
	for _, name := range []string{"Retry-After", "X-Ratelimit-Reset"} {
		if n, err := strconv.Atoi(r.Header.Get(name)); err == nil && n > 0 && n < 3600 {
			return time.Duration(n) * time.Second
		}
	}
	return 0
}

// gone adds bot.ErrGone to an error.
func gone(err error) error { return fmt.Errorf("%w: %w", bot.ErrGone, err) }
