package app

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"
)

// Who asks and does not take the answer is let go: what waited to be written
// gives its memory back.
func TestWhoDoesNotReadIsLetGo(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	endless := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		piece := bytes.Repeat([]byte("x"), 1<<16)
		for {
			if _, err := w.Write(piece); err != nil {
				ended <- err
				return
			}
		}
	})
	a := &App{log: slog.New(slog.DiscardHandler)}
	if err := a.addDoor(t.Context(), "LISTEN_ADDR", "127.0.0.1:0", endless); err != nil {
		t.Fatal(err)
	}
	d := a.doors[0]
	if got := d.server.WriteTimeout; got <= 0 || got > time.Minute {
		t.Fatalf("an answer may take %v", got)
	}
	d.server.WriteTimeout = min(d.server.WriteTimeout, 200*time.Millisecond)
	closed := make(chan error, 1)
	go func() { closed <- d.open() }()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", d.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: bot\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		t.Logf("let go: %v", err)
	case <-time.After(60 * time.Second):
		t.Error("the answer still waits to be read")
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	if err := d.server.Close(); err != nil {
		t.Error(err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

// Who was answered and asks nothing more is let go too, and so is who never
// ends what they began to ask.
func TestWhoAsksNothingMoreIsLetGo(t *testing.T) {
	t.Parallel()
	for name, said := range map[string]string{"after an answer": "GET / HTTP/1.1\r\nHost: bot\r\n\r\n", "in the middle of a request": "GET / HTTP/1.1\r\nHost: b"} {
		a := &App{log: slog.New(slog.DiscardHandler)}
		if err := a.addDoor(t.Context(), "LISTEN_ADDR", "127.0.0.1:0", http.NotFoundHandler()); err != nil {
			t.Fatal(err)
		}
		s := a.doors[0].server
		for what, got := range map[string]*time.Duration{"idle": &s.IdleTimeout, "header": &s.ReadHeaderTimeout, "request": &s.ReadTimeout} {
			if *got <= 0 || *got > 5*time.Minute {
				t.Errorf("%s: %v", what, *got)
			}
			*got = min(*got, 200*time.Millisecond)
		}
		closed := make(chan error, 1)
		go func() { closed <- a.doors[0].open() }()
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", a.doors[0].listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, said); err != nil {
			t.Fatal(err)
		}
		if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, conn); err != nil {
			t.Errorf("%s: still open after a minute: %v", name, err)
		}
		if err := errors.Join(conn.Close(), s.Close(), <-closed); err != nil {
			t.Error(err)
		}
	}
}
