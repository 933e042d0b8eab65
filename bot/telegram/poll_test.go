package telegram_test

import (
	"strings"
	"testing"

	"resetpin/bot"
)

// echo has the engine answer every text with itself.
func echo(w *world) {
	w.engine.set(func(e *engine) {
		e.answer = func(u bot.Update) bot.Reply { return say("jawaban " + u.Text) }
	})
}

// After a week without updates their ids are drawn anew, often lower: the bot
// must go on answering, and confirm what it took over.
func TestUpdatesAreNumberedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	echo(w)
	budi := w.tg.User(88, "Budi", "id")
	w.tg.Renumber(727334701)
	w.poll()
	w.sari.Type("sebelum")
	w.shows(w.sari, "jawaban sebelum")
	until(t, "it is confirmed", func() bool { return w.tg.Pending() == 0 })
	w.tg.Renumber(117314199)
	w.sari.Type("sesudah satu")
	w.shows(w.sari, "jawaban sesudah satu")
	budi.Type("sesudah dua")
	w.shows(budi, "jawaban sesudah dua")
	until(t, "everything is confirmed", func() bool { return w.tg.Pending() == 0 })
	if err := w.bot.Ready(w.ctx()); err != nil {
		t.Errorf("not ready: %v", err)
	}
	if n := w.tg.Polls(); n > 12 {
		t.Errorf("%d polls for three messages", n)
	}
}

// A server that brings what was confirmed again and again is asked with
// pauses, and the bot says that it is not ready; what is new among it is
// answered.
func TestTheSameBatchAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	echo(w)
	w.tg.IgnoreOffsets(true)
	w.poll()
	w.sari.Type("satu")
	w.shows(w.sari, "jawaban satu")
	until(t, "the bot is not ready", func() bool { return w.bot.Ready(w.ctx()) != nil })
	if err := w.bot.Ready(w.ctx()); err == nil || !strings.Contains(err.Error(), "same updates") {
		t.Errorf("Ready gives %v", err)
	}
	if n := w.tg.Polls(); n > 8 {
		t.Errorf("%d polls: it does not pause", n)
	}
	w.sari.Type("dua")
	w.shows(w.sari, "jawaban dua")
	w.tg.IgnoreOffsets(false)
	until(t, "the bot is ready again", func() bool { return w.bot.Ready(w.ctx()) == nil })
}
