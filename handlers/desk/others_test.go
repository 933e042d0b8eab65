package desk

import (
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/store"
	"resetpin/store/storetest"
)

// Who reads a public group, or was put out of it a moment ago, presses and
// commands nothing there, and learns of nothing that officers can do.
func TestWhoIsNoOfficerDoesNothing(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	gone := bot.Account{Platform: bot.Telegram, ID: "903"}
	command := func(who bot.Account, word string) string {
		t.Helper()
		var said []string
		for _, m := range w.do(w.room, w.by(who, bot.Update{Origin: bot.Origin{Chat: w.place.ID}, Kind: bot.KindCommand, Command: word, Text: member.NIP})).Messages {
			said = append(said, m.Text)
		}
		return strings.Join(said, "\n")
	}
	holds(t, "an officer's queue", command(rina, cmdQueue), member.Name)
	for _, word := range RoomCommands() {
		if got := command(gone, word); !strings.Contains(got, "/resetpin") || strings.Contains(got, member.Name) {
			t.Errorf("%s: %q", word, got)
		}
	}
	holds(t, "a press", w.press(gone, take, n).Notice, "petugas")
	if got := w.by(caller, bot.Update{}).Session.Ticket.State; got != store.TicketWaiting {
		t.Errorf("the ticket is %s", got)
	}
}

// A ticket is ended, and its help judged, by whose it is and nobody else.
func TestATicketIsEndedByWhoseItIs(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	other := bot.Account{Platform: bot.Telegram, ID: "78"}
	presses := func(who bot.Account, a bot.Action) string {
		t.Helper()
		run := w.enough
		if a.Name == string(helped) {
			run = w.helped
		}
		return w.do(run, w.by(who, bot.Update{Kind: bot.KindAction, Action: a})).Messages[0].Text
	}
	gone := w.Kernel.Texts.Get(w.lang, "desk.gone")
	if got := presses(other, enough.With(n)); got != gone {
		t.Errorf("another's end: %q", got)
	}
	if got := presses(caller, helped.With(n+".yes")); got != gone {
		t.Errorf("judged before the end: %q", got)
	}
	w.press(rina, take, n)
	w.press(rina, closeAs, n+".solved")
	if got := presses(other, helped.With(n+".no")); got != gone {
		t.Errorf("another's judgement: %q", got)
	}
	if got := w.by(caller, bot.Update{}).Session.Ticket; got.State != store.TicketClosed || got.Helped == "no" {
		t.Errorf("the ticket is %s, helped %q", got.State, got.Helped)
	}
	if got := presses(caller, helped.With(n+".no")); got == gone {
		t.Error("whose it is may not judge")
	}
}

// Words that ask for a secret reach nobody; the officer is told why.
func TestNoOfficerAsksForASecret(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	w.press(rina, take, n)
	w.heard(caller)
	for _, text := range []string{"tolong kirim PIN Anda", "berapa NIK bapak?", "boleh minta kodenya"} {
		if answer := w.types(rina, n, text); len(answer.Messages) != 1 || answer.Messages[0].Text != w.say("desk.asksecret") {
			t.Errorf("%q is answered %+v", text, answer.Messages)
		}
		if got := w.heard(caller); got != "" {
			t.Errorf("carried: %q", got)
		}
	}
	w.types(rina, n, "sudah dicoba lagi?")
	holds(t, "other words", w.heard(caller), "sudah dicoba lagi?")
}

// A chat whose link is too old proves nobody on the telephone.
func TestAnOldLinkIsNotAsked(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	w.Kernel.Settings.LinkTTL = time.Hour
	w.now = w.now.Add(2 * time.Hour)
	holds(t, "the officer", w.phones(rina, member.NIP), "belum menghubungkan")
	if got := w.heard(caller); got != "" {
		t.Errorf("asked: %q", got)
	}
}
