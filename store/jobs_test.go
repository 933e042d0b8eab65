package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func enqueue(t *testing.T, s *store.Store, jobs ...store.Job) {
	t.Helper()
	if err := s.Enqueue(t.Context(), jobs...); err != nil {
		t.Fatal(err)
	}
}

// stateOf gives the state of the only job of a kind.
func stateOf(t *testing.T, s *store.Store, kind string) string {
	t.Helper()
	var state string
	if err := store.Writer(s).QueryRowContext(t.Context(), `SELECT state FROM river_job WHERE queue = $1`, kind).Scan(&state); err != nil {
		t.Fatal(err)
	}
	return state
}

// soon brings all jobs that wait for another attempt forward.
func soon(t *testing.T, s *store.Store) {
	t.Helper()
	if s.SingleProcess() {
		exec(t, s, `UPDATE river_job SET scheduled_at = datetime('now', '-1 minute') WHERE state IN ('retryable', 'available', 'scheduled')`)
		return
	}
	exec(t, s, `UPDATE river_job SET state = 'available', scheduled_at = now() - interval '1 minute' WHERE state IN ('retryable', 'available', 'scheduled')`)
}

func TestAJobIsDoneOnceWithItsPayload(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		got := make(chan string, 10)
		do := func(_ context.Context, p []byte) error { got <- string(p); return nil }
		enqueue(t, s, store.Job{Kind: "mail", Payload: []byte("before")})
		work(t, s, map[string]store.Worker{"mail": do, "other": do})
		enqueue(t, s, store.Job{Kind: "mail", Payload: []byte("after")}, store.Job{Kind: "other"}, store.Job{Kind: "mail", Payload: []byte("far"), RunAt: time.Now().Add(time.Hour)})
		var all []string
		for range 3 {
			all = append(all, <-got)
		}
		slices.Sort(all)
		if !slices.Equal(all, []string{"", "after", "before"}) {
			t.Errorf("done: %q", all)
		}
		if err := s.Work(t.Context(), nil); err == nil {
			t.Error("started twice")
		}
		until(t, "the jobs to be marked as done", func() bool { return count(t, s, `SELECT count(*) FROM river_job WHERE state = 'completed'`) == 3 })
		if len(got) != 0 {
			t.Errorf("more was done: %q", <-got)
		}
	})
}

func TestOneUnfinishedJobHasAKey(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		together(20, func(i int) {
			if err := stores[i%2].Enqueue(t.Context(), store.Job{Kind: "reset", Key: "1", Payload: []byte(strconv.Itoa(i))}); err != nil {
				t.Error(err)
			}
		})
		// Another kind and another key are others, and so is each without a key.
		enqueue(t, stores[0], store.Job{Kind: "mail", Key: "1"}, store.Job{Kind: "mail", Key: "2"}, store.Job{Kind: "mail"}, store.Job{Kind: "mail"})
		if resets, mails := jobsOf(t, stores[0], "reset"), jobsOf(t, stores[0], "mail"); resets != 1 || mails != 4 {
			t.Errorf("%d resets, %d mails", resets, mails)
		}
		hold, began := make(chan struct{}), make(chan struct{}, 2)
		work(t, stores[0], map[string]store.Worker{"reset": func(context.Context, []byte) error { began <- struct{}{}; <-hold; return nil }})
		<-began
		enqueue(t, stores[1], store.Job{Kind: "reset", Key: "1"}) // the first one runs
		if n := jobsOf(t, stores[0], "reset"); n != 1 {
			t.Errorf("%d resets while one runs", n)
		}
		close(hold)
		until(t, "the job to end", func() bool { return stateOf(t, stores[0], "reset") == "completed" })
		enqueue(t, stores[1], store.Job{Kind: "reset", Key: "1"})
		<-began
	})
}

func TestAJobIsTriedAgain(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, log := logging(t, url)
		var attempts atomic.Int32
		work(t, s, map[string]store.Worker{"mail": func(_ context.Context, p []byte) error {
			switch attempts.Add(1) {
			case 1:
				return errors.New("the server is down")
			case 2:
				_ = p[:len(p):0] // panics
			}
			return nil
		}})
		enqueue(t, s, store.Job{Kind: "mail", Payload: []byte("kode 483920")})
		until(t, "the third attempt", func() bool {
			soon(t, s)
			return stateOf(t, s, "mail") == "completed"
		})
		if n := attempts.Load(); n != 3 {
			t.Errorf("%d attempts", n)
		}
		for _, want := range []string{"the server is down", "the worker panicked with a runtime.", "TestAJobIsTriedAgain", "attempt=2"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log does not tell %q:\n%s", want, log)
			}
		}
		if strings.Contains(log.String(), "483920") {
			t.Errorf("the log shows the payload:\n%s", log)
		}
		if n := count(t, s, `SELECT count(*) FROM river_job WHERE CAST(errors AS TEXT) LIKE '%down%' OR CAST(errors AS TEXT) LIKE '%nil map%'`); n != 0 {
			t.Error("a worker's words are in the database")
		}
	})
}

