package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// A trigger counts once, whichever process it comes to, until it is purged.
func TestATriggerIsSpentOnce(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		one := storetest.Open(t, url)
		two := one
		if !one.SingleProcess() { // a SQLite file has one process
			two = storetest.Open(t, url)
		}
		now := time.Now()
		var firsts atomic.Int32
		var all sync.WaitGroup
		for n := range 40 {
			all.Go(func() {
				first, err := []*store.Store{one, two}[n%2].SpendTrigger(context.Background(), "t", now.Add(-time.Minute))
				if err != nil {
					t.Error(err)
				}
				if first {
					firsts.Add(1)
				}
			})
		}
		all.Wait()
		if n := firsts.Load(); n != 1 {
			t.Errorf("it counted %d times", n)
		}
		if !must[bool](t)(one.SpendTrigger(t.Context(), "other", now.Add(time.Hour))) {
			t.Error("another one is not fresh")
		}
		if n := must[int64](t)(one.Purge(t.Context(), now.Add(-time.Hour))); n != 1 {
			t.Errorf("%d rows were purged, want the one that is over", n)
		}
		if must[bool](t)(two.SpendTrigger(t.Context(), "other", now.Add(time.Hour))) {
			t.Error("what is not over yet was purged")
		}
		if err := two.FreeTrigger(t.Context(), "other"); err != nil || !must[bool](t)(one.SpendTrigger(t.Context(), "other", now.Add(time.Hour))) {
			t.Errorf("what was freed does not count: %v", err)
		}
	})
}
