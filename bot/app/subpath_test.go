package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"resetpin/bot/app"
	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/mattermost/setup"
	"resetpin/bot/settings"
	"resetpin/store/storetest"
)

// under serves another server below a path; other paths are sent there, as
// Mattermost does.
func under(t *testing.T, path string, to func() string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(path+"/", http.StripPrefix(path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target, err := url.Parse(to())
		if err != nil {
			t.Error(err)
			return
		}
		httputil.NewSingleHostReverseProxy(target).ServeHTTP(w, r)
	})))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, path+r.URL.String(), http.StatusFound)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// TestBothLiveUnderAPath: the server and the bot, behind proxies.
func TestBothLiveUnderAPath(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t, nil)
	front := under(t, "/chat", func() string { return w.mattermost.URL() })
	w.mattermost = mattermosttest.Start(t, mattermosttest.Options{SiteURL: front + "/chat"})
	address := storetest.Address(t)
	back := under(t, "/reset", func() string { return "http://" + address })
	w.extra = []string{"LISTEN_ADDR=" + address, "PUBLIC_URL=" + back + "/reset/", "MATTERMOST_URL=" + front + "/chat/"}
	for range 2 { // the second run finds all as it is
		r, err := w.setsUp()
		if err != nil || len(r.Trouble) > 0 {
			t.Fatal(err, r.Trouble)
		}
	}
	for _, c := range w.mattermost.Commands() {
		if c.URL != back+"/reset/mattermost/command" || !strings.HasPrefix(c.IconURL, front+"/chat/api/v4/users/") {
			t.Errorf("a command is %+v", c)
		}
	}
	s, err := settings.Load(append([]string{"DATA_KEY=" + dataKey()}, w.extra...), "none")
	if err != nil {
		t.Fatal(err)
	}
	s.MattermostURL = front
	if _, err := app.MattermostSetup(t.Context(), s, setup.Options{AdminToken: w.mattermost.AdminToken(), AllTeams: true}); err == nil || !strings.Contains(err.Error(), `under the path "/chat/"`) {
		t.Errorf("without the path: %v", err)
	}
	w.inhabit()
	eventually(t, "readiness", func() bool { return w.ready() == "[]" }) // the doctor's way back needs a bot that answers
	if got := w.looksAtMattermost(); !strings.HasPrefix(got, "ok") || strings.Contains(got, "was not tried") {
		t.Errorf("the doctor says %q", got)
	}
	w.settings.MattermostURL = front
	if got := w.looksAtMattermost(); !strings.Contains(got, `under the path "/chat/"`) {
		t.Errorf("without the path the doctor says %q", got)
	}
	bot := w.mattermost.Commands()[0].Username
	p := w.mattermostPersonOf("pegawai", bot)
	square := w.mattermost.Channel(w.mattermost.TeamID(), "town-square")
	e := sample(t, "ISSUE")
	if err := p.p.Slash(square, "/resetpin"); err != nil {
		t.Fatal(err)
	}
	p.dialog("Hubungkan akun")
	p.submits(e.NIP)
	sees(t, p, "kode 6 angka sedang dikirim")
	p.Types(w.code(e.Email, 1))
	sees(t, p, "Berhasil")
	if err := p.p.Slash(square, "/statusds"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the way to the direct message", func() bool {
		return strings.Contains(p.p.Last(square).Text, "]("+front+"/chat/kantor/messages/@"+bot+")")
	})
	sees(t, p, "Sertifikat aktif")
	w.clock.advance(time.Minute)
	p.Presses("Reset PIN")
	sees(t, p, "Lanjutkan?")
}

// mattermostPersonOf is mattermostPerson with the bot of a name.
func (w *world) mattermostPersonOf(name, bot string) *onMattermost {
	w.mattermostBot = w.mattermost.Person(bot).ID()
	return w.mattermostPerson(name)
}
