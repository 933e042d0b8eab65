package store_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// River is told of jobs in SQLite, and need not look for them: of new ones, and
// of those that are tried again.
func TestJobsAreToldOf(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	store.LookSeldom(s)
	done := make(chan string, 1)
	var tries atomic.Int32
	work(t, s, map[string]store.Worker{
		"mail": func(_ context.Context, p []byte) error { done <- string(p); return nil },
		"odd": func(_ context.Context, p []byte) error {
			if tries.Add(1) == 1 {
				return errors.New("not yet")
			}
			done <- string(p)
			return nil
		},
	})
	for _, j := range []store.Job{
		{Kind: "mail", Payload: []byte("one")},
		{Kind: "mail", Payload: []byte("two")},
		{Kind: "odd", Payload: []byte("again")},
	} {
		enqueue(t, s, j)
		select {
		case got := <-done:
			if got != string(j.Payload) {
				t.Errorf("done: %q", got)
			}
		case <-time.After(time.Minute):
			t.Fatalf("nobody was told of %q", j.Payload)
		}
	}
}
