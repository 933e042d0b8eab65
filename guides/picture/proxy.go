package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// proxy leads browsers from the true host names to places on this machine,
// and nowhere else: no browser here reaches the internet.
type proxy struct {
	addr   string // host:port
	server *http.Server
	places map[string]string // host and port as the browser asks for it: where it is
}

func startProxy(places map[string]string) (*proxy, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the browsers: %w", err)
	}
	p := &proxy{addr: l.Addr().String(), places: places}
	p.server = &http.Server{Handler: http.HandlerFunc(p.connect), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = p.server.Serve(l) }() // ends with close
	return p, nil
}

func (p *proxy) close() error { return p.server.Close() }

// connect answers a browser's CONNECT with a tunnel.
func (p *proxy) connect(rw http.ResponseWriter, r *http.Request) {
	place, ok := p.places[r.Host]
	if r.Method != http.MethodConnect || !ok {
		http.Error(rw, "not for pictures", http.StatusForbidden)
		return
	}
	var d net.Dialer
	there, err := d.DialContext(r.Context(), "tcp", place)
	if err != nil {
		http.Error(rw, "the pretend site does not answer", http.StatusBadGateway)
		return
	}
	here, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		_ = there.Close() // nothing was said yet
		return
	}
	if _, err := io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n"); err == nil {
		tunnel(here, there)
	}
	_ = errors.Join(here.Close(), there.Close()) // a browser may leave as it likes
}

// tunnel carries bytes both ways until one side ends.
func tunnel(a, b net.Conn) {
	done := make(chan struct{}, 2)
	carry := func(to, from net.Conn) {
		_, _ = io.Copy(to, from) // ends when either side leaves
		done <- struct{}{}
	}
	go carry(a, b)
	go carry(b, a)
	<-done
}
