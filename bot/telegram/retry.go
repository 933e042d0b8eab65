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

// once makes a call about a chat, unless Telegram asked to wait with that. The
// error is an *Error when Telegram answered, in a *bot.Later when it asked to
// wait.
func (a *Adapter) once(ctx context.Context, chat string, most time.Duration, call func(ctx context.Context) error) error {
	if err := a.pace.mayCall(chat); err != nil {
		return err
	}
	err := platform.Within(ctx, most, call)
	if err == nil {
		a.health.worked(time.Now())
		return nil
	}
	var refused *Error
	if errors.As(err, &refused) && refused.Code == http.StatusTooManyRequests {
		wait := max(refused.RetryAfter, time.Second)
		a.pace.hold(chat, wait)
		a.c.Logger.Warn("telegram asks to wait", "method", refused.Method, "seconds", wait.Seconds())
		return &bot.Later{After: wait, Err: err}
	}
	return err
}

// try makes a call that brings no words, so that the engine does not try it
// again: it is repeated here for a while, unless it is refused. It can so be
// done twice; what it does must bear that.
func (a *Adapter) try(ctx context.Context, chat string, call func(ctx context.Context) error) error {
	pauses, end := platform.Backoff(300*time.Millisecond, 5*time.Second), time.Now().Add(a.c.Limits.Retry)
	for {
		err := a.once(ctx, chat, a.c.Limits.Call, call)
		if err == nil || ctx.Err() != nil || refusal(err) != nil {
			return err
		}
		pause := max(pauses(), bot.WaitOf(err))
		if time.Now().Add(pause).After(end) {
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
