package mattermost_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
)

// slowServer stands before a Mattermost that takes no posts for a while.
type slowServer struct {
	mu    sync.Mutex
	posts []string      // the channels of the posts that came, in order
	open  chan struct{} // closed when the server takes them
	to    http.Handler
}

func (s *slowServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost && r.URL.Path == "/api/v4/posts" {
		var post struct {
			Channel string `json:"channel_id"`
		}
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &post) // what is none is refused behind
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.mu.Lock()
		s.posts = append(s.posts, post.Channel)
		s.mu.Unlock()
		select {
		case <-s.open:
		case <-r.Context().Done():
		}
	}
	s.to.ServeHTTP(w, r)
}

func (s *slowServer) came() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.posts)
}

// emptyInbox forgets all.
type emptyInbox struct{}

func (emptyInbox) Add(_ context.Context, items []bot.InboxItem) ([]bool, error) {
	return slices.Repeat([]bool{true}, len(items)), nil
}
func (emptyInbox) Ack(context.Context, string, string) error     { return nil }
func (emptyInbox) Open(context.Context) ([]bot.InboxItem, error) { return nil, nil }
func (emptyInbox) Lock(context.Context, string) (bot.Lock, error) {
	return bot.Lock{Alone: true, Release: func() {}}, nil
}

// TestStrangersDelayNoEmployeeOnMattermost: the server takes no posts, and
// thirty strangers wait for theirs. Who is known comes to the server before
// most of them, and when it goes on all are answered.
func TestStrangersDelayNoEmployeeOnMattermost(t *testing.T) {
	t.Parallel()
	const strangers = 30
	slow := &slowServer{open: make(chan struct{})}
	proxy := httptest.NewServer(slow)
	t.Cleanup(proxy.Close)
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) {
		c.URL, c.Timing.Call = proxy.URL, time.Minute
	})
	target, err := url.Parse(w.mm.URL())
	if err != nil {
		t.Fatal(err)
	}
	slow.to = httputil.NewSingleHostReverseProxy(target)
	e := bot.NewEngine(bot.EngineConfig{
		Inbox: emptyInbox{}, Channels: map[string]bot.Channel{bot.Mattermost: w.bot}, Concurrency: 4, Logger: logger(w.log),
		Handler: func(context.Context, bot.Update) (bot.Reply, error) { return say("ya"), nil },
		Sorry:   func(context.Context, bot.Update, string) bot.Reply { return say("maaf") },
		Rank: func(_ context.Context, u bot.Update) bot.Rank {
			if u.Account.ID == w.sari.ID() {
				return bot.RankAsked
			}
			return bot.RankStranger
		},
	})
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	writes := func(name string) {
		p := w.mm.Person(name)
		o := bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: p.ID()}, Chat: p.DM(w.botID), Private: true}
		if err := e.Receive(t.Context(), bot.Update{Origin: o, ID: name, Kind: bot.KindText, Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	writes("first")
	w.until("a post", func() bool { return len(slow.came()) > 0 })
	for n := range strangers {
		writes(fmt.Sprint("stranger", n))
	}
	writes("sari")
	w.until("the post of who is known", func() bool { return slices.Contains(slow.came(), w.dm) })
	if n := slices.Index(slow.came(), w.dm); n > 3 {
		t.Errorf("%d strangers came before who is known", n)
	}
	close(slow.open)
	w.until("an answer for everybody", func() bool { return len(slow.came()) >= strangers+2 })
	if err := e.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if got := w.sari.Last(w.dm).Text; got != "ya" {
		t.Errorf("who is known reads %q", got)
	}
}
