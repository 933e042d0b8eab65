package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/bot/platform"
)

// maxHolds is how many times in a row one call obeys "too many requests".
const maxHolds = 5

// try makes a call about a chat until it is answered: it waits as long as
// Telegram asks, and repeats it for a while when the connection breaks or
// Telegram is in trouble. A call can so be done twice; what it does must
// bear that. The error is an *Error when Telegram refused for good.
func (a *Adapter) try(ctx context.Context, chat string, call func(ctx context.Context) error) error {
	return a.tryLong(ctx, chat, a.c.Limits.Call, call)
}

// tryLong is try for a call that may take as long as most.
func (a *Adapter) tryLong(ctx context.Context, chat string, most time.Duration, call func(ctx context.Context) error) error {
	var pauses func() time.Duration
	var began time.Time
	for holds := 0; ; {
		err := platform.Within(ctx, most, call)
		if err == nil {
			a.health.worked(time.Now())
			return nil
		}
		var refused *Error
		switch {
		case ctx.Err() != nil:
			return err
		case errors.As(err, &refused) && refused.Code == http.StatusTooManyRequests:
			wait := max(refused.RetryAfter, time.Second)
			a.pace.hold(chat, wait)
			a.c.Logger.Warn("telegram asks to wait", "method", refused.Method, "seconds", wait.Seconds())
			if holds++; wait > a.c.Limits.Patience || holds > maxHolds {
				return err
			}
			if err := a.pace.waitHeld(ctx, chat); err != nil {
				return err
			}
			continue
		case refused != nil && refused.Code < http.StatusInternalServerError:
			return err
		}
		if pauses == nil {
			pauses, began = platform.Backoff(300*time.Millisecond, 5*time.Second), time.Now()
		}
		pause := pauses()
		if time.Since(began)+pause > a.c.Limits.Retry {
			return fmt.Errorf("tried for %s: %w", a.c.Limits.Retry, err)
		}
		a.c.Logger.Debug("telegram call is repeated", "error", err)
		if err := platform.Sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// refusal gives the *Error of a call that Telegram refused for good, or nil.
func refusal(err error) *Error {
	var e *Error
	if errors.As(err, &e) && e.Code >= 400 && e.Code < 500 && e.Code != http.StatusTooManyRequests {
		return e
	}
	return nil
}

// says tells whether the description holds one of the words, whatever their case.
func (e *Error) says(words ...string) bool {
	if e == nil {
		return false
	}
	text := strings.ToLower(e.Description)
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// gone tells whether nobody can be reached in the chat any more: 403 is a
// block, a deleted account, or a group that threw the bot out.
func (e *Error) gone() bool {
	return e != nil && (e.Code == http.StatusForbidden ||
		e.says("chat not found", "user not found", "peer_id_invalid", "group chat was deactivated", "chat_write_forbidden", "not enough rights", "have no rights"))
}

// ofContent tells whether a message was refused for what it holds: in
// another form it may be taken.
func (e *Error) ofContent() bool {
	return e != nil && !e.gone() && (e.Code == http.StatusBadRequest || e.Code == http.StatusRequestEntityTooLarge)
}

// notModified tells whether an edit was refused because nothing changes.
func (e *Error) notModified() bool { return e.says("message is not modified", "message_not_modified") }

// withGone marks the error of a chat that cannot be reached as bot.ErrGone.
func withGone(err error) error {
	if e := refusal(err); e.gone() && !errors.Is(err, bot.ErrGone) {
		return platform.Gone(err)
	}
	return err
}
