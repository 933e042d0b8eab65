package store_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// Whoever waits is told once, by whichever replica is first; who asks anew
// waits for that, and nobody waits for more than three days.
func TestWhoWaitsForBSrEIsToldOnce(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		now := time.Now().Truncate(time.Millisecond)
		wait := func(account, what, press string, asked time.Time) store.RecoveryWait {
			t.Helper()
			w := store.RecoveryWait{Account: store.Account{Platform: "telegram", ID: account}, What: what, Language: "id", Press: press, Asked: asked}
			if err := s.AwaitRecovery(t.Context(), w); err != nil {
				t.Fatal(err)
			}
			return w
		}
		waits := func(what string) []store.RecoveryWait {
			t.Helper()
			all, err := s.RecoveryWaits(t.Context(), what, 10)
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		old := wait("1", "status", "a", now.Add(-time.Minute))
		first := wait("2", "status", "b", now.Add(-time.Hour))
		again := wait("1", "status", "c", now)
		if got := waits("status"); len(got) != 2 || got[0].Account != first.Account || got[1].Press != again.Press || !got[1].Asked.Equal(again.Asked) {
			t.Errorf("who waits: %+v", got)
		}
		words := store.Job{Say: &store.Words{Account: first.Account, Payload: []byte("{}")}}
		if ended, err := s.EndRecoveryWait(t.Context(), old, words); ended || err != nil {
			t.Errorf("what was asked before ends with %v, %v", ended, err)
		}
		var told atomic.Int32
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				ended, err := s.EndRecoveryWait(t.Context(), first, words)
				if err != nil {
					t.Error(err)
				}
				if ended {
					told.Add(1)
				}
			})
		}
		group.Wait()
		rows, err := s.OpenInbox(t.Context())
		if err != nil || len(rows) != 1 || told.Load() != 1 {
			t.Errorf("%d told, %d rows of conversations, %v", told.Load(), len(rows), err)
		}
		if err := s.ForgetRecoveryWait(t.Context(), again.Account); err != nil {
			t.Fatal(err)
		}
		for i, asked := range []time.Time{now.Add(-80 * time.Hour), now.Add(-60 * time.Hour)} {
			wait(strconv.Itoa(i), "resetpin", "d", asked)
		}
		if _, err := s.Purge(t.Context(), now.Add(-1000*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got := waits("resetpin"); len(waits("status")) != 0 || len(got) != 1 || got[0].Account.ID != "1" {
			t.Errorf("who still waits: %+v", got)
		}
	})
}
