package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"resetpin/bot"
	"resetpin/bot/telegram/telegramtest"
)

// seeds adds the contents of files to a fuzz test's corpus.
func seeds(f *testing.F, pattern string) {
	f.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", pattern, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
}

// letters gives the letters of a text, to see that none is lost.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// FuzzMarkdown: whatever the Markdown, Telegram takes the text with its
// entities as it is, nothing of it is lost, nothing becomes a link that is
// none, and its pieces are within the limits.
func FuzzMarkdown(f *testing.F) {
	seeds(f, "testdata/*.md")
	for _, s := range []string{
		"", "*", "**a", "_a_b_", "`", "``` \n<", "> > >", "- - -", "1. 2. 3.", "[a](b", "[a](<b>)", "![", "<a>", "&#0;", "&#xD800;", "\\", "\x00", "\xff",
		"    a\nb", "~~~\na", "***a***b**", "[**a](https://a.b)**", "> **a\n> b**", "a\n\n\n\nb", "- a\n\n      b", "1) a", "+ a", "=\n", " a", "a ", "#a", "a  b",
		"**a.id**", "[`a.id`](https://b.id/)", "_a **b.id/c** d_", "na•••h@x.id", "[a@b.id c](https://b.id/) d.id",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, markdown string) {
		whole := Format(markdown)
		shows(t, markdown, whole)
		if !strings.ContainsAny(markdown, "[]<>&`~!") && letters(clean(markdown)) != letters(whole.Text) {
			t.Errorf("%q lost letters: %q", markdown, whole.Text)
		}
		if whole.Text == "" {
			return
		}
		for _, piece := range whole.split(40) {
			if shows(t, markdown, piece); length16(piece.Text) > 40 {
				t.Errorf("piece %q of %q: %d units", piece.Text, markdown, length16(piece.Text))
			}
		}
	})
}

// shows checks that a text is taken as it is and links nothing but what has a
// scheme.
func shows(t *testing.T, markdown string, f Formatted) {
	t.Helper()
	if len(f.Entities) > maxEntities {
		return // its pieces are what is sent
	}
	given, err := json.Marshal(f.Entities)
	if err != nil {
		t.Fatal(err)
	}
	if f.Entities == nil {
		given = nil
	}
	text, seen, err := telegramtest.Shown(f.Text, given)
	if err != nil {
		t.Fatalf("%q renders to %q %s: %v", markdown, f.Text, given, err)
	}
	if text != f.Text {
		t.Errorf("%q: sent %q, shown is %q", markdown, f.Text, text)
	}
	for _, e := range seen {
		if e.Type == "email" || e.Type == "url" && !strings.Contains(e.URL[:min(len(e.URL), 40)], "://") {
			t.Errorf("%q: %q is a link", markdown, e.URL)
		}
	}
}

// FuzzWebhook: whatever is posted with the right secret, the answer is one of
// those documented, and only whole updates are taken over.
func FuzzWebhook(f *testing.F) {
	seeds(f, "testdata/updates/*.json")
	for _, s := range []string{"", "{}", "[]", "null", `{"update_id":1}`, `{"update_id":1,"message":null}`, `{"update_id":1,"message":{}}`, `{"update_id":1,"callback_query":{"from":{}}}`, `{"update_id":1e3}`} {
		f.Add(s)
	}
	taken := &counter{}
	a, err := New(Config{
		Token: "1:x", APIURL: "http://127.0.0.1:1", Signer: bot.NewSigner([]byte("k")), WebhookSecret: "s",
		Logger: slog.New(slog.DiscardHandler), Limits: Limits{Retry: time.Millisecond},
	})
	if err != nil {
		f.Fatal(err)
	}
	a.me.Store(&Me{Username: "resetpin_bot"})
	hook := a.Webhook(taken)
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "/", bytes.NewReader([]byte(body)))
		r.Header.Set(secretHeader, "s")
		w := httptest.NewRecorder()
		hook.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 400 {
			t.Errorf("status %d", w.Code)
		}
		if u := taken.last; w.Code == 200 && u.ID != "" && (u.Account.ID == "" || u.Kind == "") {
			t.Errorf("taken over: %+v", u)
		}
	})
}

type counter struct{ last bot.Update }

func (c *counter) Receive(_ context.Context, updates ...bot.Update) error {
	c.last = updates[0]
	return nil
}

// FuzzPress: callback data that this bot did not sign never becomes an action.
func FuzzPress(f *testing.F) {
	signer := bot.NewSigner([]byte("0123456789abcdef0123456789abcdef"))
	good, err := signer.Sign(account(77), bot.Action{Name: "reset.go", Arg: "42"}, time.Unix(1_800_000_000, 0))
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "~", "~~~", good + "x", good[1:], strings.ToUpper(good), "reset.go~42~" + strings.Repeat("z", 8) + "~AAAAAAAAAAAA", "\x00"} {
		f.Add(s, int64(77))
	}
	f.Add(good, int64(78))
	f.Fuzz(func(t *testing.T, data string, user int64) {
		q := &wireQuery{ID: "1", From: &wireUser{ID: user}, Message: &wireMessage{ID: 1, Date: 1}, Data: data}
		q.Message.Chat.ID = user
		u, err := mapper{signer: signer}.update(&wireUpdate{ID: 1, Query: q})
		if err == nil && (data != good || user != 77) {
			t.Errorf("%q became %+v", data, u.Action)
		}
		if err != nil && !errors.Is(err, errForged) {
			t.Errorf("error %v", err)
		}
	})
}
