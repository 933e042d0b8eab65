package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/platform"
	"resetpin/bot/telegram"
	"resetpin/bot/telegram/telegramtest"
)

const (
	token  = "4242:AAF-pretend_secret"
	secret = "webhook-secret_1"
)

// world is an adapter with a pretend Telegram at one side and a pretend
// engine at the other.
type world struct {
	t      *testing.T
	tg     *telegramtest.Server
	bot    *telegram.Adapter
	engine *engine
	log    *journal
	sari   *telegramtest.Person
}

type option func(*telegram.Config, *telegramtest.Options)

func newWorld(t *testing.T, options ...option) *world {
	t.Helper()
	w := &world{t: t, engine: &engine{}, log: &journal{}}
	c := telegram.Config{
		Token: token, Signer: bot.NewSigner(bytes.Repeat([]byte("k"), 32)), WebhookSecret: secret,
		Logger: logger(w.log),
	}
	o := telegramtest.Options{Redeliver: 10 * time.Millisecond}
	for _, set := range options {
		set(&c, &o)
	}
	var err error
	w.tg, err = telegramtest.New(token, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.tg.Close(); err != nil {
			t.Error(err)
		}
	})
	c.APIURL = w.tg.URL()
	if w.bot, err = telegram.New(c); err != nil {
		t.Fatal(err)
	}
	w.engine.channel = w.bot
	w.sari = w.tg.User(77, "Sari", "id")
	t.Cleanup(func() {
		if strings.Contains(w.log.String(), "pretend_secret") {
			t.Error("the token is in the log")
		}
	})
	return w
}

// met lets Sari write once, without the bot's receiving it, so that the bot
// may write to her; it gives the origin of what she wrote.
func (w *world) met() bot.Origin {
	id := w.sari.Type("halo")
	return bot.Origin{Account: sari(), Chat: "77", Private: true, Message: itoa(id)}
}

func sari() bot.Account { return bot.Account{Platform: bot.Telegram, ID: "77"} }

// poll starts polling; the function stops it and waits.
func (w *world) poll() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := w.bot.Poll(ctx, w.engine); err != nil {
			w.t.Error(err)
		}
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	w.t.Cleanup(stop)
	return stop
}

// hook serves the webhook and tells Telegram so.
func (w *world) hook() *httptest.Server {
	srv := httptest.NewServer(w.bot.Webhook(w.engine))
	w.t.Cleanup(srv.Close)
	if err := w.bot.SetWebhook(w.ctx(), srv.URL+"/telegram/webhook"); err != nil {
		w.t.Fatal(err)
	}
	return srv
}

func (w *world) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	w.t.Cleanup(cancel)
	return ctx
}

// deliver brings a reply as the engine does: what could not be delivered is
// tried again, when Telegram allows.
func (w *world) deliver(to bot.Origin, r bot.Reply) {
	w.t.Helper()
	for ctx := w.ctx(); ; {
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
			w.t.Fatal(err)
		}
	}
}

// shows waits for a message of the bot's with the text.
func (w *world) shows(who *telegramtest.Person, text string) telegramtest.Message {
	w.t.Helper()
	m, err := who.Wait(w.ctx(), func(m telegramtest.Message) bool { return strings.Contains(m.Text, text) })
	if err != nil {
		w.t.Fatalf("%q: %v; log:\n%s", text, err, w.log)
	}
	return m
}

// until waits for a condition.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never happened: " + what)
		}
	}
}

// calls gives the methods that were called, without those of starting up.
func (w *world) calls() []string {
	var names []string
	for _, c := range w.tg.Calls() {
		switch c.Method {
		case "getMe", "deleteWebhook", "setWebhook":
		default:
			names = append(names, c.Method)
		}
	}
	return names
}

// engine is a Receiver that notes what it gets and may answer or refuse it.
type engine struct {
	mu      sync.Mutex
	channel bot.Channel
	got     []bot.Update
	refuse  int // so many calls are refused
	answer  func(bot.Update) bot.Reply
}

var errRefused = errors.New("the database is down")

func (e *engine) Receive(_ context.Context, updates ...bot.Update) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refuse > 0 {
		e.refuse--
		return errRefused
	}
	e.got = append(e.got, updates...)
	for _, u := range updates {
		if e.answer != nil {
			reply, channel := e.answer(u), e.channel
			go func() { _ = channel.Deliver(context.Background(), u.Origin, reply) }()
		}
	}
	return nil
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

// picture draws a small PNG of one colour.
func picture(shade uint8) []byte {
	img := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = color.Gray{Y: shade}.Y
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func say(text string) bot.Reply { return bot.Reply{Messages: []bot.Message{{Text: text}}} }
