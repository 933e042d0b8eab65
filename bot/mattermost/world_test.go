package mattermost_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/platform"
)

// world is an adapter with a pretend Mattermost at one side and a pretend
// engine at the other.
type world struct {
	t        testing.TB
	mm       *mattermosttest.Server
	bot      *mattermost.Adapter
	config   mattermost.Config // the bot's
	botID    string
	secret   string // the bot's token
	command  string // the slash command's token
	hook     *httptest.Server
	engine   *engine
	receiver bot.Receiver // who takes updates over: engine
	marks    *marks
	log      *journal
	sari     *mattermosttest.Person
	dm       string // sari's direct message with the bot
}

type option func(*mattermost.Config, *mattermosttest.Options)

// theWords are what the adapter says in these tests.
func theWords(context.Context, string) mattermost.Words {
	return mattermost.Words{
		Working:     "Sedang saya kerjakan, mohon tunggu sebentar …",
		Continued:   "Saya lanjutkan berdua saja di [pesan langsung]({link}).",
		Form:        "Silakan isi di jendela yang baru terbuka, atau tulis di [pesan langsung]({link}).",
		FormAgain:   "Maaf, jendela isiannya belum bisa dibuka. Coba tekan sekali lagi.",
		Old:         "Isian ini sudah terlalu lama. Silakan mulai lagi.",
		Foreign:     "Tombol ini bukan untuk Anda.",
		Again:       "Ini sudah saya terima.",
		Unproven:    "Maaf, saya belum bisa memastikan bahwa ini dari Anda. Silakan coba sekali lagi, atau tulis di [pesan langsung]({link}).",
		Unreachable: "Maaf, saya belum bisa menulis pesan langsung kepada Anda. Tolong sampaikan ini kepada petugas bantuan.",
		Trouble:     "Maaf, sedang ada gangguan. Silakan coba lagi sebentar lagi.",
	}
}

func newWorld(t testing.TB, options ...option) *world {
	t.Helper()
	w := &world{t: t, engine: &engine{seen: map[string]int{}}, marks: &marks{kept: map[string]string{}}, log: &journal{}}
	w.receiver = w.engine
	c := mattermost.Config{
		Signer: bot.NewSigner(bytes.Repeat([]byte("k"), 32)), Logger: logger(w.log), Marks: w.marks, Words: theWords,
		CommandWords: []string{"link", "status", "help", "bahasa"},
		Timing: mattermost.Timing{
			Answer: time.Second, Hello: 500 * time.Millisecond, Ping: 40 * time.Millisecond, Pong: 500 * time.Millisecond,
			Backoff: 5 * time.Millisecond, Slowest: 50 * time.Millisecond, Call: 2 * time.Second, Retry: 300 * time.Millisecond,
		},
	}
	var o mattermosttest.Options
	for _, set := range options {
		set(&c, &o)
	}
	w.mm = mattermosttest.Start(t, o)
	w.hook = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) { w.bot.Handler(w.receiver).ServeHTTP(out, r) }))
	t.Cleanup(w.hook.Close)
	w.botID, w.secret = w.mm.AddBot("resetpin")
	w.mm.JoinTeam(w.mm.TeamID(), w.botID)
	w.command = w.mm.AddCommand("resetpin", w.hook.URL+"/mattermost/command").Token
	c.CommandTokens = []string{"another", w.mm.TeamID() + ":" + w.command, w.mm.TeamID() + ":" + w.mm.AddCommand("statusds", w.hook.URL+"/mattermost/command").Token}
	c.PublicURL, c.BotToken = w.hook.URL, w.secret
	if c.URL == "" {
		c.URL = w.mm.URL()
	}
	w.config = c
	var err error
	if w.bot, err = mattermost.New(c); err != nil {
		t.Fatal(err)
	}
	w.engine.channel = w.bot
	w.sari = w.mm.Person("sari")
	w.dm = w.sari.DM(w.botID)
	t.Cleanup(func() {
		if s := w.log.String(); strings.Contains(s, w.secret) || strings.Contains(s, w.command) {
			t.Error("a token is in the log")
		}
	})
	return w
}

// run starts listening; the function stops it and waits.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := w.bot.Run(ctx, w.receiver); err != nil {
			w.t.Error(err)
		}
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	w.t.Cleanup(stop)
	return stop
}

