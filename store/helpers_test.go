package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// count asks the database itself for a number.
func count(t *testing.T, s *store.Store, query string, args ...any) int {
	t.Helper()
	var n int
	if err := store.Writer(s).QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// exec runs statements behind the store's back.
func exec(t *testing.T, s *store.Store, queries ...string) {
	t.Helper()
	for _, q := range queries {
		if _, err := store.Writer(s).ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// refuse makes a table refuse new rows in which a column has a value.
func refuse(t *testing.T, s *store.Store, table, column, value string) {
	t.Helper()
	if s.SingleProcess() {
		exec(t, s, fmt.Sprintf(`CREATE TRIGGER refuse_%[1]s BEFORE INSERT ON %[1]s WHEN NEW.%[2]s = '%[3]s' BEGIN SELECT RAISE(ABORT, 'refused'); END`, table, column, value))
		return
	}
	exec(t, s, fmt.Sprintf(`ALTER TABLE %[1]s ADD CONSTRAINT refuse_%[1]s CHECK (%[2]s <> '%[3]s') NOT VALID`, table, column, value))
}

// allow takes back what refuse did.
func allow(t *testing.T, s *store.Store, table string) {
	t.Helper()
	if s.SingleProcess() {
		exec(t, s, "DROP TRIGGER refuse_"+table)
		return
	}
	exec(t, s, fmt.Sprintf("ALTER TABLE %[1]s DROP CONSTRAINT refuse_%[1]s", table))
}

// together runs f n times at the same moment and waits for all.
func together(n int, f func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			<-start
			f(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

// twice opens one database two times, as two processes do.
func twice(t *testing.T, url string) []*store.Store {
	t.Helper()
	return []*store.Store{storetest.Open(t, url), storetest.Open(t, url)}
}

// until waits for something that happens a moment later.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// settled waits until all that was queued is written.
func settled(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.SetPrompt(t.Context(), store.Account{Platform: "test", ID: "settled"}, store.PromptNone, noon); err != nil {
		t.Fatal(err)
	}
}

// jobsOf counts the jobs of a kind.
func jobsOf(t *testing.T, s *store.Store, kind string) int {
	t.Helper()
	return count(t, s, `SELECT count(*) FROM river_job WHERE queue = $1`, kind)
}

// notes collects what is logged.
type notes struct {
	mu   sync.Mutex
	text strings.Builder
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// logging opens a database whose log is kept.
func logging(t *testing.T, url string) (*store.Store, *notes) {
	t.Helper()
	n := new(notes)
	return openWith(t, url, store.Options{Key: storetest.Key(), Logger: slog.New(slog.NewTextHandler(n, &slog.HandlerOptions{Level: slog.LevelDebug}))}), n
}

// openWith opens a database that is closed with the test.
func openWith(t *testing.T, url string, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// work does jobs until the test ends.
func work(t *testing.T, s *store.Store, kinds map[string]store.Worker) {
	t.Helper()
	if err := s.Work(t.Context(), kinds); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stopWork(t, s) })
}

func stopWork(t *testing.T, s *store.Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.StopWork(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
}

// tally counts from many goroutines.
type tally[K comparable] struct {
	mu sync.Mutex
	n  map[K]int
}

func (c *tally[K]) add(k K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = make(map[K]int)
	}
	c.n[k]++
}

// clock is a time that tests set.
type clock struct{ at atomic.Int64 }

func (c *clock) set(t time.Time) { c.at.Store(t.UnixMicro()) }
func (c *clock) now() time.Time  { return time.UnixMicro(c.at.Load()) }
