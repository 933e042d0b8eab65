package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/bot/build"
)

// What became of a call to an outside system.
const (
	callAnswered = "answered"
	callRefused  = "refused" // 4xx: it understood, and declined
	callBusy     = "busy"    // 429, 503: it wants a pause
	callBroken   = "broken"  // 5xx
	callLate     = "late"    // no answer in time
	callCut      = "unreachable"
)

// wires are the ways to outside systems: requests bear the program's name and
// the id under which they are made, and what becomes of them is noted.
type wires struct {
	agent string // User-Agent
	note  noteCall
}

// noteCall hears what became of a call; nil: nobody does.
type noteCall func(ctx context.Context, system, kind, outcome string, took time.Duration, err error)

func newWires(note noteCall) *wires { return &wires{agent: build.Read().Agent(), note: note} }

// to gives what is put around the way to a system.
func (w *wires) to(system string) func(http.RoundTripper) http.RoundTripper {
	return func(t http.RoundTripper) http.RoundTripper { return wire{w, system, t} }
}

// wire is the way to one system.
type wire struct {
	*wires
	system string
	way    http.RoundTripper
}

// RoundTrip sends a request.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.WithContext(r.Context()) // a copy: the caller's stays as it is
	r.Header = r.Header.Clone()
	if r.Header == nil {
		r.Header = make(http.Header)
	}
	r.Header.Set("User-Agent", w.agent)
	if id := bot.ID(r.Context()); id != "" {
		r.Header.Set("X-Request-ID", id)
	}
	began := time.Now()
	back := bot.Away(r.Context())
	answer, err := w.way.RoundTrip(r)
	back()
	if w.note != nil && !errors.Is(r.Context().Err(), context.Canceled) {
		outcome := callOutcome(answer, err)
		cause := err
		if outcome == callBroken {
			cause = fmt.Errorf("it answers %d", answer.StatusCode)
		}
		kind := w.kindOf(r.URL.Path)
		if kind == "getUpdates" {
			began = time.Time{} // waits on purpose
		}
		w.note(r.Context(), w.system, kind, outcome, since(began), cause)
	}
	if err != nil {
		err = &wireError{w.system, err}
	}
	return answer, err
}

// kindOf tells kinds of calls apart of which some may be answered while others
// are not: Telegram's methods. Elsewhere paths may name people.
func (w wire) kindOf(address string) string {
	if w.system != systemTelegram || strings.HasPrefix(address, "/file/") {
		return ""
	}
	return path.Base(address)
}

// wireError is the error of a call that was not answered.
type wireError struct {
	system string
	err    error
}

// Error gives the cause's text.
func (e *wireError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *wireError) Unwrap() error { return e.err }

// Timeout is net/http's question.
func (e *wireError) Timeout() bool {
	var late interface{ Timeout() bool }
	return errors.As(e.err, &late) && late.Timeout()
}

// since is how long ago something began; negative: it is not measured.
func since(began time.Time) time.Duration {
	if began.IsZero() {
		return -1
	}
	return time.Since(began)
}

// callOutcome tells what became of a call.
func callOutcome(answer *http.Response, err error) string {
	var late interface{ Timeout() bool }
	switch {
	case errors.As(err, &late) && late.Timeout():
		return callLate
	case err != nil:
		return callCut
	case answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode == http.StatusServiceUnavailable:
		return callBusy
	case answer.StatusCode >= http.StatusInternalServerError:
		return callBroken
	case answer.StatusCode >= http.StatusBadRequest:
		return callRefused
	}
	return callAnswered
}

// call counts a call, and keeps how the system stands.
func (a *App) call(ctx context.Context, system, kind, outcome string, took time.Duration, err error) {
	a.metrics.call(system, outcome, took)
	if outcome != callBusy {
		a.outages.note(ctx, system, kind, max(0, took), err)
	}
}
