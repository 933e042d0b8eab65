package telegram

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// A Telegram that asks to wait again and again is obeyed for a while, and then
// the call is given back.
func TestWaitingHasAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := Limits{}.withDefaults()
		a := &Adapter{c: Config{Limits: limits, Logger: slog.New(slog.DiscardHandler)}, pace: newPace(limits)}
		calls := 0
		began := time.Now()
		err := a.try(t.Context(), "77", func(context.Context) error {
			if calls++; calls > 100 {
				return nil
			}
			return &Error{Method: "sendMessage", Code: http.StatusTooManyRequests, RetryAfter: 3 * time.Second}
		})
		var refused *Error
		if !errors.As(err, &refused) || refused.Code != http.StatusTooManyRequests || calls != maxHolds+1 {
			t.Errorf("after %d calls: %v", calls, err)
		}
		if took := time.Since(began); took != maxHolds*3*time.Second {
			t.Errorf("it waited %s", took)
		}
	})
}
