package mattermost_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// junk is what no sender means.
func junk() []string {
	return []string{"", "null", "[]", "{", `{"a":`, "\x00\xff\xfe", `{"user_id":5}`}
}

// hostile makes a request as an enemy sends them who knows the addresses and
// the form of everything, has seen a good button, and no secret.
func (w *world) hostile(r *rand.Rand, seal object) *http.Request {
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	junk, long := one(junk()...), strings.Repeat("s", 9000)
	if r.IntN(50) == 0 {
		junk = strings.Repeat(one("[", `{"a":`, "A"), 300<<10)
	}
	id := one(w.sari.ID(), w.botID, strings.Repeat(one("a", "b", "8"), 26), "", "../x")
	form := url.Values{
		"token": {one("", id, "x", w.command[:20], long)}, "user_id": {id}, "channel_id": {w.dm}, "channel_name": {junk}, "text": {one("link 1", junk)},
		"command": {"/resetpin"}, "trigger_id": {junk}, "response_url": {one("http://127.0.0.1:1/hooks/commands/"+id, "file:///etc/passwd", junk)},
	}.Encode()
	s, t := one("", "AAAA", "e30", fmt.Sprint(seal["s"])), one("", "AAAA", id, "yes~~t~AAAAAAAAAAAA")
	action := fmt.Sprintf(`{"user_id":%q,"channel_id":%q,"post_id":%q,"trigger_id":"x","context":{"s":%q,"t":%q}}`, id, w.dm, id, s, t)
	dialog := fmt.Sprintf(`{"type":"dialog_submission","callback_id":"yes","state":%q,"user_id":%q,"channel_id":%q,"submission":{"nip":"1"},"cancelled":%v}`,
		one("", s+"."+t, long), id, w.dm, r.IntN(2) == 0)
	path, method := one("/mattermost/command", "/mattermost/action", "/mattermost/dialog"), http.MethodPost
	if r.IntN(5) == 0 {
		path = one("/mattermost/", "/mattermost/../x", "/", "/mattermost/command/x", "//mattermost//action", path)
		method = one("GET", "PUT", "DELETE", "OPTIONS", "BREW", "HEAD", method)
	}
	q := httptest.NewRequest(method, "/", strings.NewReader(one(form, action, dialog, junk)))
	q.URL.Path = path
	q.Header.Set("Content-Type", one(formKind, "application/json", "multipart/form-data; boundary=x", "", "text/plain", ";;"))
	q.Header.Set("Authorization", one("", "Token "+id, "Bearer "+id))
	return q
}

func TestTenThousandHostileRequests(t *testing.T) { //nolint:paralleltest // it counts goroutines
	w := newWorld(t)
	good, _ := w.pressed(oneButton)
	handler := w.bot.Handler(w.engine)
	before := runtime.NumGoroutine()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var all sync.WaitGroup
	for worker := range uint64(4) {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, worker))
			for range 2500 {
				q, a := w.hostile(r, good["context"].(object)), httptest.NewRecorder()
				handler.ServeHTTP(a, q)
				switch a.Code {
				case 401, 404, 405, 301, 307:
				default:
					t.Errorf("%s %s: answered %d %.100s", q.Method, q.URL.Path, a.Code, a.Body)
				}
			}
		})
	}
	all.Wait()
	w.slowBodies(50)
	if n := len(w.engine.updates()); n != 0 {
		t.Errorf("%d updates were handed over", n)
	}
	w.until("rest", func() bool { return runtime.NumGoroutine() <= before+5 })
	w.engine.answers(say("ya"))
	if status, got := w.sends("POST", "/mattermost/command", formKind, w.typed(nil).Encode()); status != 200 || !strings.Contains(got, "pesan langsung") {
		t.Errorf("a good command: %d %s", status, got)
	}
	good["trigger_id"] = w.mm.Trigger(w.sari.ID(), time.Now()) // the one of then may be over by now
	if status, _ := w.sendsJSON("/mattermost/action", good); status != 200 || len(w.engine.updates()) != 2 {
		t.Errorf("a good press: %d", status)
	}
}

// slowBodies sends bodies that never end, and goes away.
func (w *world) slowBodies(n int) {
	w.t.Helper()
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			var d net.Dialer
			c, err := d.DialContext(w.t.Context(), "tcp", strings.TrimPrefix(w.hook.URL, "http://"))
			if err != nil {
				w.t.Error(err)
				return
			}
			defer func() { _ = c.Close() }()
			if _, err := io.WriteString(c, "POST /mattermost/action HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"); err != nil {
				w.t.Error(err)
			}
			time.Sleep(50 * time.Millisecond)
		})
	}
	all.Wait()
}
