package telegram

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"resetpin/bot"
)

func quiet() *Adapter {
	limits := Limits{}.withDefaults()
	return &Adapter{c: Config{Limits: limits, Logger: slog.New(slog.DiscardHandler)}, pace: newPace(limits)}
}

// A Telegram that asks to wait is not called about that chat meanwhile, and who
// asked knows for how long.
func TestWhoHasToWaitIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, calls := quiet(), 0
		call := func(context.Context) error {
			calls++
			return &Error{Method: "sendMessage", Code: http.StatusTooManyRequests, RetryAfter: 3 * time.Second}
		}
		for n, most := range []time.Duration{3 * time.Second, 2 * time.Second} {
			var later *bot.Later
			if err := a.paced(t.Context(), "77", call); !errors.As(err, &later) || later.After != most || calls != 1 {
				t.Errorf("try %d, after %d calls: %v, %+v", n, calls, err, later)
			}
			time.Sleep(time.Second)
		}
		if err := a.paced(t.Context(), "78", func(context.Context) error { return nil }); err != nil {
			t.Errorf("another chat has to wait: %v", err)
		}
		time.Sleep(time.Second)
		if _ = a.paced(t.Context(), "77", call); calls != 2 {
			t.Errorf("%d calls when the time was over", calls)
		}
	})
}

// A call that brings no words is repeated for a while, as often as Telegram
// allows, and then given back.
func TestWaitingHasAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, calls, began := quiet(), 0, time.Now()
		err := a.try(t.Context(), "77", func(context.Context) error {
			calls++
			return &Error{Method: "setMyCommands", Code: http.StatusTooManyRequests, RetryAfter: 7 * time.Second}
		})
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != http.StatusTooManyRequests || calls != 3 {
			t.Errorf("after %d calls: %v", calls, err)
		}
		if took := time.Since(began); took > a.c.Limits.Retry {
			t.Errorf("it waited %s", took)
		}
	})
}
