package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// serving opens a database twice, as two processes that serve do. The second
// is closed by the test.
func serving(t *testing.T) (lives, dies *store.Store) {
	t.Helper()
	url := storetest.Postgres(t)
	lives = openWith(t, url, store.Options{Key: storetest.Key(), Serve: true})
	dies, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key(), Serve: true})
	if err != nil {
		t.Fatal(err)
	}
	return lives, dies
}

// takenOver looks again and again until a process is found dead.
func takenOver(t *testing.T, s *store.Store) (left store.Left) {
	t.Helper()
	until(t, "a dead process to be found", func() bool {
		left = must[store.Left](t)(s.AdoptDead(t.Context()))
		return left.Processes > 0
	})
	return left
}

// names gives the ids of updates.
func names(entries []store.InboxEntry) (ids []string) {
	for _, e := range entries {
		ids = append(ids, e.ID)
	}
	return ids
}

// looks looks for longer than it takes to find a dead process, and fails when
// one is found.
func looks(t *testing.T, s *store.Store, beside func()) {
	t.Helper()
	for end := time.Now().Add(2 * store.DeathAfter); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if left := must[store.Left](t)(s.AdoptDead(t.Context())); left.Processes > 0 {
			t.Fatalf("taken over from a process that lives: %+v", left)
		}
		beside()
	}
}

// askingReset is a reset that a process asks BSrE for.
func askingReset(t *testing.T, s *store.Store) store.Reset {
	t.Helper()
	r := request(t, s, want("press", phone, noon))
	row, mine, err := s.BeginReset(t.Context(), r.Reset.ID, noon)
	if err != nil || !mine {
		t.Fatal(mine, err)
	}
	return row
}

// What a process has in its hands is its own while it lives, and another's as
// soon as it died: updates, jobs, leases and resets.
func TestWhatADeadProcessLeftIsTakenOver(t *testing.T) {
	t.Parallel()
	lives, dies := serving(t)
	add(t, dies, update("1", "telegram:1", "first"), update("2", "telegram:2", "second"))
	add(t, lives, update("3", "telegram:1", "its own"))
	row := askingReset(t, dies)
	enqueue(t, dies, store.Job{Kind: "mail", Payload: []byte("letter")})
	exec(t, dies, `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now(), attempted_by = ARRAY['`+store.ProcessName(dies)+`'] WHERE queue = 'mail'`)
	if wait, err := dies.ClaimLease(t.Context(), "portal", "call", time.Minute, false); wait > 0 || err != nil {
		t.Fatal(wait, err)
	}
	looks(t, lives, func() {})
	if n := len(must[[]store.Reset](t)(lives.OpenResets(t.Context(), noon.Add(time.Hour), noon.Add(time.Hour)))); n != 0 {
		t.Errorf("%d resets are open that a living process asks for", n)
	}
	if got := open(t, lives); !slices.Equal(got, []string{"3"}) {
		t.Errorf("its own updates: %v", got)
	}

	if err := dies.Close(context.Background()); err != nil { // with all in its hands
		t.Fatal(err)
	}
	left := takenOver(t, lives)
	if got := names(left.Updates); left.Processes != 1 || !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("taken over from %d: %v", left.Processes, got)
	}
	if got := open(t, lives); !slices.Equal(got, []string{"1", "2", "3"}) {
		t.Errorf("its own updates then: %v", got)
	}
	found := must[[]store.Reset](t)(lives.OpenResets(t.Context(), noon.Add(-time.Hour), noon))
	if len(found) != 1 || found[0].ID != row.ID {
		t.Errorf("the resets that nobody asks for: %+v", found)
	}
	if wait, err := lives.ClaimLease(t.Context(), "portal", "call", time.Minute, false); wait > 0 || err != nil {
		t.Errorf("the lease: %v, %v", wait, err)
	}
	done := make(chan string, 1)
	work(t, lives, map[string]store.Worker{"mail": func(_ context.Context, p []byte) error { done <- string(p); return nil }})
	if got := <-done; got != "letter" {
		t.Errorf("the job: %q", got)
	}
}

// A process whose connection broke has its name again before it counts as dead.
func TestABrokenConnectionIsNoDeath(t *testing.T) {
	t.Parallel()
	lives, breaks := serving(t)
	t.Cleanup(func() { _ = breaks.Close(context.Background()) })
	add(t, breaks, update("1", "telegram:1", "x"))
	cut := false
	looks(t, lives, func() {
		if !cut {
			cut = true
			n := count(t, lives, `SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'
				AND (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 2)`, store.ProcessName(breaks))
			if n != 1 {
				t.Errorf("%d connections were cut", n)
			}
		}
		_, _ = breaks.AdoptDead(t.Context()) // its own look, which may find the connection broken
	})
	if got := open(t, breaks); !slices.Equal(got, []string{"1"}) {
		t.Errorf("its own updates: %v", got)
	}
}
