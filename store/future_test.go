package store_test

import (
	"context"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// A machine whose clock was a year ahead leaves a reset and its job behind.
// When the clock is right again, the job is done and the person goes on.
func TestWhatAClockWroteThatWasAheadIsTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Now()
		left := request(t, s, want("press", phone, now.Add(365*24*time.Hour)))
		late := store.Job{Kind: "remind", RunAt: now.Add(time.Hour)}
		if err := s.Enqueue(t.Context(), late); err != nil {
			t.Fatal(err)
		}
		if s.SingleProcess() {
			exec(t, s, `UPDATE river_job SET created_at = strftime('%Y-%m-%d %H:%M:%f', created_at, '+365 days'), scheduled_at = strftime('%Y-%m-%d %H:%M:%f', scheduled_at, '+365 days')`)
		} else {
			exec(t, s, `UPDATE river_job SET created_at = created_at + interval '365 days', scheduled_at = scheduled_at + interval '365 days'`)
		}
		done := make(chan struct{}, 2)
		work(t, s, map[string]store.Worker{
			"reset":  func(context.Context, []byte) error { done <- struct{}{}; return nil },
			"remind": func(context.Context, []byte) error { t.Error("the job for an hour later was done"); return nil },
		})
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatal("the job waits for a time that is a year away")
		}
		open := must[[]store.Reset](t)(s.OpenResets(t.Context(), now.Add(-time.Minute), now))
		if len(open) != 1 || open[0].ID != left.Reset.ID {
			t.Errorf("to be brought to its end: %+v", open)
		}
	})
}
