package mailtest

import (
	"net"
	"sync"
	"time"
)

// Mode is how the server behaves just now.
type Mode string

// The modes of the server.
const (
	ModeOK        Mode = "ok"
	ModeLate      Mode = "late"      // takes mails at once; they show up after a delay
	ModeTemporary Mode = "temporary" // refuses every recipient with 451
	ModePermanent Mode = "permanent" // refuses every recipient with 550
	ModeSender    Mode = "sender"    // refuses the sender, after the text of the mail, as Exchange does
	ModeDown      Mode = "down"      // cuts every connection; the port stays its own
	ModeSilent    Mode = "silent"    // takes connections and says nothing
)

// Modes gives all modes in the order in which a page shows them.
func Modes() []Mode {
	return []Mode{ModeOK, ModeLate, ModeTemporary, ModePermanent, ModeSender, ModeDown, ModeSilent}
}

// SetMode changes how the server behaves; delay is for ModeLate alone. Going
// down cuts the connections that are open.
func (s *Server) SetMode(m Mode, delay time.Duration) {
	s.gate.set(m, delay)
	s.inbox.changed()
}

// Mode tells how the server behaves just now.
func (s *Server) Mode() (Mode, time.Duration) { return s.gate.get() }

// gate is the listener; it knows the mode and keeps away what the mode does
// not let in.
type gate struct {
	net.Listener

	mu    sync.Mutex
	mode  Mode
	delay time.Duration
	open  map[*line]bool // true: a silent one, which nobody serves
	over  bool
}

// line is a connection that the gate knows.
type line struct {
	net.Conn
	gate *gate
}

func newGate(l net.Listener) *gate {
	return &gate{Listener: l, mode: ModeOK, open: make(map[*line]bool)}
}

// Accept gives the next connection that is let in.
func (g *gate) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l := &line{Conn: conn, gate: g}
		if g.admit(l) {
			return l, nil
		}
	}
}

func (g *gate) admit(l *line) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.over || g.mode == ModeDown {
		cut(l)
		return false
	}
	silent := g.mode == ModeSilent
	g.open[l] = silent
	return !silent
}

// Close closes the connection.
func (l *line) Close() error {
	l.gate.mu.Lock()
	delete(l.gate.open, l)
	l.gate.mu.Unlock()
	return l.Conn.Close()
}

// cut ends a connection with a reset, as a crash does.
func cut(l *line) {
	if tcp, ok := l.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // closed either way
	}
	_ = l.Conn.Close() // there is nobody to tell
}

func (g *gate) set(m Mode, delay time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.mode, g.delay = m, delay
	for l, silent := range g.open {
		if m == ModeDown || silent && m != ModeSilent {
			cut(l)
			delete(g.open, l)
		}
	}
}

func (g *gate) get() (Mode, time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.mode, g.delay
}

// shut cuts all connections and lets none in any more.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	for l := range g.open {
		cut(l)
		delete(g.open, l)
	}
}
