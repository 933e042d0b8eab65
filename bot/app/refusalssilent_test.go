package app

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"resetpin/store"
)

// Who is refused waits for a silent database no longer than others do, although
// the request itself may last.
func TestARefusalIsNotWrittenForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended error
		r := &refusals{log: slog.New(slog.DiscardHandler), count: func(string, string) {}, now: time.Now,
			audit: func(ctx context.Context, _ store.Event) error {
				select {
				case <-ctx.Done():
				case <-time.After(time.Hour):
				}
				ended = ctx.Err()
				return ended
			}}
		gone, cancel := context.WithCancel(t.Context())
		cancel() // who asked is gone, and it is written all the same
		began := time.Now()
		r.note(gone, "telegram", "secret", "a wrong secret")
		if took := time.Since(began); took != refusalBound || !errors.Is(ended, context.DeadlineExceeded) {
			t.Errorf("it took %v and ended with %v", took, ended)
		}
	})
}
