package mattermosttest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is trouble to make for REST calls and response_urls.
type Fault struct {
	Method string        // GET, POST …; empty: all
	Path   string        // part of the path, such as /posts or /hooks/; empty: all but the websocket
	Times  int           // calls to spoil; 0: until Heal
	Delay  time.Duration // wait before anything else
	Code   int           // answer with this status (429, 500, 502 …) instead of doing it; 0: do it
	Reset  int           // seconds until the limit is over, for 429
	HTML   bool          // the error's body is a proxy's page
	Drop   bool          // cut the connection without an answer: with Code 0 after doing it, else without doing it
}

// Break adds a fault. A call meets the first fault that fits it. With Path
// /websocket it also spoils upgrades.
func (s *Server) Break(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// Heal takes all faults away and ends Freeze.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.frozen = nil, false
	for _, c := range s.conns {
		c.ring()
	}
}

// CutSockets cuts all open websockets, as a network does. They can be resumed.
func (s *Server) CutSockets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		s.hang(c, c.socket)
	}
}

// CutSocketsEvery cuts all websockets every d until stop is called.
func (s *Server) CutSocketsEvery(d time.Duration) (stop func()) {
	done := make(chan struct{})
	s.work.Go(func() {
		t := time.NewTicker(d)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				s.CutSockets()
			case <-done:
				return
			case <-s.ctx.Done():
				return
			}
		}
	})
	return func() { close(done) }
}

// Freeze makes all websockets silent without closing them, as a network that
// lost them does: nothing is sent and no ping is answered, until Heal.
func (s *Server) Freeze() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frozen = true
}

// SlowUpdates makes the server take d between a bot's answer to a click and the
// change of the post that was asked for in it. A real one's database takes
// some milliseconds there, and meanwhile the bot may change the post itself.
func (s *Server) SlowUpdates(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slowUpdates = d
}

func (s *Server) waitBeforeUpdate() {
	s.mu.Lock()
	d := s.slowUpdates
	s.mu.Unlock()
	s.rest(d)
}

// Sockets tells how many websockets of a user are open.
func (s *Server) Sockets(user string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.conns {
		if c.user != nil && c.user.id == user && c.socket != nil {
			n++
		}
	}
	return n
}

// takeFault gives the fault that a request meets, or nil.
func (s *Server) takeFault(r *http.Request) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.Method != "" && f.Method != r.Method || !strings.Contains(r.URL.Path, f.Path) || f.Path == "" && strings.HasSuffix(r.URL.Path, "/websocket") {
			continue
		}
		now := *f
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
		}
		return &now
	}
	return nil
}

// trouble serves a request with the fault that it meets.
func (s *Server) trouble(w http.ResponseWriter, r *http.Request, to http.Handler) {
	f := s.takeFault(r)
	if f == nil {
		f = &Fault{}
	}
	if f.Delay > 0 {
		select {
		case <-time.After(f.Delay):
		case <-r.Context().Done():
		}
	}
	if f.Code != 0 {
		s.record(r, nil, f.Code)
		if f.Drop {
			panic(http.ErrAbortHandler)
		}
		f.write(s, w)
		return
	}
	if strings.HasSuffix(r.URL.Path, "/websocket") {
		to.ServeHTTP(w, r)
		return
	}
	var body bytes.Buffer
	if !strings.HasSuffix(r.URL.Path, "/files") {
		r.Body = io.NopCloser(io.TeeReader(r.Body, &body))
	}
	seen := &seenWriter{ResponseWriter: w, status: http.StatusOK, drop: f.Drop}
	to.ServeHTTP(seen, r)
	if f.Drop {
		s.record(r, body.Bytes(), 0)
		panic(http.ErrAbortHandler)
	}
	s.record(r, body.Bytes(), seen.status)
}

// seenWriter notes the status of an answer, or swallows the answer.
type seenWriter struct {
	http.ResponseWriter
	status int
	drop   bool
}

// WriteHeader notes the status.
func (w *seenWriter) WriteHeader(status int) {
	w.status = status
	if !w.drop {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write writes unless the answer is to be lost.
func (w *seenWriter) Write(p []byte) (int, error) {
	if w.drop {
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// write gives the answer that the fault asks for.
func (f *Fault) write(s *Server, w http.ResponseWriter) {
	switch {
	case f.HTML:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.Code)
		if _, err := fmt.Fprintf(w, "<html><head><title>%d</title></head><body>nginx</body></html>", f.Code); err != nil {
			s.o.Logger.Debug("answer not written", "err", err)
		}
	case f.Code == http.StatusTooManyRequests:
		h := w.Header()
		h.Set("X-Ratelimit-Limit", "101")
		h.Set("X-Ratelimit-Remaining", "0")
		h.Set("X-Ratelimit-Reset", strconv.Itoa(f.Reset))
		h.Set("Retry-After", strconv.Itoa(f.Reset))
		http.Error(w, "limit exceeded", f.Code)
	default:
		s.writeFailure(w, fail(f.Code, "pretend.trouble", http.StatusText(f.Code)))
	}
}

// Call is one REST call, or use of a response_url, as it came.
type Call struct {
	Method, Path string // the path with its query
	Body         string // not of uploads
	Code         int    // the answer's status; 0: the connection was cut
	At           time.Time
}

// maxCalls bounds the memory of Calls.
const maxCalls = 10000

func (s *Server) record(r *http.Request, body []byte, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.calls) >= maxCalls {
		s.calls = s.calls[maxCalls/2:]
	}
	s.calls = append(s.calls, Call{Method: r.Method, Path: r.URL.RequestURI(), Body: string(body), Code: code, At: s.o.Now()})
}

// Calls gives the calls so far, the oldest first; of very many only the newest.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}
