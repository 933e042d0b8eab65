// Package telegram is the bot's Telegram side. It receives updates by long
// polling or webhook, acknowledges them only when they are stored, turns them
// into bot.Update, and renders and sends bot.Reply within Telegram's limits.
//
// Sources: the Bot API's documentation (https://core.telegram.org/bots/api,
// version 10.1) and its open server (https://github.com/tdlib/telegram-bot-api).
package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"resetpin/bot"
	"resetpin/bot/platform"
)

// FileIDs remembers Telegram's file ids of pictures that were sent once.
type FileIDs interface {
	// Get gives the file id kept for a picture's name, or an empty one.
	Get(ctx context.Context, name string) (string, error)
	// Put keeps a file id; an empty one forgets the name.
	Put(ctx context.Context, name, id string) error
}

// Limits is the pace of sending and retrying. Zero fields take their default.
// Telegram's own word, retry_after, is obeyed in any case.
type Limits struct {
	Overall      rate.Limit    // messages a second to all chats; default 29, for what Telegram counts is when they come
	OverallBurst int           // default 20
	PerChat      rate.Limit    // messages a second to one chat; default 1; a quarter of it in groups, of which no minute has more than 20
	PerChatBurst int           // default 10
	Retry        time.Duration // how long a call that brings no words is tried again; default 20 s
	Call         time.Duration // the longest that one call may take; default 10 s
}

// Config is what an Adapter needs.
type Config struct {
	Token         string // BotFather's, DIGITS:SECRET
	APIURL        string // another Bot API server; empty: https://api.telegram.org
	Signer        *bot.Signer
	WebhookSecret string                                    // 1 to 256 of A-Z a-z 0-9 _ -; empty: Webhook refuses every call
	CA            *x509.CertPool                            // whom to trust; nil: the system's
	HTTPClient    *http.Client                              // nil: an own one with kept-alive connections; its Timeout is not used
	Wrap          func(http.RoundTripper) http.RoundTripper // put around the way of all requests; nil: nothing
	Logger        *slog.Logger                              // nil: slog.Default
	FileIDs       FileIDs                                   // nil: remembered until the process ends
	Now           func() time.Time                          // nil: time.Now
	Limits        Limits
	PollTimeout   time.Duration // of one long poll, whole seconds up to 50; 0: 50 s
	// Rooms are the chats where officers work, by their ids, negative numbers.
	Rooms []string
	// Threads knows the threads in them; nil when there are no rooms.
	Threads bot.Threads
	// Moved remembers the supergroup that a room became, by the room's id; nil:
	// until the process ends.
	Moved FileIDs
	// Fetch gives files of other platforms, to carry them here; nil: none.
	Fetch bot.FetchFile
	// StaleButton gives what is said at a button whose data this bot did not
	// sign for the presser; nil: a sentence in Indonesian.
	StaleButton func(ctx context.Context, u bot.Update) string
	// Refused hears of each call or press that did not come from whom it claims,
	// one of bot's words for it, and why in a sentence for the log or nothing; nil: nobody hears.
	Refused func(ctx context.Context, what, why string)
}

// Adapter is the bot's Telegram side; it is a bot.Channel. Its methods may be
// called at the same time.
type Adapter struct {
	c       Config
	api     *api
	secret  [sha256.Size]byte
	pace    *pace
	answers *answers
	typing  *typing
	rooms   *rooms

	me     atomic.Pointer[Me]
	health health
	stray  chan struct{} // bounds answers to forged presses
	aside  platform.Aside
}

var _ bot.Channel = (*Adapter)(nil)

const officialURL = "https://api.telegram.org"

var (
	tokenForm  = regexp.MustCompile(`^[1-9]\d*:[A-Za-z0-9_-]+$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{0,256}$`)
)

// New checks the configuration and builds an Adapter. It calls nobody. Its
// errors say what is wrong with the configuration and hold no secret.
func New(c Config) (*Adapter, error) {
	if !tokenForm.MatchString(c.Token) {
		return nil, errors.New("telegram: the bot token has not the form DIGITS:SECRET that BotFather gives")
	}
	if !secretForm.MatchString(c.WebhookSecret) {
		return nil, errors.New("telegram: the webhook secret may have at most 256 characters, of A-Z a-z 0-9 _ - only")
	}
	if c.Signer == nil {
		return nil, errors.New("telegram: no signer for buttons")
	}
	if c.Token == "" {
		return nil, errors.New("telegram: no token")
	}
	c = c.withDefaults()
	base, err := url.Parse(c.APIURL)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, errors.New("telegram: the Bot API server's address must be an http or https URL")
	}
	a := &Adapter{
		c: c, api: newAPI(c), secret: sha256.Sum256([]byte(c.WebhookSecret)), pace: newPace(c.Limits),
		typing: newTyping(), rooms: newRooms(c), stray: make(chan struct{}, 16),
	}
	a.answers = newAnswers(a.answerLate)
	return a, nil
}

// End ends what is done beside the answers, after the last one.
func (a *Adapter) End(ctx context.Context) error { return a.aside.End(ctx) }

func (c Config) withDefaults() Config {
	platform.Or(&c.APIURL, officialURL)
	c.APIURL = strings.TrimRight(c.APIURL, "/")
	platform.Or(&c.Logger, slog.Default())
	if c.FileIDs == nil {
		c.FileIDs = &memoryIDs{ids: map[string]string{}}
	}
	if c.Moved == nil {
		c.Moved = &memoryIDs{ids: map[string]string{}}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Refused == nil {
		c.Refused = func(context.Context, string, string) {}
	}
	platform.Or(&c.PollTimeout, 50*time.Second)
	if c.StaleButton == nil {
		c.StaleButton = func(context.Context, bot.Update) string { return "Tombol ini sudah tidak berlaku." }
	}
	c.Limits = c.Limits.withDefaults()
	return c
}

func (l Limits) withDefaults() Limits {
	platform.Or(&l.Overall, 29)
	platform.Or(&l.OverallBurst, 20)
	platform.Or(&l.PerChat, 1)
	platform.Or(&l.PerChatBurst, 10)
	platform.Or(&l.Retry, 20*time.Second)
	platform.Or(&l.Call, 10*time.Second)
	return l
}

// receive hands updates over. When it gives nil they are stored durably.
func (a *Adapter) receive(ctx context.Context, to bot.Receiver, updates ...bot.Update) error {
	if len(updates) == 0 {
		return nil
	}
	for _, u := range updates {
		a.answers.expect(u.Handle)
	}
	if err := to.Receive(ctx, updates...); err != nil {
		return fmt.Errorf("take updates over: %w", err)
	}
	return nil
}

// memoryIDs is a FileIDs that forgets with the process.
type memoryIDs struct {
	mu  sync.Mutex
	ids map[string]string
}

func (m *memoryIDs) Get(_ context.Context, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ids[name], nil
}

func (m *memoryIDs) Put(_ context.Context, name, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ids[name] = id
	return nil
}
