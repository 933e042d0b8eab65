package mattermost_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/bot/mattermost/mattermosttest"
)

// brokenPost lets the next new post fail before it is written.
func (w *world) brokenPost() {
	w.mm.Break(mattermosttest.Fault{Method: http.MethodPost, Path: "/api/v4/posts", Times: 1, Code: http.StatusInternalServerError})
}

// TestOnlyThePiecesThatAreMissingAreWrittenAgain: the first of two pieces
// stands in the place of the old post.
func TestOnlyThePiecesThatAreMissingAreWrittenAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := w.deliver(w.to(), oneButton)
	to := w.to()
	to.Message = post.ID
	long := bot.Reply{Messages: []bot.Message{{Text: strings.Repeat("panjang sekali ", 1500), Replace: true}, {Text: "akhir"}}}
	w.brokenPost()
	var part *bot.Undelivered
	if err := w.bot.Deliver(w.ctx(), to, long); !errors.As(err, &part) {
		t.Fatalf("error %v", err)
	}
	w.deliver(to, part.Rest)
	posts := w.sari.Posts(w.dm)
	if len(posts) != 3 || posts[0].ID != post.ID || posts[2].Text != "akhir" {
		t.Fatalf("%d posts", len(posts))
	}
	if n := strings.Count(texts(posts), "panjang"); n != 1500 {
		t.Errorf("the words are there %d times", n)
	}
}

// TestAPressedPostChangesThoughTheNextPostFails: what the request itself is
// answered with is not lost when what follows is tried again.
func TestAPressedPostChangesThoughTheNextPostFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	post := w.deliver(w.to(), oneButton)
	w.engine.answers(bot.Reply{Messages: []bot.Message{{Text: "sudah", Replace: true}, {Text: "lalu"}}})
	w.brokenPost()
	if err := w.sari.Press(post.ID, "Ya"); err != nil {
		t.Fatal(err)
	}
	var errs []error
	w.until("an error", func() bool { w.engine.set(func(e *engine) { errs = e.errs }); return len(errs) > 0 })
	var part *bot.Undelivered
	if !errors.As(errs[0], &part) {
		t.Fatalf("error %v", errs[0])
	}
	w.deliver(w.hears(1)[0].Origin, part.Rest)
	if got := texts(w.sari.Posts(w.dm)); got != "sudah\nlalu" {
		t.Errorf("the direct message holds\n%s", got)
	}
}
