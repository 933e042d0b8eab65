package bsretest

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Request is a request that came, whatever became of it.
type Request struct {
	At      time.Time
	Place   Place
	Method  string
	Path    string
	Code    int    // 0: the connection was cut
	Problem string // what was wrong with it; empty: nothing
	Effect  bool   // it made something happen

	Agent, ID string // the headers User-Agent and X-Request-ID
}

const maxRequests = 10_000 // kept; the oldest go

// Requests are the requests that came, oldest first, also those that are
// still being served.
func (w *World) Requests() []Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]Request, 0, len(w.requests))
	for _, r := range w.requests {
		all = append(all, *r)
	}
	return all
}

// note keeps a request; it is filled in when it was served.
func (w *World) note(r Request) *Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.requests) >= maxRequests {
		w.requests = append(w.requests[:0], w.requests[maxRequests/2:]...)
	}
	w.requests = append(w.requests, &r)
	return &r
}

// Problems are what was wrong with requests: a well-behaved client leaves
// none.
func (w *World) Problems() []string {
	var all []string
	for _, r := range w.Requests() {
		if r.Problem != "" {
			all = append(all, string(r.Place)+" "+r.Method+": "+r.Problem)
		}
	}
	return all
}

// recorder notes what became of a request.
type recorder struct {
	http.ResponseWriter
	entry Request
	mute  bool // the answer is dropped, see ModeLost
}

func (r *recorder) WriteHeader(code int) {
	if r.entry.Code == 0 {
		r.entry.Code = code
	}
	if !r.mute {
		r.ResponseWriter.WriteHeader(code)
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.entry.Code == 0 {
		r.entry.Code = http.StatusOK
	}
	if r.mute {
		return len(p), nil
	}
	return r.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the writer below.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// served gives a handler that is disturbed and recorded. serve notes problems
// and effects in the recorder's entry.
func (w *World) served(p Place, serve func(*recorder, *http.Request)) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: rw, entry: Request{At: w.options.Now(), Place: p, Method: r.Method, Path: r.URL.Path,
			Agent: r.UserAgent(), ID: r.Header.Get("X-Request-ID")}}
		kept := w.note(rec.entry)
		defer func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			*kept = rec.entry
		}()
		rw.Header().Set("Date", w.date(p))
		s := w.setting(p)
		if s.only != "" && !strings.Contains(r.URL.Path, s.only) {
			s = setting{}
		}
		if s.disturb(rec, r) {
			return
		}
		rec.mute = s.mode == ModeLost
		serve(rec, r)
		if rec.mute {
			rec.entry.Code = 0
			panic(http.ErrAbortHandler)
		}
	})
}

// date is the Date of a place's answers: its own clock.
func (w *World) date(p Place) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.options.Now()
	if p == PlaceSSO {
		now = w.signOnNow()
	}
	return now.UTC().Format(http.TimeFormat)
}

// watcher is a subscription.
type watcher struct {
	out  chan string
	once sync.Once
}

const watchLag = 256 // changes that a reader may be behind

// Subscribe tells of every change until cancel: the NIK of the person whom it
// concerns, empty when it concerns all. The channel is closed when the reader
// is too slow, or the world ends.
func (w *World) Subscribe() (changes <-chan string, cancel func()) {
	s := &watcher{out: make(chan string, watchLag)}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watchers[s] = struct{}{}
	return s.out, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.unwatch(s)
	}
}

// unwatch runs under the lock.
func (w *World) unwatch(s *watcher) {
	delete(w.watchers, s)
	s.once.Do(func() { close(s.out) })
}

// tell runs under the lock.
func (w *World) tell(nik string) {
	for s := range w.watchers {
		select {
		case s.out <- nik:
		default:
			w.unwatch(s)
		}
	}
}
