// Package mattermost is the bot's Mattermost side. Slash commands, buttons
// and dialogs arrive by HTTP, direct messages by websocket; all become
// bot.Update, and bot.Reply becomes posts, ephemeral answers and dialogs.
//
// Where a comment names a limit or an oddity of Mattermost, it was measured on
// servers of versions 10.12 and 11.6.
package mattermost

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
	"resetpin/bot/platform"
)

// Marks remembers small values over restarts.
type Marks interface {
	// Get gives a kept value, or an empty one.
	Get(ctx context.Context, name string) (string, error)
	// Put keeps a value.
	Put(ctx context.Context, name, value string) error
}

// Timing is how patient the adapter is. Zero fields take their default.
type Timing struct {
	Answer  time.Duration // until a command, press or dialog is told to wait; default 2 s
	Look    time.Duration // for the server's key, when a request does not prove who acts; default 1 s
	Typing  time.Duration // between two signs that the bot types; default 4 s, for clients show one for 5 s
	Hello   time.Duration // until a new websocket must have said something; default 5 s
	Ping    time.Duration // between two pings on the websocket; default 30 s
	Pong    time.Duration // until a ping must be answered; default 10 s
	Backoff time.Duration // the first pause before reconnecting; default 500 ms
	Slowest time.Duration // the longest pause before reconnecting; default 30 s
	Call    time.Duration // the longest that one REST call may take; default 10 s
	Upload  time.Duration // the longest that a file may take, which the server makes smaller pictures of; default 20 s
	Retry   time.Duration // how long a call that brings no words is tried again; default 15 s
}

// Config is what an Adapter needs.
type Config struct {
	URL           string   // the server, as the bot reaches it
	BotToken      string   // the bot account's
	CommandTokens []string // of the slash commands, TEAM_ID:TOKEN; others are refused
	ResetCommand  string   // trigger word; empty: resetpin
	StatusCommand string   // trigger word; empty: statusds
	CommandWords  []string // the words that are commands, aliases included
	AdminWords    []string // those of them that are commands in a direct message whatever follows; to others than admins the handlers take them for words
	RoomWords     []string // those that are commands in Rooms only
	Rooms         []string // ids of the channels where officers work; Threads must be set when there are any
	Threads       bot.Threads
	Fetch         bot.FetchFile // gives the bytes of files that are carried; nil: none are
	PublicURL     string        // how the server reaches Handler, without a path's end
	Signer        *bot.Signer
	Marks         Marks                                        // nil: remembered until the process ends
	Triggers      Triggers                                     // nil: remembered until the process ends
	Words         func(ctx context.Context, user string) Words // what the adapter itself says to a user
	CA            *x509.CertPool                               // whom to trust; nil: the system's
	HTTPClient    *http.Client                                 // nil: an own one with kept-alive connections; its Timeout is not used
	Wrap          func(http.RoundTripper) http.RoundTripper    // put around the way of calls to the server's API; nil: nothing
	Agent         string                                       // User-Agent of what is not called by Wrap's way: the websocket, an answer's address
	Logger        *slog.Logger                                 // nil: slog.Default
	Now           func() time.Time
	// Refused hears of each request that is not the server's or not signed, one
	// of bot's words for it, and why in a sentence for the log or nothing; nil: nobody hears.
	Refused func(ctx context.Context, what, why string)
	Timing  Timing
}

// Adapter is the bot's Mattermost side; it is a bot.Channel. Its methods may
// be called at the same time.
type Adapter struct {
	c         Config
	api       *model.Client4
	tokens    []commandToken
	teams     teams
	authority authority
	vouching  vouching
	exchanges *exchanges
	posting   *platform.Turns
	me        identity
	rooms     rooms
	topics    topics
	health    health
	doubts    seldom // requests that do not prove who acts
	foreign   seldom // presses of other people's buttons
	aside     platform.Aside
}

var (
	_ bot.Channel = (*Adapter)(nil)
	_ bot.Members = (*Adapter)(nil)
)

// End ends what is done beside the answers, after the last one.
func (a *Adapter) End(ctx context.Context) error { return a.aside.End(ctx) }

// New checks the configuration and builds an Adapter. It calls nobody. Its
// errors say what is wrong with the configuration and hold no secret.
func New(c Config) (*Adapter, error) {
	if err := server.CheckAddress("MATTERMOST_URL", c.URL); err != nil {
		return nil, err
	}
	if err := server.CheckAddress("PUBLIC_URL", c.PublicURL); err != nil {
		return nil, err
	}
	if c.BotToken == "" {
		return nil, errors.New("mattermost: the bot's token is missing; mattermost setup makes one")
	}
	if c.Signer == nil {
		return nil, errors.New("mattermost: no signer for buttons and dialogs")
	}
	if c.Words == nil {
		return nil, errors.New("mattermost: no words for what the adapter says itself")
	}
	if len(c.Rooms) > 0 && c.Threads == nil {
		return nil, errors.New("mattermost: nobody keeps the threads of the officers' channel")
	}
	c = c.withDefaults()
	a := &Adapter{c: c, api: server.NewClient(c.URL, c.BotToken, c.wrapped()), exchanges: newExchanges(c.Now), posting: platform.NewSlots(postsAtOnce), me: identity{asking: make(chan struct{}, 1)}}
	a.tokens = readTokens(c.CommandTokens)
	a.health.set(errNotConnected)
	return a, nil
}

// wrapped is the client for the server's API.
func (c Config) wrapped() *http.Client {
	if c.Wrap == nil {
		return c.HTTPClient
	}
	own := *c.HTTPClient
	own.Transport = c.Wrap(own.Transport)
	return &own
}

func (c Config) withDefaults() Config {
	c.URL, c.PublicURL = strings.TrimRight(c.URL, "/"), strings.TrimRight(c.PublicURL, "/")
	platform.Or(&c.ResetCommand, "resetpin")
	platform.Or(&c.StatusCommand, "statusds")
	platform.Or(&c.Agent, "resetpin")
	c.ResetCommand, c.StatusCommand = strings.ToLower(c.ResetCommand), strings.ToLower(c.StatusCommand)
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Marks == nil {
		c.Marks = &memoryMarks{values: map[string]string{}}
	}
	if c.Triggers == nil {
		c.Triggers = NewMemoryTriggers()
	}
	if c.HTTPClient == nil {
		c.HTTPClient = &http.Client{Transport: server.Transport(c.CA)}
	} else {
		own := *c.HTTPClient // the websocket must outlive any request's time limit
		own.Timeout = 0
		c.HTTPClient = &own
	}
	t := &c.Timing
	platform.Or(&t.Answer, 2*time.Second)
	platform.Or(&t.Look, time.Second)
	platform.Or(&t.Typing, 4*time.Second)
	platform.Or(&t.Hello, 5*time.Second)
	platform.Or(&t.Ping, 30*time.Second)
	platform.Or(&t.Pong, 10*time.Second)
	platform.Or(&t.Backoff, 500*time.Millisecond)
	platform.Or(&t.Slowest, 30*time.Second)
	platform.Or(&t.Call, 10*time.Second)
	platform.Or(&t.Upload, 20*time.Second)
	platform.Or(&t.Retry, 15*time.Second)
	return c
}