// listens starts listening and waits until it does.
func (w *world) listens() (stop func()) {
	w.t.Helper()
	stop = w.run()
	w.until("connected", func() bool { return w.bot.Ready(w.t.Context()) == nil })
	return stop
}

func (w *world) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	w.t.Cleanup(cancel)
	return ctx
}

// until waits for a condition.
func (w *world) until(what string, ok func() bool) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("never happened: %s; log:\n%s", what, w.log)
		}
	}
}

// types lets sari write to the bot.
func (w *world) types(text string) string {
	w.t.Helper()
	id, err := w.sari.Type(w.dm, text)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// hears waits for so many updates in all.
func (w *world) hears(n int) []bot.Update {
	w.t.Helper()
	w.until("updates", func() bool { return len(w.engine.updates()) >= n })
	return w.engine.updates()
}

// heard gives the texts of all updates.
func (w *world) heard() string {
	var out []string
	for _, u := range w.engine.updates() {
		out = append(out, u.Text)
	}
	return strings.Join(out, ",")
}

// to is where sari's answers go.
func (w *world) to() bot.Origin {
	return bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: w.sari.ID()}, Chat: w.dm, Private: true}
}

// deliver delivers and fails the test on an error.
func (w *world) deliver(to bot.Origin, r bot.Reply) mattermosttest.Post {
	w.t.Helper()
	if err := w.bot.Deliver(w.ctx(), to, r); err != nil {
		w.t.Fatal(err)
	}
	return w.sari.Last(w.dm)
}

// brings delivers a reply as the engine does: what could not be delivered is
// tried again.
func (w *world) brings(ctx context.Context, to bot.Origin, r bot.Reply) {
	w.t.Helper()
	for {
		err := w.bot.Deliver(ctx, to, r)
		if err == nil {
			return
		}
		var part *bot.Undelivered
		if errors.As(err, &part) {
			r = part.Rest
		}
		wait := max(50*time.Millisecond, bot.WaitOf(err))
		if errors.Is(err, bot.ErrGone) || ctx.Err() != nil || platform.Sleep(ctx, wait) != nil {
			w.t.Error(err)
			return
		}
	}
}

// engine is a Receiver that notes what it gets, takes each update once, and
// may answer or refuse.
type engine struct {
	mu      sync.Mutex
	channel bot.Channel
	got     []bot.Update
	seen    map[string]int // how often each id came
	refuse  int            // so many calls are refused
	answer  func(bot.Update) bot.Reply
	slow    time.Duration // until it answers
	errs    []error       // of deliveries
}

var errRefused = errors.New("the database is down")

func (e *engine) Receive(_ context.Context, updates ...bot.Update) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refuse > 0 {
		e.refuse--
		return errRefused
	}
	for _, u := range updates {
		if e.seen[u.ID]++; e.seen[u.ID] > 1 {
			continue
		}
		e.got = append(e.got, u)
		if e.answer != nil {
			go e.reply(u, e.answer(u), e.slow)
		}
	}
	return nil
}

func (e *engine) reply(u bot.Update, r bot.Reply, after time.Duration) {
	time.Sleep(after)
	if err := e.channel.Deliver(context.Background(), u.Origin, r); err != nil {
		e.set(func(e *engine) { e.errs = append(e.errs, err) })
	}
}

func (e *engine) updates() []bot.Update {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]bot.Update(nil), e.got...)
}

func (e *engine) set(f func(*engine)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f(e)
}

// answers sets what every update is answered.
func (e *engine) answers(r bot.Reply) {
	e.set(func(e *engine) { e.answer = func(bot.Update) bot.Reply { return r } })
}

// marks is a Marks that tests look into.
type marks struct {
	mu   sync.Mutex
	kept map[string]string
}

func (m *marks) Get(_ context.Context, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[name], nil
}

func (m *marks) Put(_ context.Context, name, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[name] = value
	return nil
}

func logger(to *journal) *slog.Logger {
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// journal is a log that can be read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func say(text string) bot.Reply { return bot.Reply{Messages: []bot.Message{{Text: text}}} }

// rand26 gives an id of Mattermost's form.
func rand26() string { return strings.ToLower(rand.Text()) }
