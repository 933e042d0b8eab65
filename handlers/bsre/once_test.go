package bsre_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
)

// asked counts the requests that wanted a reset.
func asked(w *bsretest.World) (n int) {
	for _, r := range w.Requests() {
		if strings.Contains(r.Path, "passphrase/reset") {
			n++
		}
	}
	return n
}

// Whatever becomes of the request with the effect, it is made once, and its
// outcome is told as it is.
func TestResetIsAskedOnce(t *testing.T) {
	t.Parallel()
	type outcome struct {
		kind   bsre.OutcomeKind
		err    error
		resets int
	}
	unknown := outcome{err: bsre.ErrOutcomeUnknown}
	wants := map[bsretest.Mode]outcome{
		bsretest.ModeOK:     {kind: bsre.OutcomeSent, resets: 1},
		bsretest.ModeSlow:   {kind: bsre.OutcomeSent, resets: 1},
		bsretest.ModeLost:   {err: bsre.ErrOutcomeUnknown, resets: 1},
		bsretest.ModeRefuse: {kind: bsre.OutcomeRefused},
		bsretest.ModeLogin:  {err: bsre.ErrCredentials},
		bsretest.ModeLimit:  {err: bsre.ErrUnavailable},
	}
	for _, mode := range bsretest.Modes() {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			want, ok := wants[mode]
			if !ok {
				want = unknown
			}
			w := start(t, bsretest.Options{})
			config := w.PortalConfig()
			config.Timeout, config.BusyPause = 500*time.Millisecond, 20*time.Millisecond
			p := portal(t, config)
			delay := time.Minute
			if mode == bsretest.ModeSlow {
				delay = 700 * time.Millisecond // longer than a question that only reads may take
			}
			w.SetFor(bsretest.PlacePortal, "passphrase/reset", mode, delay)
			got, err := p.Reset(t.Context(), who(sari()))
			if !errors.Is(err, want.err) || got.Kind != want.kind {
				t.Errorf("got %+v, %v", got, err)
			}
			if want.err != nil && !errors.Is(want.err, bsre.ErrOutcomeUnknown) && errors.Is(err, bsre.ErrOutcomeUnknown) {
				t.Errorf("nothing happened, and it is told as unknown: %v", err)
			}
			if n := w.ResetsOf(sari().NIK); n != want.resets {
				t.Errorf("%d resets", n)
			}
			if n := asked(w); n != 1 {
				t.Errorf("asked %d times", n)
			}
			w.Set(bsretest.PlacePortal, bsretest.ModeOK, 0)
			if got, err := p.Reset(t.Context(), who(sari())); err != nil || got.Kind != bsre.OutcomeSent {
				t.Errorf("after the fault: %+v, %v", got, err)
			}
		})
	}
}

// A caller who gives up in the middle does not know the outcome.
func TestResetThatIsCalledOff(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{})
	p := portal(t, w.PortalConfig())
	w.SetFor(bsretest.PlacePortal, "passphrase/reset", bsretest.ModeSilent, time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var watch sync.WaitGroup
	watch.Go(func() { // called off as soon as it was asked for, however long the way there took
		for asked(w) == 0 && t.Context().Err() == nil {
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
	})
	defer watch.Wait()
	if _, err := p.Reset(ctx, who(sari())); !errors.Is(err, bsre.ErrOutcomeUnknown) {
		t.Errorf("got %v", err)
	}
	if _, err := p.Reset(ctx, who(sari())); errors.Is(err, bsre.ErrOutcomeUnknown) || err == nil || asked(w) != 1 {
		t.Errorf("already called off: %v, asked %d times", err, asked(w))
	}
}

// closer is a server that reads requests on kept-alive connections, answers
// the harmless ones and the first with an effect, and closes the connection
// on the later ones with an effect: the case in which Go's client repeats a
// GET by itself.
type closer struct {
	net.Listener
	effects atomic.Int32
	conns   sync.Map
}

func newCloser(t *testing.T, effect string, next http.Handler) *closer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &closer{Listener: l}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.conns.Store(conn, true)
			wg.Go(func() { c.serve(conn, effect, next) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		c.conns.Range(func(conn, _ any) bool { return conn.(net.Conn).Close() == nil || true })
		wg.Wait()
	})
	return c
}

func (c *closer) serve(conn net.Conn, effect string, next http.Handler) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if strings.Contains(r.URL.Path, effect) && c.effects.Add(1) > 1 {
			return
		}
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		if _, err := fmt.Fprintf(conn, "HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", rec.Code, rec.Body.Len(), rec.Body); err != nil {
			return
		}
	}
}

func (c *closer) url() string { return "http://" + c.Addr().String() }

