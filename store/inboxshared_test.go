package store_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// What comes later stays behind, also when another process with a slow clock
// writes it down.
func TestAnAccountsUpdatesStayInOrder(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		right := storetest.Open(t, url)
		slow := right
		if !right.SingleProcess() { // a SQLite file has one process
			var err error
			slow, err = store.Open(t.Context(), url, store.Options{Key: storetest.Key(), Now: func() time.Time { return time.Now().Add(-time.Hour) }})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = slow.Close(context.Background()) })
		}
		for n := range 6 {
			add(t, []*store.Store{right, slow}[n%2], update(strconv.Itoa(n), "a", "x"), update("b"+strconv.Itoa(n), "b", "x"))
		}
		ids := func(most int) (out []string) {
			for _, e := range must[[]store.InboxEntry](t)(slow.AccountInbox(t.Context(), "a", most)) {
				out = append(out, e.ID+string(e.Payload))
			}
			return out
		}
		if got := ids(10); !slices.Equal(got, []string{"0x", "1x", "2x", "3x", "4x", "5x"}) {
			t.Errorf("got %v", got)
		}
		if err := slow.AckInbox(t.Context(), "telegram", "1"); err != nil {
			t.Fatal(err)
		}
		settled(t, slow)
		if got := ids(3); !slices.Equal(got, []string{"0x", "2x", "3x"}) {
			t.Errorf("the first three: %v", got)
		}
	})
}

// On Mattermost every process hears of every message, and all write it down
// at once. None of them may wait for what another has written while that one
// waits for it.
func TestTheSameUpdatesInTwoProcessesAtOnce(t *testing.T) {
	url := storetest.Postgres(t)
	var stores []*store.Store
	for range 2 {
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
		if err != nil {
			t.Fatal(err)
		}
		stores = append(stores, s)
	}
	const rounds, accounts = 40, 30
	var fresh tally[bool]
	for round := range rounds {
		together(2*accounts, func(i int) {
			n := i / 2
			if i%2 == 1 {
				n = accounts - 1 - n // the other way round
			}
			got, err := stores[i%2].AddInbox(t.Context(), update(strconv.Itoa(round)+" "+strconv.Itoa(n), strconv.Itoa(n), "x"))
			if err != nil {
				t.Error(err)
				return
			}
			fresh.add(got[0])
		})
	}
	for _, s := range stores {
		if err := s.Close(context.Background()); err != nil { // PostgreSQL counts when the connections end
			t.Error(err)
		}
	}
	if n := fresh.n[true]; n != rounds*accounts {
		t.Errorf("%d were new, want %d", n, rounds*accounts)
	}
	if n := count(t, storetest.Open(t, url), `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`); n != 0 {
		t.Errorf("%d deadlocks", n)
	}
}
