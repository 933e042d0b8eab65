package platform_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"resetpin/bot/platform"
)

// What is done aside ends with End, which waits for it, but not for ever, and
// nothing begins afterwards.
func TestAsideEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a platform.Aside
		ended := false
		a.Go(func(ctx context.Context) { <-ctx.Done(); time.Sleep(time.Second); ended = true })
		if err := a.End(t.Context()); err != nil || !ended {
			t.Errorf("%v, ended: %v", err, ended)
		}
		if a.Go(func(context.Context) { t.Error("it began after the end") }) {
			t.Error("something is taken after the end")
		}
		var slow platform.Aside
		slow.Go(func(context.Context) { time.Sleep(time.Hour) })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := slow.End(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who does not wait for ever hears %v", err)
		}
		time.Sleep(2 * time.Hour)
	})
}