func TestAJobEnds(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, log := logging(t, url)
		var attempts tally[string]
		work(t, s, map[string]store.Worker{
			"never": func(context.Context, []byte) error {
				attempts.add("never")
				return fmt.Errorf("no such address: %w", store.ErrJobCancel)
			},
			"down": func(context.Context, []byte) error { attempts.add("down"); return errors.New("still down") },
		})
		enqueue(t, s, store.Job{Kind: "never"})
		until(t, "the job to be given up", func() bool { return stateOf(t, s, "never") == "cancelled" })
		enqueue(t, s, store.Job{Kind: "down", RunAt: time.Now().Add(time.Hour)})
		exec(t, s, `UPDATE river_job SET max_attempts = 2 WHERE queue = 'down'`)
		until(t, "the last attempt", func() bool {
			soon(t, s)
			return stateOf(t, s, "down") == "discarded"
		})
		attempts.mu.Lock()
		defer attempts.mu.Unlock()
		if attempts.n["never"] != 1 || attempts.n["down"] != 2 {
			t.Errorf("attempts: %v", attempts.n)
		}
		for _, want := range []string{"a job was given up", "after its last attempt", "no such address"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log does not tell %q:\n%s", want, log)
			}
		}
	})
}

// Stopping takes no new job and waits for the one that runs.
func TestStoppingFinishesWhatRuns(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key(), Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		began, hold, stopped := make(chan struct{}), make(chan struct{}), make(chan struct{})
		var ended atomic.Bool
		if err := s.Work(ctx, map[string]store.Worker{"mail": func(ctx context.Context, _ []byte) error {
			close(began)
			<-hold
			ended.Store(ctx.Err() == nil)
			return nil
		}}); err != nil {
			t.Fatal(err)
		}
		enqueue(t, s, store.Job{Kind: "mail"})
		<-began
		cancel() // ends only the starting: who works is stopped by StopWork
		go func() { defer close(stopped); stopWork(t, s) }()
		enqueue(t, s, store.Job{Kind: "late"})
		select {
		case <-stopped:
			t.Error("stopped before the job ended")
		default:
		}
		close(hold)
		<-stopped
		if !ended.Load() || stateOf(t, s, "mail") != "completed" || stateOf(t, s, "late") != "available" {
			t.Errorf("the job ended well: %v; it is %s, the late one %s", ended.Load(), stateOf(t, s, "mail"), stateOf(t, s, "late"))
		}
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestStoppingWithoutWorkIsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) { stopWork(t, s) })
}

// A job that a killed process left running is taken up. On PostgreSQL another
// process may still do it, so that it waits its time there.
func TestAKilledProcessLeavesItsJobs(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	enqueue(t, s, store.Job{Kind: "mail", Payload: []byte("x")})
	exec(t, s, `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = datetime('now')`)
	done := make(chan string, 1)
	work(t, s, map[string]store.Worker{"mail": func(_ context.Context, p []byte) error { done <- string(p); return nil }})
	if got := <-done; got != "x" {
		t.Errorf("done: %q", got)
	}
}

// A job of a kind that is not known any more, or that another key sealed, is
// given up and does not come back.
func TestAJobThatNobodyCanDo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		enqueue(t, s, store.Job{Kind: "new", Payload: []byte("x")}, store.Job{Kind: "old"})
		exec(t, s, `UPDATE river_job SET queue = 'new' WHERE queue = 'old'`) // its kind inside stays
		var done atomic.Int32
		work(t, s, map[string]store.Worker{"new": func(context.Context, []byte) error { done.Add(1); return nil }})
		until(t, "both jobs to end", func() bool {
			return count(t, s, `SELECT count(*) FROM river_job WHERE state IN ('completed', 'cancelled')`) == 2
		})
		if n := count(t, s, `SELECT count(*) FROM river_job WHERE state = 'cancelled'`); n != 1 || done.Load() != 1 {
			t.Errorf("%d cancelled, %d done", n, done.Load())
		}
	})
}
