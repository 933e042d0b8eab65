package telegram_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/bot/telegram"
	"resetpin/bot/telegram/telegramtest"
)

func itoa(n int) string { return strconv.Itoa(n) }

// receiving runs a story both ways.
func receiving(t *testing.T, story func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("polling", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.poll()
		story(t, w)
	})
	t.Run("webhook", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.hook()
		story(t, w)
	})
}

func TestAPersonWritesAndIsAnswered(t *testing.T) {
	t.Parallel()
	receiving(t, func(t *testing.T, w *world) {
		w.engine.set(func(e *engine) {
			e.answer = func(u bot.Update) bot.Reply { return say("**" + string(u.Kind) + "** " + u.Command + " " + u.Text) }
		})
		w.sari.Type("/start reset-pin")
		m := w.shows(w.sari, "command start reset-pin")
		if m.HTML != "<b>command</b> start reset-pin" {
			t.Errorf("formatted as %s", m.HTML)
		}
		u := w.engine.updates()[0]
		if u.Account != sari() || !u.Private || u.Chat != "77" || u.Language != "id" || u.Handle != "" {
			t.Errorf("update %+v", u)
		}
		until(t, "everything is confirmed", func() bool { return w.tg.Pending() == 0 })
	})
}

func TestNoUpdateIsLostWhenItCannotBeTakenOver(t *testing.T) {
	t.Parallel()
	receiving(t, func(t *testing.T, w *world) {
		w.engine.set(func(e *engine) { e.refuse = 2 })
		for i := range 5 {
			w.sari.Type("pesan " + itoa(i))
		}
		until(t, "all five arrive", func() bool { return len(w.engine.updates()) >= 5 })
		seen := map[string]bool{}
		var texts []string
		for _, u := range w.engine.updates() {
			if !seen[u.ID] {
				texts = append(texts, u.Text)
			}
			seen[u.ID] = true
		}
		if got := strings.Join(texts, ","); got != "pesan 0,pesan 1,pesan 2,pesan 3,pesan 4" {
			t.Errorf("arrived: %s", got)
		}
		until(t, "everything is confirmed", func() bool { return w.tg.Pending() == 0 })
	})
}

func TestUpdatesOutliveARestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stop := w.poll()
	until(t, "polling", func() bool { return len(w.tg.Calls()) >= 2 })
	stop()
	w.engine.set(func(e *engine) { e.refuse = 1 })
	w.sari.Type("sebelum mati")
	stop = w.poll()
	until(t, "the first try", func() bool { var left int; w.engine.set(func(e *engine) { left = e.refuse }); return left == 0 })
	stop()
	if n := len(w.engine.updates()); n > 1 {
		t.Fatalf("%d updates", n)
	}
	w.poll()
	until(t, "it arrives", func() bool { return len(w.engine.updates()) >= 1 })
	until(t, "it is confirmed", func() bool { return w.tg.Pending() == 0 })
}

func TestManyUpdatesArriveInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 250 {
		w.sari.Type(itoa(i))
	}
	w.poll()
	until(t, "all arrive", func() bool { return len(w.engine.updates()) == 250 })
	for i, u := range w.engine.updates() {
		if u.Text != itoa(i) {
			t.Fatalf("place %d has %s", i, u.Text)
		}
	}
}

func TestPollingTakesAWebhookAwayAndKeepsWhatWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	srv := w.hook()
	srv.Close()
	w.sari.Type("menunggu")
	w.poll()
	until(t, "it arrives", func() bool { return len(w.engine.updates()) == 1 })
}

func TestTwoPollersAreToldOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.poll()
	other, err := telegram.New(telegram.Config{Token: token, APIURL: w.tg.URL(), Signer: bot.NewSigner(nil)})
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = other.Poll(w.ctx(), &engine{}) }()
	until(t, "the log says so", func() bool { return strings.Contains(w.log.String(), "another program polls") })
	if err := w.bot.Ready(w.ctx()); err == nil {
		t.Log("ready again between two conflicts")
	}
}

func TestAWrongTokenIsToldOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *telegram.Config, _ *telegramtest.Options) { c.Token = "4242:another" })
	w.poll()
	until(t, "the log says so", func() bool { return strings.Contains(w.log.String(), "does not know the bot token") })
	if err := w.bot.Ready(w.ctx()); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("Ready gives %v", err)
	}
	if _, err := w.bot.Me(w.ctx()); err == nil {
		t.Error("Me works")
	}
}

func TestWebhookRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	srv := w.hook()
	good := `{"update_id":9,"message":{"message_id":1,"from":{"id":77},"chat":{"id":77,"type":"private"},"date":1,"text":"halo"}}`
	for name, c := range map[string]struct {
		method, secret, body string
		want                 int
	}{
		"no secret":    {"POST", "", good, 401},
		"wrong secret": {"POST", secret + "x", good, 401},
		"GET":          {"GET", secret, "", 405},
		"no JSON":      {"POST", secret, "halo", 400},
		"no update":    {"POST", secret, `{"ok":true}`, 400},
		"wrong types":  {"POST", secret, `{"update_id":"nine"}`, 400},
		"too large":    {"POST", secret, `{"update_id":9,"x":"` + strings.Repeat("x", 2<<20) + `"}`, 413},
		"good":         {"POST", secret, good, 200},
		"not for us":   {"POST", secret, `{"update_id":10,"poll":{}}`, 200},
	} {
		req, err := http.NewRequestWithContext(w.ctx(), c.method, srv.URL, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		if resp.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", name, resp.StatusCode, c.want)
		}
	}
	if n := len(w.engine.updates()); n != 1 {
		t.Errorf("%d updates were taken over, want 1", n)
	}
}

func TestWithoutASecretNothingIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *telegram.Config, _ *telegramtest.Options) { c.WebhookSecret = "" })
	if err := w.bot.SetWebhook(w.ctx(), "https://bot.example/telegram/webhook"); err == nil {
		t.Error("a webhook without a secret was set")
	}
	got := httptest.NewRecorder()
	w.bot.Webhook(w.engine).ServeHTTP(got, httptest.NewRequest(http.MethodPost, "/telegram/webhook", strings.NewReader(`{"update_id":9}`)))
	if got.Code != http.StatusUnauthorized {
		t.Errorf("a call without a secret is answered %d", got.Code)
	}
}

func TestSetWebhookTellsTelegramTheSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.hook()
	w.sari.Type("halo")
	until(t, "it arrives", func() bool { return len(w.engine.updates()) == 1 })
	for _, c := range w.tg.Calls() {
		if c.Method == "setWebhook" && (c.Params["secret_token"] != secret || c.Params["allowed_updates"] != `["message","edited_message","callback_query","chat_member"]`) {
			t.Errorf("setWebhook %v", c.Params)
		}
	}
}

func TestForgedPressIsAnsweredPolitely(t *testing.T) {
	t.Parallel()
	receiving(t, func(t *testing.T, w *world) {
		id := w.sari.Type("halo")
		w.sari.PressData(id, "reset~~abc~AAAAAAAAAAAA")
		until(t, "the toast", func() bool { return len(w.sari.Toasts()) == 1 })
		if got := w.sari.Toasts()[0].Text; got != "Tombol ini sudah tidak berlaku." {
			t.Errorf("toast %q", got)
		}
		until(t, "everything is confirmed", func() bool { return w.tg.Pending() == 0 })
		if got := w.engine.updates(); len(got) != 1 || got[0].Kind != bot.KindText {
			t.Errorf("updates %+v", got)
		}
	})
}

func TestAnotherPersonsButtonIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.tg.Group(-500, "Kantor")
	budi := w.tg.User(88, "Budi", "id").In(-500)
	w.poll()
	sariThere := w.sari.In(-500)
	sariThere.Type("/status")
	until(t, "the command", func() bool { return len(w.engine.updates()) == 1 })
	u := w.engine.updates()[0]
	if u.Private || u.Chat != "-500" {
		t.Errorf("origin %+v", u.Origin)
	}
	w.deliver(u.Origin, bot.Reply{Messages: []bot.Message{{Text: "Lanjut di chat pribadi", Buttons: [][]bot.Button{{{Text: "Cek", Action: bot.Action{Name: "status"}}}}}}})
	m := w.shows(sariThere, "Lanjut")
	if m.ReplyTo == 0 {
		t.Error("a group's answer is not tied to its question")
	}
	if _, _, err := budi.Press(m.ID, "Cek"); err != nil {
		t.Fatal(err)
	}
	until(t, "the toast", func() bool { return len(budi.Toasts()) == 1 })
	if _, _, err := sariThere.Press(m.ID, "Cek"); err != nil {
		t.Fatal(err)
	}
	until(t, "the press", func() bool { return len(w.engine.updates()) == 2 })
	if got := w.engine.updates()[1]; got.Action.Name != "status" || got.Account != sari() || got.Private {
		t.Errorf("press %+v", got)
	}
}

func TestOnlyOwnCommandsInGroups(t *testing.T) {
	t.Parallel()
	receiving(t, func(t *testing.T, w *world) {
		w.tg.Group(-500, "Kantor")
		there := w.sari.In(-500)
		there.Type("/status@other_bot")
		there.Type("/status@ResetPIN_bot")
		there.Type("bukan untuk bot")
		until(t, "everything is confirmed", func() bool { return w.tg.Pending() == 0 })
		if got := w.engine.updates(); len(got) != 1 || got[0].Command != "status" {
			t.Errorf("updates %+v", got)
		}
	})
}

func TestEveryPressIsAnsweredWithinASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.poll()
	to := w.met()
	w.deliver(to, bot.Reply{Messages: []bot.Message{{Text: "Pilih", Buttons: [][]bot.Button{{{Text: "Ya", Action: bot.Action{Name: "yes"}}}}}}})
	if _, _, err := w.sari.Press(w.shows(w.sari, "Pilih").ID, "Ya"); err != nil {
		t.Fatal(err)
	}
	until(t, "the press is answered though nobody handles it", func() bool { return len(w.sari.Toasts()) == 1 })
}
