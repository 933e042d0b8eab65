// Package mattermosttest is a pretend Mattermost server, as strict and as odd
// as the real one, with people at its other side who write, press and read.
// What it answers was measured on a server of version 10.12; where another
// version is meant, the comment says so.
package mattermosttest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// Version is the version that the server says it is.
const Version = "10.12.0"

// Options are a Server's choices; the zero value is good.
type Options struct {
	Addr               string           // where to listen; empty: a free port of 127.0.0.1
	SiteURL            string           // the address that the server believes to have, which is in every response_url; empty: URL
	Team               string           // the first team's name in addresses; empty: kantor
	Now                func() time.Time // nil: time.Now
	Logger             *slog.Logger     // nil: silent
	AuthWait           time.Duration    // until a websocket without a good token is closed; 0: 5 s
	RevokedWait        time.Duration    // from the first event that a revoked token's websocket misses until it is closed; 0: as the real server, which only looks AuthWait after the upgrade and later leaves such a socket open and silent
	PingEvery          time.Duration    // between two pings to a client; 0: 60 s
	PongWait           time.Duration    // until a client that answers no ping is dropped; 0: 100 s
	IntegrationTimeout time.Duration    // how long the bot may take to answer, and how long a trigger lives; 0: 30 s
}

// Server is the pretend server. All its methods may be called at the same
// time.
type Server struct {
	o       Options
	addr    string
	key     *ecdsa.PrivateKey // signs triggers
	sealing [32]byte          // encrypts the cookies of ephemeral buttons
	api     *http.ServeMux
	client  *http.Client    // calls the bot
	ctx     context.Context //nolint:containedctx // ends what outlives a request
	stop    context.CancelFunc
	work    sync.WaitGroup

	mu          sync.Mutex
	settings    Settings
	http        *http.Server // nil while the server is down
	users       map[string]*user
	teams       map[string]*team
	channels    map[string]*channel
	posts       map[string]*post
	tokens      map[string]*token // by the secret
	commands    map[string]*command
	hooks       map[string]*hook
	files       map[string]*file
	pending     map[string]pending // by pending_post_id
	conns       map[string]*conn   // by connection id
	frozen      bool
	slowUpdates time.Duration   // see SlowUpdates
	slowPosts   time.Duration   // see SlowPosts
	begun       map[string]bool // threads whose first answer is being written
	faults      []*Fault
	calls       []Call
	watchers    map[*watcher]struct{}
	lastSeq     int64
	order       int64 // numbers posts and commands by age
	admin       *token
	team        *team
}

// New starts a server with one team and one administrator. It fails when the
// address is taken.
func New(o Options) (*Server, error) {
	o = o.withDefaults()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("mattermosttest: make a key: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{
		o: o, addr: o.Addr, key: key, ctx: ctx, stop: stop, settings: defaultSettings(),
		users: map[string]*user{}, teams: map[string]*team{}, channels: map[string]*channel{}, posts: map[string]*post{},
		tokens: map[string]*token{}, commands: map[string]*command{}, hooks: map[string]*hook{}, files: map[string]*file{},
		pending: map[string]pending{}, begun: map[string]bool{}, conns: map[string]*conn{}, watchers: map[*watcher]struct{}{},
	}
	if _, err := rand.Read(s.sealing[:]); err != nil {
		stop()
		return nil, fmt.Errorf("mattermosttest: make a key: %w", err)
	}
	s.client = s.outgoing()
	s.api = s.routes()
	if err := s.listen(); err != nil {
		stop()
		return nil, err
	}
	s.found()
	return s, nil
}

// Start is New for a test: the server is closed when the test ends.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		at    *time.Duration
		value time.Duration
	}{
		{&o.AuthWait, 5 * time.Second}, {&o.PingEvery, time.Minute},
		{&o.PongWait, 100 * time.Second}, {&o.IntegrationTimeout, 30 * time.Second},
	} {
		if *d.at == 0 {
			*d.at = d.value
		}
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Team == "" {
		o.Team = "kantor"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// listen starts serving at the address, which is kept over restarts.
func (s *Server) listen() error {
	var lc net.ListenConfig
	listener, err := lc.Listen(s.ctx, "tcp", s.addr)
	if err != nil {
		return fmt.Errorf("mattermosttest: listen: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addr = listener.Addr().String()
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.http = server
	s.work.Go(func() {
		if err := server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			s.o.Logger.Error("pretend Mattermost stopped listening", "err", err)
		}
	})
	return nil
}

// Down takes the server away: it answers nobody, and all websockets are cut
// and cannot be resumed later. What it stored is kept.
func (s *Server) Down() {
	s.mu.Lock()
	server := s.http
	s.http = nil
	for _, c := range s.conns {
		s.forget(c)
	}
	s.mu.Unlock()
	if server == nil {
		return
	}
	if err := server.Close(); err != nil {
		s.o.Logger.Debug("pretend Mattermost went down", "err", err)
	}
}

// Up brings the server back at the same address after Down.
func (s *Server) Up() error {
	s.mu.Lock()
	down := s.http == nil
	s.mu.Unlock()
	select {
	case <-s.ctx.Done():
		down = false // it is closed for good
	default:
	}
	if down {
		return s.listen()
	}
	return nil
}

// URL is the server's address without a trailing slash.
func (s *Server) URL() string { return "http://" + s.addr }

// siteURL is the address that the server believes to have. It runs under the
// lock.
func (s *Server) siteURL() string {
	if s.settings.NoSiteURL {
		return ""
	}
	if s.o.SiteURL != "" {
		return s.o.SiteURL
	}
	return s.URL()
}

// now is the server's time in milliseconds.
func (s *Server) now() int64 { return s.o.Now().UnixMilli() }

// Close stops the server, its websockets and its subscriptions.
func (s *Server) Close() error {
	s.stop()
	s.Down()
	s.mu.Lock()
	for w := range s.watchers {
		s.unwatch(w)
	}
	s.mu.Unlock()
	s.work.Wait()
	s.client.CloseIdleConnections()
	return nil
}
