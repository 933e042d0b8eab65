package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

// Another process that writes for too long is an error for each that waits;
// nothing of it is half done.
func TestALockedDatabaseIsAnErrorAndLosesNothing(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		if s.SingleProcess() {
			exec(t, s, `PRAGMA busy_timeout = 30`)
		} else {
			exec(t, s, `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = 30', current_database()); END $$`)
			s = storetest.Open(t, url)
		}
		add(t, s, update("before", "a", "x"))
		release := hold(t, url, "inbox, resets, accounts")
		if _, err := s.AddInbox(t.Context(), update("1", "a", "x"), update("2", "a", "x")); err == nil {
			t.Error("stored beside the lock")
		}
		if _, err := s.RequestReset(t.Context(), want("press", phone, noon), func(int64) store.Job { return store.Job{Kind: "reset"} }); err == nil {
			t.Error("a reset beside the lock")
		}
		if err := s.SetLanguage(t.Context(), phone, "en"); err == nil {
			t.Error("a language beside the lock")
		}
		if s.SingleProcess() { // readers go on meanwhile
			if got := open(t, s); !slices.Equal(got, []string{"before"}) {
				t.Errorf("open: %v", got)
			}
		}
		release()
		if fresh := add(t, s, update("1", "a", "x"), update("2", "a", "x")); !slices.Equal(fresh, []bool{true, true}) {
			t.Errorf("fresh: %v", fresh)
		}
		if got := request(t, s, want("press", phone, noon)); got.Verdict != store.ResetNew {
			t.Errorf("the reset again: %+v", got)
		}
		if n := jobsOf(t, s, "reset"); n != 1 {
			t.Errorf("%d jobs", n)
		}
	})
}

// A full disk: what was acknowledged is there, the rest says that it is not,
// and all goes on when there is room again.
func TestAFullDiskIsAnErrorAndLosesNothing(t *testing.T) {
	s, log := logging(t, storetest.SQLite(t))
	load(t, s, budi)
	pages := count(t, s, `PRAGMA page_count`)
	exec(t, s, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+40))
	long := strings.Repeat("x", 3000)
	var stored []string
	failed := 0
	for i := range 100 {
		id := fmt.Sprintf("%03d", i)
		if _, err := s.AddInbox(t.Context(), update(id, "a", long)); err == nil {
			stored = append(stored, id)
		} else if failed++; !strings.Contains(err.Error(), "full") {
			t.Errorf("%s: %v", id, err)
		}
	}
	if failed == 0 || len(stored) == 0 {
		t.Fatalf("%d stored, %d failed", len(stored), failed)
	}
	for i := range 50 { // until a reset with its line and its job has no room
		r := want(fmt.Sprint("press", i), phone, noon)
		r.NIP, r.Message = fmt.Sprintf("19800101200501%04d", 1000+i), long
		got, err := s.RequestReset(t.Context(), r, func(int64) store.Job { return store.Job{Kind: "reset"} })
		if (err == nil) != (got.Verdict == store.ResetNew) {
			t.Errorf("verdict %q with %v", got.Verdict, err)
		}
	}
	if err := s.Audit(t.Context(), store.Event{At: noon, Action: "x", Detail: strings.Repeat(long, 20)}); err != nil {
		t.Error(err)
	}
	_ = s.SetLanguage(t.Context(), phone, "en") // waits for the line before it
	if !strings.Contains(log.String(), "a queued write failed") {
		t.Errorf("nobody was told of the line that was lost:\n%.2000s", log)
	}
	if got := open(t, s); !slices.Equal(got, stored) {
		t.Errorf("%d open, %d were stored", len(got), len(stored))
	}
	exec(t, s, `PRAGMA max_page_count = 1000000`)
	if resets, jobs := count(t, s, `SELECT count(*) FROM resets`), jobsOf(t, s, "reset"); resets != jobs {
		t.Errorf("%d resets, %d jobs", resets, jobs)
	}
	add(t, s, update("after", "a", long))
	link(t, s, phone, budi.NIP)
	var sound string
	if err := store.Writer(s).QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&sound); err != nil || sound != "ok" {
		t.Errorf("the file: %s, %v", sound, err)
	}
}

// The server restarts, or somebody ends its connections: the store connects
// anew by itself.
func TestBrokenConnectionsAreReplaced(t *testing.T) {
	url := storetest.Postgres(t)
	s, rival := storetest.Open(t, url), storetest.Open(t, url)
	load(t, s, budi)
	link(t, s, phone, budi.NIP)
	unlock, err := s.LockAccount(t.Context(), phone.ID)
	if err != nil {
		t.Fatal(err)
	}
	exec(t, rival, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	unlock() // it was lost; nothing hangs
	until(t, "the store to write again", func() bool {
		_, err := s.AddInbox(t.Context(), update("1", "a", "x"))
		return err == nil
	})
	until(t, "the store to read again", func() bool {
		got, err := s.Session(t.Context(), phone)
		return err == nil && got.Employee == budi
	})
	until(t, "the lock to be had again", func() bool {
		unlock, err := s.LockAccount(t.Context(), phone.ID)
		if err == nil {
			unlock()
		}
		return err == nil
	})
	if got := open(t, s); !slices.Equal(got, []string{"1"}) {
		t.Errorf("open: %v", got)
	}
}

// Replicas answer an account one after the other, and see what was done
// before them.
func TestReplicasLockAnAccount(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		if stores[0].SingleProcess() { // one process: the engine keeps the order itself
			stores = stores[:1]
			unlock, err := stores[0].LockAccount(t.Context(), phone.ID)
			if err != nil {
				t.Fatal(err)
			}
			defer unlock()
			unlock, err = stores[0].LockAccount(t.Context(), phone.ID)
			if err != nil {
				t.Fatal(err)
			}
			unlock()
			return
		}
		add(t, stores[0], update("1", "a", "x"))
		var answered tally[bool]
		together(12, func(i int) {
			unlock, err := stores[i%2].LockAccount(t.Context(), phone.ID)
			if err != nil {
				t.Error(err)
				return
			}
			defer unlock()
			mine := len(open(t, stores[i%2])) == 1
			if mine {
				if err := stores[i%2].AckInbox(t.Context(), "telegram", "1"); err != nil {
					t.Error(err)
				}
			}
			answered.add(mine)
		})
		if answered.n[true] != 1 {
			t.Errorf("answered: %v", answered.n)
		}
		unlock, err := stores[0].LockAccount(t.Context(), phone.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stores { // whoever gives up waiting leaves nothing behind
			ctx, cancel := context.WithCancel(t.Context())
			go cancel()
			if again, err := s.LockAccount(ctx, phone.ID); err == nil {
				t.Error("locked twice")
				again()
			}
		}
		unlock()
		for _, s := range stores {
			unlock, err := s.LockAccount(t.Context(), phone.ID)
			if err != nil {
				t.Fatal(err)
			}
			unlock()
			unlock() // a second time is nothing
		}
	})
}
