package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// gate lets connections through to a server while it is open.
type gate struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	shut  bool
	conns []net.Conn
}

func newGate(t *testing.T, to string) *gate {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: l, to: to}
	t.Cleanup(func() { _ = l.Close(); g.set(true) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			g.pass(c)
		}
	}()
	return g
}

func (g *gate) pass(c net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		_ = c.Close()
		return
	}
	s, err := net.Dial("tcp", g.to)
	if err != nil {
		_ = c.Close()
		return
	}
	g.conns = append(g.conns, c, s)
	for _, pair := range [][2]net.Conn{{c, s}, {s, c}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			_ = pair[0].Close()
		}()
	}
}

// set shuts the gate, and cuts what goes through it, or opens it.
func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	for _, c := range g.conns {
		_ = c.Close()
	}
	g.conns = nil
}

// syncBuffer may be written and read at the same time.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// While PostgreSQL does not answer, whoever keeps the states is told, and River
// fills no log; afterwards jobs are done as before.
func TestADatabaseThatIsAwayIsAState(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(storetest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	g := newGate(t, address.Host)
	address.Host = g.listener.Addr().String()
	var log syncBuffer
	var away atomic.Bool
	var failed atomic.Int64
	s, err := store.Open(t.Context(), address.String(), store.Options{
		Key: storetest.Key(), Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})),
		State: func(_ context.Context, _ time.Duration, err error) {
			if err != nil && !errors.Is(err, store.ErrUnreachable) {
				t.Errorf("another error: %v", err)
			}
			if err != nil {
				failed.Add(1)
			}
			away.Store(err != nil)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	done := make(chan struct{}, 10)
	if err := s.Work(t.Context(), map[string]store.Worker{"note": func(context.Context, []byte) error { done <- struct{}{}; return nil }}); err != nil {
		t.Fatal(err)
	}
	wait := func(what string, f func() bool) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); !f(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("in vain: %s; the log:\n%s", what, log.String())
			}
		}
	}
	g.set(true)
	wait("River's lines tell the state", func() bool { return failed.Load() > 2 })
	if err := s.Enqueue(t.Context(), store.Job{Kind: "note"}); !errors.Is(err, store.ErrUnreachable) {
		t.Errorf("while it is away: %v", err)
	}
	g.set(false)
	wait("the database answers again", func() bool { return s.Ping(t.Context()) == nil && !away.Load() })
	wait("a job is taken", func() bool { return s.Enqueue(t.Context(), store.Job{Kind: "note"}) == nil })
	<-done
	if text := log.String(); text != "" {
		t.Errorf("the log was filled:\n%s", text)
	}
	if err := s.StopWork(t.Context()); err != nil {
		t.Error(err)
	}
}
