package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/bot/telegram"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/bot/telegram/telegramtest/tdlib"
	"resetpin/guides"
	"resetpin/handlers"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
)

// TestTelegramTakesEveryText asks Telegram's own library about every text that
// the bot can send: each short text and each page of each guide, in both
// languages. It must take it, show what was meant and what the pretend server
// shows, and make no link of what is none.
func TestTelegramTakesEveryText(t *testing.T) {
	t.Parallel()
	r, err := tdlib.Start(context.Background(), "../telegram/telegramtest/tdlib")
	if errors.Is(err, tdlib.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	texts, err := handlers.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	commands := handlers.CommandWords()
	count := 0
	ask := func(name, markdown string) {
		count++
		f := telegram.Format(markdown)
		got, err := r.Read(f.Text, f.Entities)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		given, err := json.Marshal(f.Entities)
		if err != nil {
			t.Fatal(err)
		}
		text, seen, err := telegramtest.Shown(f.Text, given)
		if err != nil || text != got.Text {
			t.Errorf("%s: sent %q, the pretend server shows %q (%v), TDLib %q", name, f.Text, text, err, got.Text)
		}
		shown := slices.Concat(got.Given, got.Found)
		if !slices.Equal(telegramtest.Looks(text, seen), telegramtest.Looks(text, shown)) || !slices.Equal(touches(text, seen), touches(text, shown)) {
			t.Errorf("%s: the pretend server shows %+v, TDLib %+v", name, seen, shown)
		}
		if links := got.Links(); len(links) > 0 {
			t.Errorf("%s: what is no link becomes one: %q", name, links)
		}
		for _, c := range got.Commands() {
			if !slices.Contains(commands, c) {
				t.Errorf("%s: /%s is no command", name, c)
			}
		}
	}
	for _, language := range []string{talk.Indonesian, "en"} {
		for _, key := range texts.Keys() {
			if strings.HasPrefix(key, "mattermost.") {
				continue // said there alone
			}
			ask(language+" "+key, texts.Get(language, key, samples()...))
		}
	}
	everyPage(t, texts, func(name string, m bot.Message) { ask(name, m.Text) })
	t.Logf("%d texts", count)
}

// samples give every placeholder of the short texts a value of its kind.
func samples() []string {
	values := guides.Examples()
	for name, value := range map[string]string{
		"host": "esign-bsre.bssn.go.id.palsu.test", "name": "Pegawai Satu", "mail": "pe•••i@contoh.go.id", "contact": "helpdesk@contoh.go.id, 021-555 0101",
		"nip": "198505052012122991", "time": "10.21 WIB", "date": "27-11-2026", "id": "7F3K-2M9P", "phone": "0812•••••001", "unit": "Biro Umum/Kepegawaian",
		"link": "https://t.me/resetpin_bot?start=resetpin", "account": "Telegram 1000000077",
	} {
		values[name] = value
	}
	var out []string
	for name, value := range values {
		out = append(out, name, value)
	}
	return out
}

// touches gives what a touch on a text opens or sends, in order.
func touches(text string, entities []telegramtest.Entity) []string {
	var out []string
	for _, e := range entities {
		switch e.Type {
		case "url", "email", "bot_command", "text_link":
			out = append(out, telegramtest.Cut(text, e))
		}
	}
	slices.Sort(out)
	return out
}

// everyPage gives every page of every guide as Telegram's users see it, in
// both languages and all situations.
func everyPage(t *testing.T, texts *talk.Texts, do func(name string, m bot.Message)) {
	t.Helper()
	library, err := guides.Load(guides.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, folder := range library.All() {
		g, _ := library.Guide(folder)
		for _, language := range []string{talk.Indonesian, "en"} {
			for _, at := range g.Positions() {
				for s := range g.Situations(at, language) {
					s.Platform = bot.Telegram
					view, err := g.View(at, s)
					if err != nil {
						t.Fatal(err)
					}
					m := pages.Page(texts, language, view, func(c guides.Choice) bot.Button { return bot.Button{Text: c.Label} })
					if !seen[m.Text] {
						seen[m.Text] = true
						do(folder+" "+at+" "+language, m)
					}
				}
			}
		}
	}
}
