package mattermost_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
)

// TestAnAnswerThatIsRepeatedByAnotherProcessIsOnePost: the process that wrote
// it died before it could note that it had, or a part of it was lost.
func TestAnAnswerThatIsRepeatedByAnotherProcessIsOnePost(t *testing.T) {
	t.Parallel()
	var config mattermost.Config
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) { config = *c })
	config.URL, config.BotToken, config.PublicURL, config.CommandTokens = w.mm.URL(), w.secret, w.hook.URL, []string{w.mm.TeamID() + ":" + w.command}
	other, err := mattermost.New(config)
	if err != nil {
		t.Fatal(err)
	}
	answer := bot.Reply{Messages: []bot.Message{{Text: "satu, pukul 10.00"}, {Text: "dua"}, {Text: "dua"}}}
	again := bot.Reply{Messages: []bot.Message{{Text: "satu, pukul 10.01"}, {Text: "dua"}, {Text: "dua"}}} // made a moment later
	rest := bot.Reply{Messages: []bot.Message{{Text: "dua"}}, Said: 2}
	ctx := bot.WithID(w.ctx(), "F4K7QH")
	for _, step := range []struct {
		by    *mattermost.Adapter
		reply bot.Reply
	}{{w.bot, answer}, {other, again}, {w.bot, rest}} {
		if err := step.by.Deliver(ctx, w.to(), step.reply); err != nil {
			t.Fatal(err)
		}
	}
	if got := texts(w.sari.Posts(w.dm)); got != "satu, pukul 10.00\ndua\ndua" {
		t.Errorf("the direct message holds\n%s", got)
	}
	// The answer to what was written next is another, whatever it says.
	if err := w.bot.Deliver(bot.WithID(w.ctx(), "G4K7QH"), w.to(), rest); err != nil {
		t.Fatal(err)
	}
	if got := texts(w.sari.Posts(w.dm)); got != "satu, pukul 10.00\ndua\ndua\ndua" {
		t.Errorf("the direct message holds\n%s", got)
	}
}

// TestWhatIsBeingWrittenIsTriedAgain: a real server refuses the same post while
// it writes it, and one of two that are the first in their thread.
func TestWhatIsBeingWrittenIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		ids  [2]string
		said string
	}{
		"the same post by another process": {[2]string{"F4K7QH", "F4K7QH"}, "satu"},
		"two answers that open a thread":   {[2]string{"F4K7QH", "G4K7QH"}, "satu\nsatu"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			root, err := w.sari.Type(w.dm, "halo")
			if err != nil {
				t.Fatal(err)
			}
			to := w.to()
			to.Handle = ";" + root
			w.mm.SlowPosts(200 * time.Millisecond)
			var both sync.WaitGroup
			for _, id := range one.ids {
				both.Go(func() {
					w.brings(bot.WithID(w.ctx(), id), to, say("satu"))
				})
			}
			both.Wait()
			if got := texts(w.sari.Thread(w.dm, root)); got != "halo\n"+one.said {
				t.Errorf("the thread holds\n%s", got)
			}
			if !slices.ContainsFunc(w.mm.Calls(), func(c mattermosttest.Call) bool { return c.Code == http.StatusInternalServerError }) {
				t.Error("the server refused nothing")
			}
		})
	}
}
