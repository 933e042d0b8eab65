package app_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"resetpin/bot/app"
	"resetpin/bot/settings"
	"resetpin/handlers/understand/understandtest"
	"resetpin/store/storetest"
)

// lateDatabase stands at an address before the database does: until it is let
// through, every connection is cut.
type lateDatabase struct {
	listener net.Listener
	there    atomic.Bool
	tries    atomic.Int32
}

func (l *lateDatabase) serve(to string) {
	for {
		conn, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.tries.Add(1)
		if !l.there.Load() {
			_ = conn.Close()
			continue
		}
		go func() {
			defer func() { _ = conn.Close() }()
			database, err := net.Dial("tcp", to)
			if err != nil {
				return
			}
			defer func() { _ = database.Close() }()
			go func() { _, _ = io.Copy(database, conn) }()
			_, _ = io.Copy(conn, database)
		}()
	}
}

// behindLate gives a world whose database is not there yet.
func behindLate(t *testing.T) (*lateDatabase, settings.Settings, *lockedBuffer) {
	t.Helper()
	u, err := url.Parse(storetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	late := &lateDatabase{}
	if late.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = late.listener.Close() })
	go late.serve(u.Host)
	u.Host = late.listener.Addr().String()
	w := newWorld(t)
	w.stop()
	w.extra = []string{"DATABASE_URL=" + u.String()}
	s, err := settings.Load(w.environment(), "none")
	if err != nil {
		t.Fatal(err)
	}
	return late, s, &lockedBuffer{}
}

// After a power cut the bot may be quicker than its database: it waits for it,
// and says so once.
func TestTheBotWaitsForItsDatabase(t *testing.T) {
	late, s, log := behindLate(t)
	type built struct {
		app *app.App
		err error
	}
	done := make(chan built, 1)
	go func() {
		a, err := app.Build(context.Background(), s, app.Options{Logger: slog.New(slog.NewTextHandler(log, nil)), Sentences: understandtest.Builtin()})
		done <- built{a, err}
	}()
	eventually(t, "it looks again", func() bool { return late.tries.Load() > 4 })
	late.there.Store(true)
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- got.app.Run(ctx) }()
	eventually(t, "the bot runs", func() bool { return strings.Contains(log.String(), "msg=ready") })
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	for line, want := range map[string]int{"the database does not answer; waiting for it": 1, "the database answers": 1} {
		if n := strings.Count(log.String(), line); n != want {
			t.Errorf("%q stands %d times in the log, want %d\n%s", line, n, want, log.String())
		}
	}
}

func TestTheBotThatWaitsCanBeStopped(t *testing.T) {
	late, s, log := behindLate(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := app.Build(ctx, s, app.Options{Logger: slog.New(slog.NewTextHandler(log, nil)), Sentences: understandtest.Builtin()})
		done <- err
	}()
	eventually(t, "it waits", func() bool { return late.tries.Load() > 0 })
	cancel()
	if err := <-done; err == nil {
		t.Error("built without a database")
	}
}
