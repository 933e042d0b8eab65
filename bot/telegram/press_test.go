package telegram_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/bot/telegram/telegramtest"
)

func buttons(names ...string) [][]bot.Button {
	var rows [][]bot.Button
	for _, n := range names {
		rows = append(rows, []bot.Button{{Text: n, Action: bot.Action{Name: strings.ToLower(n)}}})
	}
	return rows
}

// pressed lets Sari press a button and gives the update that comes of it.
func (w *world) pressed(message int, button string) bot.Update {
	w.t.Helper()
	before := len(w.engine.updates())
	if _, _, err := w.sari.Press(message, button); err != nil {
		w.t.Fatal(err)
	}
	until(w.t, "the press arrives", func() bool { return len(w.engine.updates()) > before })
	return w.engine.updates()[before]
}

// asked is a world that polls, with a message with buttons in Sari's chat.
func asked(t *testing.T, m bot.Message, options ...option) (*world, telegramtest.Message) {
	t.Helper()
	w := newWorld(t, options...)
	to := w.met()
	w.poll()
	until(t, "the first message is taken over", func() bool { return len(w.engine.updates()) == 1 })
	w.deliver(to, bot.Reply{Messages: []bot.Message{m}})
	return w, w.sari.Last()
}

func TestAPressIsAnsweredAndItsMessageEdited(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Langkah 1", Buttons: buttons("Lanjut")})
	u := w.pressed(m.ID, "Lanjut")
	w.deliver(u.Origin, bot.Reply{Notice: "Sip", Messages: []bot.Message{{Text: "Langkah 2", Buttons: buttons("Kembali"), Replace: true}}})
	now := w.sari.Last()
	if now.ID != m.ID || now.Text != "Langkah 2" || now.Edited.IsZero() || now.Buttons[0][0].Text != "Kembali" {
		t.Errorf("message %+v", now)
	}
	if got := w.sari.Toasts(); len(got) != 1 || got[0].Text != "Sip" {
		t.Errorf("toasts %+v", got)
	}
	again := w.pressed(m.ID, "Kembali")
	w.deliver(again.Origin, bot.Reply{Messages: []bot.Message{{Text: "Langkah 2", Buttons: buttons("Kembali"), Replace: true}}})
	if n := len(w.sari.Messages()); n != 2 {
		t.Errorf("an unchanged message was sent anew: %d messages", n)
	}
}

func TestThePressIsAnsweredWhileTheEditIsSlow(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Langkah 1", Buttons: buttons("Lanjut")})
	u := w.pressed(m.ID, "Lanjut")
	w.tg.Break(telegramtest.Fault{Method: "editMessageText", Delay: 600 * time.Millisecond, Times: 1})
	w.deliver(u.Origin, bot.Reply{Messages: []bot.Message{{Text: "Langkah 2", Replace: true}}})
	if answered, edited := w.sari.Toasts()[0].At, w.sari.Last().Edited; !answered.Before(edited) {
		t.Errorf("answered %s after the edit", answered.Sub(edited))
	}
}

func TestTheEditIsMadeWhileTheAnswerIsSlow(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Langkah 1", Buttons: buttons("Lanjut")})
	u := w.pressed(m.ID, "Lanjut")
	w.tg.Break(telegramtest.Fault{Method: "answerCallbackQuery", Delay: 600 * time.Millisecond, Times: 1})
	w.deliver(u.Origin, bot.Reply{Messages: []bot.Message{{Text: "Langkah 2", Replace: true}}})
	if edited, answered := w.sari.Last().Edited, w.sari.Toasts()[0].At; !edited.Before(answered) {
		t.Errorf("edited %s after the answer", edited.Sub(answered))
	}
}

func TestAPressAtADeletedMessage(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Langkah 1", Buttons: buttons("Lanjut")})
	if err := w.sari.Delete(m.ID); err != nil {
		t.Fatal(err)
	}
	w.sari.PressData(m.ID, m.Buttons[0][0].Data)
	until(t, "the press arrives", func() bool { return len(w.engine.updates()) == 2 })
	u := w.engine.updates()[1]
	if u.Message != "" || u.Action.Name != "lanjut" {
		t.Errorf("update %+v", u)
	}
	w.deliver(u.Origin, bot.Reply{Messages: []bot.Message{{Text: "Langkah 2", Replace: true}}})
	if slices.Contains(w.calls(), "editMessageText") {
		t.Error("a message that is gone was edited")
	}
	w.shows(w.sari, "Langkah 2")
}

