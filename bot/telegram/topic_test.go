package telegram_test

import (
	"strings"
	"testing"

	"resetpin/bot"
)

// In a private chat with topics everything that is said goes where the person
// wrote: texts, pictures, "typing …" and what a press leads to.
func TestAnswersStayInTheTopic(t *testing.T) {
	t.Parallel()
	receiving(t, func(t *testing.T, w *world) {
		there := w.sari.Topic(5)
		there.Type("lupa pin")
		until(t, "the text arrives", func() bool { return len(w.engine.updates()) == 1 })
		u := w.engine.updates()[0]
		if !u.Private || u.Account != sari() {
			t.Errorf("update %+v", u)
		}
		w.bot.Working(w.ctx(), u.Origin)
		if topic, typing := w.tg.TypingIn(77); !typing || topic != 5 {
			t.Errorf("typing %v in topic %d", typing, topic)
		}
		w.deliver(u.Origin, bot.Reply{Messages: []bot.Message{
			{Text: "satu", Picture: &bot.Picture{Name: "a.png", Data: func() []byte { return picture(1) }}},
			{Text: "dua", Picture: &bot.Picture{Name: "a.png", Data: func() []byte { return picture(1) }}},
			{Text: "tiga", Buttons: buttons("Ya")},
		}})
		for _, m := range w.sari.Messages() {
			if m.Topic != 5 {
				t.Errorf("%q stands in topic %d", m.Text, m.Topic)
			}
		}
		press := w.pressed(w.shows(w.sari, "tiga").ID, "Ya")
		w.deliver(press.Origin, bot.Reply{Messages: []bot.Message{{Text: "empat", Replace: true}, {Text: "lima"}}})
		for _, text := range []string{"empat", "lima"} {
			if m := w.shows(w.sari, text); m.Topic != 5 {
				t.Errorf("%q stands in topic %d", text, m.Topic)
			}
		}
	})
}

// A button that copies puts its text on the clipboard, and the bot hears
// nothing of it.
func TestAButtonCopies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.poll()
	w.deliver(w.met(), bot.Reply{Messages: []bot.Message{{Text: "Cari", Buttons: [][]bot.Button{{
		{Text: "Salin", Copy: "osd@bssn.go.id"}, {Text: "Terlalu panjang", Copy: strings.Repeat("x", 257)},
	}}}}})
	m := w.shows(w.sari, "Cari")
	if len(m.Buttons) != 1 || len(m.Buttons[0]) != 1 {
		t.Fatalf("buttons %+v", m.Buttons)
	}
	if query, url, err := w.sari.Press(m.ID, "Salin"); err != nil || query != "" || url != "" || w.sari.Copied() != "osd@bssn.go.id" {
		t.Errorf("copied %q, query %q, opened %q, %v", w.sari.Copied(), query, url, err)
	}
}

// A topic that the person took away meanwhile does not swallow the answer.
func TestATopicThatIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.poll()
	w.sari.Topic(5).Type("lupa pin")
	until(t, "the text arrives", func() bool { return len(w.engine.updates()) == 1 })
	w.sari.DeleteTopic(5)
	w.deliver(w.engine.updates()[0].Origin, bot.Reply{Messages: []bot.Message{{Text: "**satu**", Buttons: buttons("Ya")}, {Text: "dua"}}})
	if m := w.shows(w.sari, "satu"); m.Topic != 0 || !strings.Contains(m.HTML, "<b>") || len(m.Buttons) != 1 {
		t.Errorf("message %+v", m)
	}
	w.shows(w.sari, "dua")
}
