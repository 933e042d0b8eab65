package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
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

// Temporary tells whether the same call may succeed later.
func (e *Error) Temporary() bool {
	return e.Status == 0 || e.Status == http.StatusTooManyRequests || e.Status >= 500 && e.Status != http.StatusNotImplemented
}

// Refusal gives the server's word on a call, or nil when it gave none.
func Refusal(err error) *Error {
	var e *Error
	if errors.As(err, &e) && e.Status != 0 {
		return e
	}
	return nil
}

// Refused tells whether the server said no for good: another try is no use.
func Refused(err error) bool {
	e := Refusal(err)
	return e != nil && !e.Temporary() && e.Status != http.StatusUnauthorized
}

// Explain makes an *Error of what the library gives. Addresses are left out.
func Explain(what string, r *model.Response, err error) *Error {
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

// RetryAfter is the server's own wish; 0: none.
func RetryAfter(r *model.Response) time.Duration {
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
