package app

import (
	"bytes"
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
