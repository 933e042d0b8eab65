package bsre

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

const (
	maxRetries   = 2                      // after the first attempt
	retryDelay   = 150 * time.Millisecond // doubled with each retry
	breakerFails = 10                     // attempts in a row that failed
	breakerDelay = time.Second            // until the next attempt is allowed
	breakerTries = 3                      // allowed at once after that; one that succeeds is enough
)

// guard repeats questions that failed, and asks less while nothing is
// answered, so that a server that comes up again is not buried. A question
// that meets the open breaker waits for it once; there is no time during
// which people are refused although the server is back.
type guard[R any] struct {
	breaker circuitbreaker.CircuitBreaker[R]
	run     failsafe.Executor[R]
}

// newGuard gives a guard that begins no new attempt after total (0: that
// counts attempts only, since waiting for one's turn is no fault of the
// server's), and waits busyPause when the server says that it is overloaded.
func newGuard[R any](total, busyPause time.Duration) *guard[R] {
	g := &guard[R]{}
	g.breaker = circuitbreaker.NewBuilder[R]().
		HandleIf(func(_ R, err error) bool { return isDown(err) }).
		WithFailureThreshold(breakerFails).
		WithDelay(breakerDelay).
		WithSuccessThresholdRatio(1, breakerTries).
		Build()
	policy := retrypolicy.NewBuilder[R]().
		HandleIf(func(_ R, err error) bool {
			return errors.Is(err, ErrUnavailable) && !errors.Is(err, errLost) && !errors.Is(err, context.Canceled) || errors.Is(err, circuitbreaker.ErrOpen)
		}).
		WithMaxRetries(maxRetries).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[R]) time.Duration { return g.pause(e, busyPause) }).
		ReturnLastFailure()
	if total > 0 {
		policy = policy.WithMaxDuration(total)
	}
	g.run = failsafe.With[R](policy.Build(), g.breaker)
	return g
}

// BreakerStates are the states of a breaker: closed (questions pass), open (too
// many failed in a row: none passes for a second), and half-open (some are let
// through, to see whether they are answered).
func BreakerStates() []string {
	return []string{circuitbreaker.ClosedState.String(), circuitbreaker.OpenState.String(), circuitbreaker.HalfOpenState.String()}
}

// state is one of BreakerStates. An open breaker stays so until the next
// question is asked.
func (g *guard[R]) state() string { return g.breaker.State().String() }

// isDown tells the failures that speak against the server. An overloaded one
// lives; a caller who went away says nothing about it.
func isDown(err error) bool {
	return errors.Is(err, ErrUnavailable) && !errors.Is(err, errBusy) && !errors.Is(err, errLost) && !errors.Is(err, context.Canceled)
}

func (g *guard[R]) pause(e failsafe.ExecutionAttempt[R], busyPause time.Duration) time.Duration {
	switch err := e.LastError(); {
	case errors.Is(err, errBusy):
		return busyPause
	case errors.Is(err, circuitbreaker.ErrOpen):
		return g.breaker.RemainingDelay() + retryDelay
	}
	return retryDelay << e.Retries()
}

// do makes the attempts. What an attempt has begun must be over when it
// returns.
func (g *guard[R]) do(ctx context.Context, attempt func() (R, error)) (R, error) {
	result, err := g.run.WithContext(ctx).Get(attempt)
	switch {
	case err == nil:
	case errors.Is(err, circuitbreaker.ErrOpen):
		err = fmt.Errorf("%w: nothing was answered for a while", ErrUnavailable)
	case !isOurs(err): // the context ended between two attempts
		err = fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return result, err
}

// isOurs tells whether callers can act on the error already.
func isOurs(err error) bool {
	for _, kind := range []error{ErrUnavailable, ErrCredentials, ErrNotFound, ErrAmbiguous, ErrNoCertificate, ErrRefused, ErrQueue, ErrOtherPhone} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
