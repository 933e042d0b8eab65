package mattermost_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
)

// oddID is the connection that an odd server greets with.
const oddID = "oddoddoddoddoddoddoddoddod"

var (
	oddHello = fmt.Sprintf(`{"event":"hello","data":{"connection_id":%q},"seq":0}`, oddID)
	newHello = fmt.Sprintf(`{"event":"hello","data":{"connection_id":%q},"seq":0}`, strings.Repeat("n", 26))
)

// oddServer stands before the pretend server and plays its first websocket
// itself, and each that resumes it.
type oddServer struct {
	first, resumed []string // frames
	behind         atomic.Pointer[httputil.ReverseProxy]
	conns, resumes atomic.Int64
}

// ServeHTTP plays, or hands on.
func (o *oddServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/websocket") {
		o.behind.Load().ServeHTTP(w, r)
		return
	}
	frames := o.first
	switch resumes := r.URL.Query().Get("connection_id") == oddID; {
	case resumes:
		o.resumes.Add(1)
		frames = o.resumed
	case o.conns.Add(1) > 1:
		o.behind.Load().ServeHTTP(w, r)
		return
	}
	up := websocket.Upgrader{}
	c, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = c.Close() }()
	for _, f := range frames {
		if c.WriteMessage(websocket.TextMessage, []byte(f)) != nil {
			return
		}
	}
	time.Sleep(30 * time.Millisecond)
}

// newOddWorld is a world whose adapter reaches the server by way of an odd one.
func newOddWorld(t *testing.T, o *oddServer) *world {
	t.Helper()
	front := httptest.NewServer(o)
	t.Cleanup(front.Close)
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) { c.URL = front.URL })
	to, err := url.Parse(w.mm.URL())
	if err != nil {
		t.Fatal(err)
	}
	o.behind.Store(httputil.NewSingleHostReverseProxy(to))
	return w
}

// TestBadFrames: what cannot be read, or does not follow, is no reason to
// resume, where it would come again for ever; what was written is read.
func TestBadFrames(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"no JSON": "halo", "empty": "", "half": `{"event":"posted","data":{`, "wrong types": `{"event":5,"seq":"x"}`, "null": "null", "list": "[]",
		"too long": `{"event":"` + strings.Repeat("x", 3<<20) + `","seq":1}`, "a gap": `{"event":"typing","data":{},"seq":7}`,
		"refused": `{"status":"FAIL","seq_reply":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newOddWorld(t, &oddServer{first: []string{oddHello, bad}, resumed: []string{bad}})
			w.marks.kept["read"] = "1"
			w.types("1")
			w.run()
			w.hears(1)
			if name == "refused" { // nothing is missing: it may be resumed
				return
			}
			w.until("connected", func() bool { return w.mm.Sockets(w.botID) == 1 && w.bot.Ready(w.ctx()) == nil })
			w.types("2")
			w.hears(2)
			if got := w.heard(); got != "1,2" {
				t.Errorf("heard %s", got)
			}
		})
	}
}

// TestHelloAfterThePong: a server that answers the ping of a resumed
// connection and only then says that it is a new one.
func TestHelloAfterThePong(t *testing.T) {
	t.Parallel()
	late := fmt.Sprintf(`{"status":"OK","seq_reply":1,"data":{"server_time":%d}}`, time.Now().Add(time.Hour).UnixMilli())
	o := &oddServer{first: []string{oddHello}, resumed: []string{late, newHello}}
	w := newOddWorld(t, o)
	w.run()
	w.until("the first connection", func() bool { return w.listings() == 1 })
	w.types("1")
	w.until("the second", func() bool { return o.resumes.Load() > 0 })
	w.hears(1)
}
