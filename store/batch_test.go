package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func event(action string) store.Event {
	return store.Event{At: noon, Account: phone, NIP: budi.NIP, Action: action, Outcome: "ok"}
}

func actions(t *testing.T, s *store.Store) (all []string) {
	t.Helper()
	for e, err := range s.Events(t.Context(), noon, "") {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e.Action)
	}
	return all
}

// hold keeps everybody else from writing until the given function is called.
func hold(t *testing.T, url, table string) (release func()) {
	t.Helper()
	s := storetest.Open(t, url)
	conn, err := store.Writer(s).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	begin, lock := "BEGIN IMMEDIATE", "SELECT 1"
	if !s.SingleProcess() {
		begin, lock = "BEGIN", "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE"
	}
	for _, q := range []string{begin, lock} {
		if _, err := conn.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		if _, err := conn.ExecContext(context.Background(), "ROLLBACK"); err != nil {
			t.Error(err)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
}

// While nothing can be written all wait, and then share one commit, in which
// one of them fails: alone.
func TestOneFailingWriteFailsAlone(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, log := logging(t, url)
		refuse(t, s, "inbox", "id", "bad")
		refuse(t, s, "audit", "action", "bad")
		release := hold(t, url, "inbox")
		first := make(chan error, 1)
		go func() { first <- s.SetLanguage(context.Background(), phone, "en") }()
		for _, e := range []store.Event{event("one"), event("bad"), event("two")} {
			if err := s.Audit(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		go release()
		_, err := s.AddInbox(t.Context(), update("1", "a", "x"), update("bad", "a", "kode 483920"), update("2", "a", "x"))
		if err == nil || strings.Contains(err.Error(), "483920") {
			t.Errorf("the bad one: %v", err)
		}
		if err := <-first; err != nil {
			t.Errorf("somebody else's write: %v", err)
		}
		settled(t, s)
		if got := open(t, s); !slices.Equal(got, []string{"1", "2"}) {
			t.Errorf("open: %v", got)
		}
		if got := actions(t, s); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("audit: %v", got)
		}
		if !strings.Contains(log.String(), "a queued write failed") {
			t.Errorf("nobody was told of the line that was lost:\n%s", log)
		}
		if got := linked(t, s, phone); got.Language != "en" {
			t.Errorf("session: %+v", got)
		}
	})
}

// A commit that fails fails for all that is in it: whether it was done may not
// be known, and nothing of it is written once more.
func TestACommitThatFailsFailsForAll(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s, log := logging(t, url)
	exec(t, s, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$`)
	exec(t, s, `CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW WHEN (NEW.action = 'bad') EXECUTE FUNCTION refuse()`)
	release := hold(t, url, "audit")
	write := func(action string) {
		t.Helper()
		if err := s.Audit(t.Context(), event(action)); err != nil {
			t.Fatal(err)
		}
	}
	write("before")
	until(t, "a write waits", func() bool {
		return count(t, s, `SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'audit'::regclass`) == 1
	})
	for _, action := range []string{"one", "bad", "two"} { // they wait together
		write(action)
	}
	release()
	until(t, "the commit fails", func() bool { return strings.Contains(log.String(), "a queued write failed") })
	if got := actions(t, s); !slices.Equal(got, []string{"before"}) {
		t.Errorf("audit: %v", got)
	}
}

// What was taken is written, and what was not says so, also when the queue is
// full and the callers give up.
func TestWhatIsTakenIsWritten(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		release := hold(t, url, "audit")
		ctx, cancel := context.WithCancel(t.Context())
		var taken, refused atomic.Int32
		const callers, lines = 8, 400
		together(callers, func(int) {
			for range lines {
				switch err := s.Audit(ctx, event("x")); {
				case err == nil:
					taken.Add(1)
				case errors.Is(err, context.Canceled):
					refused.Add(1)
				default:
					t.Error(err)
				}
				if taken.Load() > 1000 { // the queue is nearly full; from there on all give up
					cancel()
				}
			}
		})
		cancel()
		release()
		settled(t, s)
		if refused.Load() == 0 || taken.Load()+refused.Load() != callers*lines {
			t.Errorf("%d taken, %d refused", taken.Load(), refused.Load())
		}
		if got := len(actions(t, s)); got != int(taken.Load()) {
			t.Errorf("%d lines, %d were taken", got, taken.Load())
		}
	})
}

func TestClosingWritesWhatWasTaken(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
		if err != nil {
			t.Fatal(err)
		}
		var stored, lines atomic.Int32
		together(9, func(i int) {
			if i == 8 {
				for stored.Load() < 5 { // somewhere in the middle
					time.Sleep(time.Millisecond)
				}
				if err := s.Close(context.Background()); err != nil {
					t.Error(err)
				}
				return
			}
			for n := range 200 {
				if s.Audit(context.Background(), event("x")) == nil {
					lines.Add(1)
				}
				if _, err := s.AddInbox(context.Background(), update(fmt.Sprint(i, "-", n), "a", "x")); err == nil {
					stored.Add(1)
				}
			}
		})
		if err := s.Audit(t.Context(), event("late")); err == nil {
			t.Error("a closed store takes a line")
		}
		if _, err := s.AddInbox(t.Context(), update("late", "a", "x")); err == nil {
			t.Error("a closed store takes an update")
		}
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("closed again: %v", err)
		}
		s = storetest.Open(t, url)
		if got := len(open(t, s)); got != int(stored.Load()) {
			t.Errorf("%d updates, %d were stored", got, stored.Load())
		}
		if got := len(actions(t, s)); got != int(lines.Load()) {
			t.Errorf("%d lines, %d were taken", got, lines.Load())
		}
	})
}

// Whatever moment a caller gives up at, the store goes on: a transaction that
// was begun ends.
func TestCallersThatGiveUpHoldNobodyUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		together(24, func(i int) {
			ctx, cancel := context.WithCancel(t.Context())
			go cancel() // any moment from now
			switch i % 4 {
			case 0:
				_, _ = s.RequestReset(ctx, want(strconv.Itoa(i), phone, noon), func(int64) store.Job { return store.Job{Kind: "reset"} })
			case 1:
				_, _ = s.StartWalk(ctx, budi.NIP, "reset", "notice", noon)
			case 2:
				_ = s.Link(ctx, phone, budi.NIP, noon, func([]store.Account) []store.Job { cancel(); return []store.Job{{Kind: "tell"}} })
			case 3:
				_, _ = s.AddInbox(ctx, update(strconv.Itoa(i), "a", "x"))
			}
		})
		resets, jobs := count(t, s, `SELECT count(*) FROM resets`), jobsOf(t, s, "reset")
		if resets != jobs || jobsOf(t, s, "tell") != len(must[[]store.Link](t)(s.Links(t.Context(), budi.NIP))) {
			t.Errorf("%d resets and %d jobs, %d told", resets, jobs, jobsOf(t, s, "tell"))
		}
		link(t, s, phone, budi.NIP)
		add(t, s, update("after", "a", "x"))
	})
}

// A panic in what the caller gave undoes the transaction and gives the
// connection back: SQLite has only the one.
func TestAPanicUndoesTheTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		for range 40 { // more than PostgreSQL's pool has connections
			func() {
				defer func() { _ = recover() }()
				_ = s.Link(t.Context(), phone, budi.NIP, noon, func([]store.Account) []store.Job { panic("a bug") })
			}()
		}
		if linked(t, s, phone).Linked {
			t.Error("linked by a panic")
		}
		link(t, s, phone, budi.NIP)
	})
}
