package app_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/bot/mattermost/mattermosttest"
)

// mattermostCrowd is people who all talk at once.
type mattermostCrowd []*onMattermost

func (w *world) mattermostCrowd(n int) mattermostCrowd {
	var c mattermostCrowd
	for i := range n {
		c = append(c, w.mattermostPerson(fmt.Sprintf("pegawai%d", i)))
	}
	return c
}

// talk lets each person ask so many times, one question after the other
// without waiting for answers.
func (c mattermostCrowd) talk(times int, pause time.Duration) {
	var all sync.WaitGroup
	for _, p := range c {
		all.Go(func() {
			for range times {
				if _, err := p.p.Type(p.chat, "privasi"); err != nil {
					p.t.Error(err)
				}
				time.Sleep(pause)
			}
		})
	}
	all.Wait()
}

// answers counts what the bot answered a person.
func (o *onMattermost) answers() int {
	n := 0
	for _, l := range o.Chat() {
		if l.Bot && strings.Contains(l.Text, "Data Anda") {
			n++
		}
	}
	return n
}

// answered waits until every question has its answer, and sees that none has
// two.
func (c mattermostCrowd) answered(t *testing.T, times int) {
	t.Helper()
	for i, p := range c {
		eventually(t, fmt.Sprintf("%d answers for person %d (%d came)", times, i, p.answers()), func() bool { return p.answers() >= times })
	}
	time.Sleep(200 * time.Millisecond)
	for i, p := range c {
		if n := p.answers(); n != times {
			t.Errorf("person %d asked %d times and got %d answers", i, times, n)
		}
	}
}

func TestNothingIsLostWhileMattermostIsInTrouble(t *testing.T) {
	t.Parallel()
	posts := func(f mattermosttest.Fault) func(*testing.T, *mattermosttest.Server) {
		f.Method, f.Path = http.MethodPost, "/posts"
		return func(_ *testing.T, s *mattermosttest.Server) { s.Break(f) }
	}
	for name, trouble := range map[string]func(*testing.T, *mattermosttest.Server){
		"asks to wait":                  posts(mattermosttest.Fault{Times: 5, Code: http.StatusTooManyRequests, Reset: 1}),
		"answers 500":                   posts(mattermosttest.Fault{Times: 10, Code: http.StatusInternalServerError}),
		"a proxy answers 502":           posts(mattermosttest.Fault{Times: 10, Code: http.StatusBadGateway, HTML: true}),
		"connections break":             posts(mattermosttest.Fault{Times: 10, Code: http.StatusInternalServerError, Drop: true}),
		"connections break when it did": posts(mattermosttest.Fault{Times: 10, Drop: true}),
		"is gone, and comes back": func(t *testing.T, s *mattermosttest.Server) {
			s.Down()
			time.AfterFunc(2*time.Second, func() {
				if err := s.Up(); err != nil {
					t.Error(err)
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldWithMattermost(t)
			c := w.mattermostCrowd(20)
			c.talk(1, 0)
			c.answered(t, 1)
			c.talk(2, 0)
			trouble(t, w.mattermost)
			c.answered(t, 3)
		})
	}
}

// TestTheWebsocketIsCutAgainAndAgain cuts it for as many times as a minute has
// seconds, under 20 people who talk on.
func TestTheWebsocketIsCutAgainAndAgain(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	c := w.mattermostCrowd(20)
	c.talk(1, 0)
	c.answered(t, 1)
	stop := w.mattermost.CutSocketsEvery(100 * time.Millisecond)
	c.talk(12, 500*time.Millisecond)
	stop()
	c.answered(t, 13)
}

func TestMattermostIsDownAtTheStart(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	phone, desk := w.telegramPerson(7001), w.mattermostPerson("pegawai")
	desk.Types("bantuan")
	sees(t, desk, "Yang bisa saya bantu")
	w.stop()
	desk.Types("privasi") // nobody hears it yet
	w.mattermost.Down()
	w.start()
	phone.Types("/help")
	sees(t, phone, "Yang bisa saya bantu")
	if got := w.ready(); !strings.Contains(got, `"part":"mattermost"`) {
		t.Errorf("/readyz says %s", got)
	}
	if err := w.mattermost.Up(); err != nil {
		t.Fatal(err)
	}
	sees(t, desk, "Data Anda")
	eventually(t, "readiness", func() bool { return w.ready() == "[]" })
}

// ready is what /readyz says.
func (w *world) ready() string {
	w.t.Helper()
	r, err := http.Get("http://" + w.app.Addr() + "/readyz")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.TrimSpace(string(body))
}

// TestTheOutcomeStandsWhereTheServerIsSlow: the words that a reset is on its
// way, which the server writes into the pressed post when it has time, never
// stand where its outcome stood already.
func TestTheOutcomeStandsWhereTheServerIsSlow(t *testing.T) {
	t.Parallel()
	w := newWorldWithMattermost(t)
	p := w.mattermostPerson("pegawai")
	linked(t, w, p, "ISSUE")
	w.mattermost.SlowUpdates(700 * time.Millisecond)
	p.Types("/resetpin")
	asked := sees(t, p, "Lanjutkan?")
	p.Presses("Ya, kirim link") // returns when the server is done with the press
	sees(t, p, step(t, "mail"))
	post, ok := p.p.Post(asked.ID)
	if !ok || !strings.Contains(post.Text, outcomes[0]) {
		t.Errorf("in the place of the question stands %q", post.Text)
	}
}
