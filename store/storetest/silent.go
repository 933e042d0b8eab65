package storetest

import (
	"context"
	"net"
	"net/url"
	"sync"
	"testing"
)

// Silent is a network between the bot and a server, PostgreSQL or another, that
// can be cut, or fall silent: connections stay open, and what is sent over them
// arrives nowhere.
type Silent struct {
	mu    sync.Mutex
	quiet bool
	held  int // bytes that somebody sent and nobody got yet
	cut   bool
	heard *sync.Cond
	conns []net.Conn
	ended bool
}

// Through gives a URL that leads to a server through the network.
func Through(t testing.TB, address string) (through string, network *Silent) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	server := u.Host
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &Silent{}
	n.heard = sync.NewCond(&n.mu)
	t.Cleanup(func() { _ = listener.Close(); n.end() })
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := new(net.Dialer).DialContext(context.Background(), "tcp", server)
			if err != nil {
				_ = near.Close()
				continue
			}
			n.mu.Lock()
			if n.cut {
				_, _ = near.Close(), far.Close()
			}
			n.conns = append(n.conns, near, far)
			n.mu.Unlock()
			go n.carry(near, far)
			go n.carry(far, near)
		}
	}()
	u.Host = listener.Addr().String()
	return u.String(), n
}

// carry brings bytes on, but not while the network is silent.
func (n *Silent) carry(from, to net.Conn) {
	defer func() { _ = from.Close(); _ = to.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		count, err := from.Read(buffer)
		n.mu.Lock()
		n.held += count
		for n.quiet && !n.ended {
			n.heard.Wait()
		}
		n.held -= count
		n.mu.Unlock()
		if count > 0 {
			if _, err := to.Write(buffer[:count]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// Silence makes the network silent, or lets what waits in it arrive.
func (n *Silent) Silence(on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.quiet = on
	n.heard.Broadcast()
}

// Holds tells whether something was sent that has not arrived.
func (n *Silent) Holds() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.held > 0
}

// Cut ends every connection and each new one, as when the server is down, or
// lets them be.
func (n *Silent) Cut(on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut = on
	if on {
		n.endAll()
	}
}

func (n *Silent) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ended = true
	n.heard.Broadcast()
	n.endAll()
}

func (n *Silent) endAll() {
	for _, c := range n.conns {
		_ = c.Close()
	}
	n.conns = nil
}
