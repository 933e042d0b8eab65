package telegram_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"resetpin/bot"
	"resetpin/bot/telegram"
	"resetpin/bot/telegram/telegramtest"
)

type config = telegram.Config

// clock is a clock that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestTroubleIsOvercome(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]telegramtest.Fault{
		"500":              {Code: 500, Times: 2},
		"502 with HTML":    {Code: 502, HTML: true, Times: 1},
		"429":              {Code: 429, RetryAfter: 1, Times: 1},
		"cut before":       {Code: 500, Drop: true, Times: 1},
		"slow":             {Delay: 300 * time.Millisecond, Times: 1},
		"slower than wait": {Delay: 700 * time.Millisecond, Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(c *config, _ *telegramtest.Options) { c.Limits.Call = 500 * time.Millisecond })
			to := w.met()
			fault.Method = "sendMessage"
			w.tg.Break(fault)
			w.deliver(to, say("halo"))
			if n := len(w.sari.Messages()); n != 2 && name != "slower than wait" {
				t.Errorf("%d messages", n)
			}
		})
	}
}

func TestRetryAfterHoldsTheChatButNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.met()
	budi := w.tg.User(88, "Budi", "id")
	budi.Type("halo")
	w.tg.Break(telegramtest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 1, Times: 1})
	var work sync.WaitGroup
	work.Go(func() { w.deliver(to, say("satu")) })
	until(t, "telegram says to wait", func() bool { return strings.Contains(w.log.String(), "asks to wait") })
	work.Go(func() { w.deliver(to, say("dua")) })
	w.deliver(bot.Origin{Account: bot.Account{Platform: bot.Telegram, ID: "88"}}, say("tiga"))
	work.Wait()
	for _, m := range w.sari.Messages()[1:] {
		if !budi.Last().Sent.Before(m.Sent) {
			t.Errorf("another chat waited for %q", m.Text)
		}
	}
	if n := len(w.calls()); n != 4 {
		t.Errorf("calls %v", w.calls())
	}
}

func TestTooLongAWaitIsGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.met()
	w.tg.Break(telegramtest.Fault{Method: "sendMessage", Code: 429, RetryAfter: 300})
	err := w.bot.Deliver(w.ctx(), to, say("halo"))
	var e *telegram.Error
	if !errors.As(err, &e) || e.RetryAfter != 5*time.Minute || errors.Is(err, bot.ErrGone) {
		t.Errorf("error %v", err)
	}
}

func TestLastingTroubleIsGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config, _ *telegramtest.Options) { c.Limits.Retry = 400 * time.Millisecond })
	to := w.met()
	w.tg.Break(telegramtest.Fault{Code: 502, HTML: true})
	err := w.bot.Deliver(w.ctx(), to, say("halo"))
	if err == nil || errors.Is(err, bot.ErrGone) || strings.Contains(err.Error(), "pretend_secret") {
		t.Errorf("error %v", err)
	}
	w.tg.Heal()
	w.deliver(to, say("halo"))
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	log := &journal{}
	a, err := telegram.New(config{Token: token, APIURL: "http://" + l.Addr().String(), Signer: bot.NewSigner(nil), Logger: logger(log), Limits: telegram.Limits{Retry: 100 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	to := bot.Origin{Account: sari(), Handle: "t123"}
	shot := bot.Reply{Messages: []bot.Message{{Picture: &bot.Picture{Name: "a.png", Data: func() []byte { return picture(1) }}}}}
	for _, err := range []error{
		a.Deliver(t.Context(), to, say("halo")), a.Deliver(t.Context(), to, shot), a.Ready(t.Context()),
		a.SetCommands(t.Context(), map[string][]telegram.Command{"": {{Name: "help", Description: "Bantuan"}}}),
		a.SetWebhook(t.Context(), "https://bot.example/x"),
	} {
		if err == nil || strings.Contains(err.Error(), "pretend_secret") {
			t.Errorf("error %v", err)
		}
	}
	if strings.Contains(log.String(), "pretend_secret") {
		t.Error("the token is in the log")
	}
}

func TestStoppingEndsADelivery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.met()
	w.tg.Break(telegramtest.Fault{Code: 500})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	if err := w.bot.Deliver(ctx, to, say("halo")); err == nil {
		t.Error("delivered")
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestWhatTelegramRefusesIsSentPlainer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.met()
	w.tg.Break(telegramtest.Fault{Method: "sendMessage", Code: 400, Text: "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0", Times: 1})
	w.deliver(to, bot.Reply{Messages: []bot.Message{{Text: "**A** & <b>", Buttons: buttons("Ya")}}})
	if m := w.sari.Last(); m.HTML != "A &amp; &lt;b&gt;" || len(m.Buttons) != 1 {
		t.Errorf("message %+v", m)
	}
	w.tg.Break(telegramtest.Fault{Method: "sendMessage", Code: 400, Text: "Bad Request: BUTTON_URL_INVALID", Times: 2})
	w.deliver(to, bot.Reply{Messages: []bot.Message{{Text: "B", Buttons: buttons("Ya")}}})
	if m := w.sari.Last(); m.Text != "B" || len(m.Buttons) != 0 {
		t.Errorf("message %+v", m)
	}
	w.tg.Break(telegramtest.Fault{Method: "sendMessage", Code: 400, Text: "Bad Request: TOPIC_CLOSED"})
	if err := w.bot.Deliver(w.ctx(), to, say("C")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("what can never be sent gives %v", err)
	}
}

func TestAnEditThatIsRefusedBecomesAMessage(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Langkah 1", Buttons: buttons("Lanjut")})
	u := w.pressed(m.ID, "Lanjut")
	w.tg.Break(telegramtest.Fault{Method: "editMessageText", Code: 400, Text: "Bad Request: ENTITY_BOUNDS_INVALID", Times: 1})
	w.deliver(u.Origin, bot.Reply{Messages: []bot.Message{{Text: "**2**", Replace: true}}})
	if now := w.sari.Last(); now.ID == m.ID || now.HTML != "<b>2</b>" {
		t.Errorf("message %+v", now)
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config, _ *telegramtest.Options) {
		c.Limits.PerChat, c.Limits.PerChatBurst, c.Limits.Overall = 20, 2, rate.Inf
	})
	to := w.met()
	began := time.Now()
	for range 6 {
		w.deliver(to, say("halo"))
	}
	if took := time.Since(began); took < 180*time.Millisecond {
		t.Errorf("six messages at 20 a second with a burst of two took %s", took)
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.bot.Ready(w.ctx()); err != nil {
		t.Error(err)
	}
	if link := w.bot.DeepLink("resetpin"); link != "https://t.me/resetpin_bot?start=resetpin" {
		t.Errorf("deep link %q", link)
	}
	w.poll()
	w.tg.Break(telegramtest.Fault{Method: "getUpdates", Code: 502, HTML: true})
	w.sari.Type("wake up")
	until(t, "polling fails", func() bool { return w.bot.Ready(w.ctx()) != nil })
	w.tg.Heal()
	until(t, "polling works again", func() bool { return w.bot.Ready(w.ctx()) == nil })
}

func TestCommandMenus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.bot.SetCommands(w.ctx(), map[string][]telegram.Command{
		"":   {{Name: "status", Description: "Cek status"}},
		"en": {{Name: "status", Description: "Check status"}, {Name: "help", Description: strings.Repeat("h", 300)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.tg.Commands("en"); len(got) != 2 || got[0].Description != "Check status" || len([]rune(got[1].Description)) != 256 {
		t.Errorf("English menu %+v", got)
	}
	if got := w.tg.Commands("jv"); len(got) != 1 || got[0].Description != "Cek status" {
		t.Errorf("other menu %+v", got)
	}
	if err := w.bot.SetCommands(w.ctx(), map[string][]telegram.Command{"": {{Name: "Status", Description: "x"}}}); err == nil {
		t.Error("a wrong name is taken")
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	t.Parallel()
	good := config{Token: token, Signer: bot.NewSigner(nil)}
	for name, change := range map[string]func(*config){
		"token":  func(c *config) { c.Token = "secret-without-digits" },
		"secret": func(c *config) { c.WebhookSecret = "not allowed!" },
		"url":    func(c *config) { c.APIURL = "api.telegram.org" },
		"signer": func(c *config) { c.Signer = nil },
	} {
		c := good
		change(&c)
		if _, err := telegram.New(c); err == nil || strings.Contains(err.Error(), "without-digits") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := telegram.New(good); err != nil {
		t.Error(err)
	}
}

// Of a message that is sent in two parts only the one that failed is sent again.
func TestOnlyThePartThatIsMissingIsSentAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	to := w.met()
	shot := &bot.Picture{Name: "a.png", Data: func() []byte { return picture(1) }}
	w.tg.Break(telegramtest.Fault{Method: "sendMessage", Code: 500, Times: 1})
	w.deliver(to, bot.Reply{Messages: []bot.Message{{Text: strings.Repeat("panjang ", 300), Picture: shot}}})
	if n := strings.Count(strings.Join(w.calls(), " "), "sendPhoto"); n != 1 || len(w.sari.Messages()) != 3 {
		t.Errorf("calls %v, %d messages", w.calls(), len(w.sari.Messages()))
	}
}