// The proof that net/http would repeat: the same server, an ordinary client
// with a kept-alive connection.
func TestGoRepeatsByItself(t *testing.T) {
	t.Parallel()
	c := newCloser(t, "/effect", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	client := &http.Client{Transport: &http.Transport{}}
	for _, path := range []string{"/effect", "/effect"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	}
	if n := c.effects.Load(); n < 3 {
		t.Errorf("an ordinary client asked %d times: this test's server proves nothing", n)
	}
}

func TestResetOnAClosedConnection(t *testing.T) {
	t.Parallel()
	w := start(t, bsretest.Options{Gap: -1})
	c := newCloser(t, "passphrase/reset", w.Portal())
	config := w.PortalConfig()
	config.URL, config.Gap = c.url(), time.Millisecond
	p := portal(t, config)
	for i := range 3 {
		_, err := p.Reset(t.Context(), who(sari()))
		if first := i == 0; first && err != nil || !first && !errors.Is(err, bsre.ErrOutcomeUnknown) {
			t.Errorf("got %v", err)
		}
		if n := c.effects.Load(); int(n) != i+1 {
			t.Errorf("%d requests for %d resets", n, i+1)
		}
	}
}

func TestCallOnAClosedConnection(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
		c := newCloser(t, "/reset", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		call, err := bsre.NewCall(bsre.CallConfig{Method: method, URL: c.url() + "/reset?nik={nik}"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := call.Reset(t.Context(), who(sari())); err != nil {
			t.Error(err)
		}
		_, err = call.Reset(t.Context(), who(sari()))
		if !errors.Is(err, bsre.ErrOutcomeUnknown) || strings.Contains(err.Error(), sari().NIK) {
			t.Errorf("got %v", err)
		}
		if n := c.effects.Load(); n != 2 {
			t.Errorf("%s: %d requests for two resets", method, n)
		}
	}
}

// TestEffectAnswers judges single answers to the request with the effect.
func TestEffectAnswers(t *testing.T) {
	for _, c := range []struct {
		code int
		body string
		kind bsre.OutcomeKind
		err  error
	}{
		{200, `{"message":"terkirim"}`, bsre.OutcomeSent, nil},
		{201, `{"success":"true"}`, bsre.OutcomeSent, nil},
		{200, `{"status":"success"}`, bsre.OutcomeSent, nil},
		{200, `{}`, "", bsre.ErrOutcomeUnknown},
		{204, ``, "", bsre.ErrOutcomeUnknown},
		{200, `{"success":false,"message":"<b>Gagal</b>"}`, bsre.OutcomeRefused, nil},
		{200, `{"success":"false"}`, bsre.OutcomeRefused, nil},
		{200, `{"status":"ERROR","message":"x"}`, bsre.OutcomeRefused, nil},
		{404, `{"message":"Serial number sertifikat tidak valid"}`, bsre.OutcomeRefused, nil},
		{400, `{"error":"x"}`, bsre.OutcomeRefused, nil},
		{400, `<html>`, "", bsre.ErrUnavailable},
		{404, `{"timestamp":1,"status":404,"error":"Not Found","path":"/x"}`, "", bsre.ErrUnavailable},
		{401, `<html>masuk`, "", bsre.ErrUnavailable},
		{407, ``, "", bsre.ErrUnavailable},
		{200, `<html>masuk`, "", bsre.ErrOutcomeUnknown},
		{404, `nothing`, "", bsre.ErrUnavailable},
		{403, `{"message":"x"}`, "", bsre.ErrCredentials},
		{408, `{"message":"x"}`, "", bsre.ErrOutcomeUnknown},
		{302, ``, "", bsre.ErrOutcomeUnknown},
		{304, `{"message":"x"}`, "", bsre.ErrOutcomeUnknown},
		{504, `{"success":false}`, "", bsre.ErrOutcomeUnknown},
	} {
		w := start(t, bsretest.Options{Gap: -1})
		next := w.Portal()
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.URL.Path, "passphrase/reset") {
				next.ServeHTTP(rw, r)
				return
			}
			rw.Header().Set("Location", "/lain")
			rw.WriteHeader(c.code)
			_, _ = io.WriteString(rw, c.body)
		}))
		config := w.PortalConfig()
		config.URL, config.Gap = server.URL, time.Millisecond
		got, err := portal(t, config).Reset(t.Context(), who(sari()))
		server.Close()
		if !errors.Is(err, c.err) || got.Kind != c.kind || strings.Contains(got.Message, "<") {
			t.Errorf("%d %s: got %+v, %v", c.code, c.body, got, err)
		}
		if c.err != nil && !errors.Is(c.err, bsre.ErrOutcomeUnknown) && errors.Is(err, bsre.ErrOutcomeUnknown) {
			t.Errorf("%d %s: told as unknown: %v", c.code, c.body, err)
		}
	}
}
