package app_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/handlers/bsre/bsretest"
)

// porter stands before a server, and notes what callers call themselves there.
type porter struct {
	URL string

	mu    sync.Mutex
	names map[string][]string // of callers, by path
}

func postedAt(t *testing.T, address string) *porter {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := &porter{names: make(map[string][]string)}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = to.Host }, ErrorLog: log.New(io.Discard, "", 0)} // callers go away when the bot is stopped
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.names[r.URL.Path] = append(p.names[r.URL.Path], r.UserAgent())
		p.mu.Unlock()
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// heard fails for callers with another name than the program's, or when nobody
// called what ends so.
func (p *porter) heard(t *testing.T, paths ...string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for path, names := range p.names {
		for _, name := range names {
			if !strings.HasPrefix(name, "resetpin") {
				t.Errorf("%s was called by %q", strings.ReplaceAll(path, botToken, "TOKEN"), name)
				break
			}
		}
		for i := len(paths) - 1; i >= 0; i-- {
			if strings.HasSuffix(path, paths[i]) {
				paths = append(paths[:i], paths[i+1:]...)
			}
		}
	}
	if len(paths) > 0 {
		t.Errorf("nobody called %q", paths)
	}
}

// Whoever runs an outside system sees who calls: the program's name and
// version, on every way there, the set-up's and the doctor's too. The reset site
// is only looked at, and asked for nothing.
func TestEveryOutsideSystemIsToldWhoCalls(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t, nil)
	w.mattermost = mattermosttest.Start(t, mattermosttest.Options{})
	var token string
	w.mattermostBot, token = w.mattermost.AddBot("resetpin")
	mattermost, telegram := postedAt(t, w.mattermost.URL()), postedAt(t, w.telegram.URL())
	w.setUpMattermost(mattermost.URL, token, w.mattermost.AdminToken(), nil)
	mattermost.heard(t, "/commands")
	w.extra = append(w.extra, "TELEGRAM_API_URL="+telegram.URL)
	w.inhabit()

	p := w.telegramPerson(7001)
	linked(t, w, p, "ISSUE")
	askForConfirmation(t, p)
	p.Presses("Ya, kirim link")
	sees(t, p, "berhasil dikirim")
	other := w.mattermostPerson("pegawai.satu")
	other.Types("halo")
	sees(t, other, "Halo")
	if out, ok := w.check(); !ok {
		t.Error(out)
	}
	mattermost.heard(t, "/websocket", "/posts")
	telegram.heard(t, "/getUpdates", "/sendMessage", "/sendPhoto", "/getMe")
	places := make(map[bsretest.Place]bool)
	for _, r := range w.bsre.Requests() {
		places[r.Place] = true
		if !strings.HasPrefix(r.Agent, "resetpin") {
			t.Errorf("%s was asked for %s by %q", r.Place, r.Path, r.Agent)
		}
	}
	for _, place := range []bsretest.Place{bsretest.PlaceAPI, bsretest.PlacePortal, bsretest.PlaceSSO} {
		if !places[place] {
			t.Errorf("nobody asked %s", place)
		}
	}
}
