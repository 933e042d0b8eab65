// Package telegramtest is a pretend Telegram Bot API server, as strict as the
// real one, with a driver side on which people write, press and read. What it
// answers follows the Bot API's documentation (10.1) and the texts of
// Telegram's own open server.
package telegramtest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Options are a Server's choices; the zero value is good.
type Options struct {
	Username    string           // the bot's, without @; empty: resetpin_bot
	Name        string           // the bot's first name; empty: Reset PIN
	Addr        string           // where to listen; empty: a free port of 127.0.0.1
	Now         func() time.Time // nil: time.Now
	Logger      *slog.Logger     // nil: silent
	Redeliver   time.Duration    // pause before a webhook call is repeated the first time, then doubled up to 16 times; 0: 100 ms
	QueryLife   time.Duration    // how long a press can be answered; 0: 15 s
	ReadsAll    bool             // groups: the bot reads everything, not only commands and answers to itself
	GroupMinute int              // most messages a minute in one group, as Telegram has 20; 0: no bound
	PerSecond   int              // most messages a second to all chats, and as many at once after a pause, as Telegram has about 30; 0: no bound
	Client      *http.Client     // delivers to the webhook; nil: an own one
}

// Server is the pretend Bot API server. It knows one bot. All its methods may
// be called at the same time.
type Server struct {
	o       Options
	token   string
	botID   int64
	methods map[string]method // by lower-case name
	play    map[string]func(*request) (any, *failure)

	listener net.Listener
	http     *http.Server
	closed   <-chan struct{} // closed by Close
	stop     context.CancelFunc
	work     sync.WaitGroup

	mu        sync.Mutex
	users     map[int64]*user
	chats     map[int64]*chat
	queries   map[string]*query
	files     map[string]*Photo // by file id
	documents map[string][]byte // what was sent as a file, by file id
	menus     map[string][]Command
	lastID    int // of messages
	lastSeq   int64
	watchers  map[*watcher]struct{}
	faults    []*Fault
	calls     []Call
	budget    *rate.Limiter // of the bot's messages to all chats
	queue     queue
}

// New starts a server that knows one bot, by its token (DIGITS:SECRET). It
// fails when the token has another form or the address is taken.
func New(token string, o Options) (*Server, error) {
	digits, secret, _ := strings.Cut(token, ":")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || id <= 0 || secret == "" {
		return nil, errors.New("telegramtest: the token is not of the form DIGITS:SECRET")
	}
	o = o.withDefaults()
	var lc net.ListenConfig
	listener, err := lc.Listen(context.Background(), "tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("telegramtest: listen: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{
		o: o, token: token, botID: id, methods: readMethods(),
		listener: listener, closed: ctx.Done(), stop: stop,
		users: map[int64]*user{}, chats: map[int64]*chat{}, queries: map[string]*query{},
		files: map[string]*Photo{}, documents: map[string][]byte{}, menus: map[string][]Command{}, watchers: map[*watcher]struct{}{},
		lastID: 100, budget: rate.NewLimiter(rate.Inf, 0),
	}
	if o.PerSecond > 0 {
		s.budget = rate.NewLimiter(rate.Limit(o.PerSecond), o.PerSecond)
	}
	s.queue.init(id)
	s.play = s.played()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.work.Go(func() {
		if err := s.http.Serve(listener); err != nil && ctx.Err() == nil {
			o.Logger.Error("pretend Telegram stopped listening", "err", err)
		}
	})
	s.work.Go(func() { s.pushLoop(ctx) })
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.Username == "" {
		o.Username = "resetpin_bot"
	}
	if o.Name == "" {
		o.Name = "Reset PIN"
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Redeliver == 0 {
		o.Redeliver = 100 * time.Millisecond
	}
	if o.QueryLife == 0 {
		o.QueryLife = 15 * time.Second
	}
	if o.Client == nil {
		o.Client = &http.Client{
			Timeout:       60 * time.Second,
			Transport:     &http.Transport{MaxIdleConnsPerHost: 100},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return o
}

// URL is the server's address without a trailing slash.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Username is the bot's user name without @.
func (s *Server) Username() string { return s.o.Username }

// Close stops listening, waiting polls, webhook deliveries and subscriptions.
func (s *Server) Close() error {
	s.stop()
	err := s.http.Close()
	s.mu.Lock()
	for w := range s.watchers {
		s.unwatch(w)
	}
	s.mu.Unlock()
	s.work.Wait()
	if err != nil {
		return fmt.Errorf("telegramtest: close: %w", err)
	}
	return nil
}
