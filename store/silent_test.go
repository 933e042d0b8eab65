package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// TestASilentNetworkHoldsNobody: PostgreSQL is behind a network that swallows
// what is sent, and the connections stay open. Whoever brings an update hears
// at their own bound that nothing is known of it, a commit is given up at its
// bound, and when the network is back all goes on. The updates that nobody
// knows of are known when they are brought again.
func TestASilentNetworkHoldsNobody(t *testing.T) {
	address, network := storetest.Through(t, storetest.Postgres(t))
	s := storetest.Open(t, address)
	store.BoundCommits(s, time.Second)
	add(t, s, update("1", "telegram:1", "before"))
	network.Silence(true)
	brief, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.AddInbox(brief, update("2", "telegram:1", "at")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who waits a moment hears %v", err)
	}
	if _, err := s.AddInbox(t.Context(), update("3", "telegram:1", "then")); err == nil {
		t.Error("who waits for ever hears nothing")
	}
	if _, err := s.SpendTrigger(t.Context(), "trigger", noon); err == nil {
		t.Error("a proof counts that was written nowhere")
	}
	locking, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.LockAccount(locking, "telegram:1"); err == nil {
		t.Error("an account was locked over a silent network")
	}
	network.Silence(false)
	until(t, "the database to take updates again", func() bool {
		_, err := s.AddInbox(t.Context(), update("2", "telegram:1", "at"), update("3", "telegram:1", "then"))
		return err == nil
	})
	unlock, err := s.LockAccount(t.Context(), "telegram:1")
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	if got := open(t, s); len(got) != 3 {
		t.Errorf("open: %v", got)
	}
}

// TestASilentNetworkHoldsNoClose: the end of the program does not wait for a
// database that nobody hears.
func TestASilentNetworkHoldsNoClose(t *testing.T) {
	address, network := storetest.Through(t, storetest.Postgres(t))
	s, err := store.Open(t.Context(), address, store.Options{Key: storetest.Key()})
	if err != nil {
		t.Fatal(err)
	}
	add(t, s, update("1", "telegram:1", "before"))
	unlock, err := s.LockAccount(t.Context(), "telegram:1")
	if err != nil {
		t.Fatal(err)
	}
	network.Silence(true)
	t.Cleanup(func() { network.Silence(false); unlock() })
	if err := s.AckInbox(t.Context(), "telegram", "1"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := s.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who closes hears %v", err)
	}
}