func TestEarlyAnswerAndLateNotice(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Cek?", Buttons: buttons("Ya")})
	u := w.pressed(m.ID, "Ya")
	ctx, cancel := context.WithCancel(t.Context())
	w.bot.Working(ctx, u.Origin)
	cancel() // the engine's call is over, the work is not
	if len(w.sari.Toasts()) != 1 || !w.tg.Typing(77) {
		t.Errorf("no sign of life: toasts %v", w.sari.Toasts())
	}
	w.deliver(u.Origin, bot.Reply{Notice: "Sudah_selesai *ya*", Messages: []bot.Message{{Text: "Aktif", Replace: true}}})
	all := w.sari.Messages()
	if got := all[len(all)-1]; got.Text != "Sudah_selesai *ya*" || !got.Bot {
		t.Errorf("the late notice: %+v", got)
	}
	if len(w.sari.Toasts()) != 1 || w.tg.Typing(77) {
		t.Error("answered twice, or still typing")
	}
}

func TestOnlyTheRestIsTriedAgain(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Langkah 1", Buttons: buttons("Lanjut")}, func(c *config, _ *telegramtest.Options) { c.Limits.Retry = time.Millisecond })
	u := w.pressed(m.ID, "Lanjut")
	secret := w.sari.Type("rahasia")
	w.tg.Break(telegramtest.Fault{Method: "sendMessage", Code: 500})
	reply := bot.Reply{
		Notice: "Sip", Remove: &bot.Removal{Message: itoa(secret), Done: bot.Message{Text: "Dihapus", Replace: true}},
		Messages: []bot.Message{{Text: "Dua", Replace: true}, {Text: "Tiga"}},
	}
	err := w.bot.Deliver(w.ctx(), u.Origin, reply)
	var part *bot.Undelivered
	if !errors.As(err, &part) || len(part.Rest.Messages) != 2 || part.Rest.Messages[0].Replace || part.Rest.Remove != nil {
		t.Fatalf("error %v with %+v", err, part)
	}
	w.tg.Heal()
	w.deliver(u.Origin, part.Rest)
	var texts []string
	for _, m := range w.sari.Messages() {
		if m.Bot {
			texts = append(texts, m.Text)
		}
	}
	if got := strings.Join(texts, ","); got != "Dihapus,Dua,Tiga" || len(w.sari.Toasts()) != 1 || w.sari.Toasts()[0].Text != "Sip" {
		t.Errorf("transcript %s, toasts %+v", got, w.sari.Toasts())
	}
}

func TestNoticesThatDoNotFitAButton(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Cek?", Buttons: buttons("Ya")})
	w.deliver(w.pressed(m.ID, "Ya").Origin, bot.Reply{Notice: strings.Repeat("panjang ", 30)})
	if got := w.sari.Last().Text; !strings.HasPrefix(got, "panjang panjang") {
		t.Errorf("a long notice: %q", got)
	}
	w.deliver(w.met(), bot.Reply{Notice: "tanpa tombol"})
	if got := w.sari.Last().Text; got != "tanpa tombol" {
		t.Errorf("a notice to a typed text: %q", got)
	}
}

func TestAPressTooOldToBeAnswered(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Cek?", Buttons: buttons("Ya")}, func(_ *config, o *telegramtest.Options) { o.QueryLife = time.Nanosecond })
	u := w.pressed(m.ID, "Ya")
	w.deliver(u.Origin, bot.Reply{Notice: "dengan pesan", Messages: []bot.Message{{Text: "Aktif"}}})
	if got := w.sari.Last().Text; got != "Aktif" {
		t.Errorf("last is %q", got)
	}
	w.deliver(w.pressed(m.ID, "Ya").Origin, bot.Reply{Notice: "hanya ini"})
	if got := w.sari.Last().Text; got != "hanya ini" {
		t.Errorf("a notice that is all the answer was lost: %q", got)
	}
}

func TestAnEmptyReplyAnswersThePressOnly(t *testing.T) {
	t.Parallel()
	w, m := asked(t, bot.Message{Text: "Cek?", Buttons: buttons("Ya")})
	w.deliver(w.pressed(m.ID, "Ya").Origin, bot.Reply{})
	if got := w.calls(); got[len(got)-1] != "answerCallbackQuery" || len(w.sari.Toasts()) != 1 {
		t.Errorf("calls %v", got)
	}
}
