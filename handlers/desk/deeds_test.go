package desk

import (
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/store"
	"resetpin/store/storetest"
)

// Officers see nothing of an employee in a ticket of an account that is not
// linked, and can do nothing but talk.
func TestAnUnprovenTicketShowsNoEmployee(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	ask := w.do(w.call, w.by(caller, bot.Update{Kind: bot.KindAction}))
	holds(t, "what is asked", ask.Messages[0].Text, "belum dihubungkan")
	n := w.opened(caller)
	head, err := w.Head(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "the card", head.First.Text, "belum terbukti")
	if strings.Contains(head.First.Text, member.Name) || strings.Contains(head.First.Text, "NIP") {
		t.Errorf("the card shows %q", head.First.Text)
	}
	w.press(rina, take, n)
	if got := w.press(rina, tools, n); len(got.Messages[0].Buttons) > 0 {
		t.Errorf("deeds are offered: %+v", got)
	}
	holds(t, "a forged press", w.press(rina, doDeed, n+".unlink").Notice, "ditutup")
	w.types(rina, n, "Sudah menghubungkan akun?")
	holds(t, "the employee", w.heard(caller), "Sudah menghubungkan akun?")
}

func TestWhatOfficersCanDo(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	holds(t, "before it is taken", w.press(rina, tools, n).Notice, "belum ada yang memegang")
	w.press(rina, take, n)
	shown := w.press(rina, tools, n).Messages[0].Text
	holds(t, "the profile", shown, member.Name, "Telegram")
	if strings.Contains(shown, member.NIK) || strings.Contains(shown, member.NIP) || strings.Contains(shown, member.Email) {
		t.Errorf("the profile shows %q", shown)
	}
	w.heard(caller)
	for what, told := range map[string]string{"status": "menanyakan status", "free": "membuka lagi permintaan kode", "unlink": "memutuskan akun chat"} {
		if got := w.press(rina, askDeed, n+"."+what); len(got.Messages[0].Buttons) != 1 {
			t.Errorf("%s is asked with %+v", what, got)
		}
		if got := w.heard(caller); got != "" {
			t.Errorf("%s is done unasked: %q", what, got)
		}
		w.press(rina, doDeed, n+"."+what)
		holds(t, what, w.heard(caller), told)
	}
	if session := w.by(caller, bot.Update{}).Session; session.Linked {
		t.Error("still linked")
	}
	done := 0
	for e, err := range w.db.Events(t.Context(), at(1, 0, 0), "") {
		if err != nil {
			t.Fatal(err)
		}
		if e.Action == "officer" && e.Account == store.Account(rina) {
			done++
		}
	}
	if done != 3 {
		t.Errorf("%d deeds in the audit trail, want 3", done)
	}
}

// Whoever is looked at by an officer hears of it once a day, unless they have a
// ticket.
func TestWhoIsShownIsTold(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	look := func() int {
		t.Helper()
		before := tracked{w.db, w}.waiting()
		shown := w.do(w.room, w.by(rina, bot.Update{Origin: bot.Origin{Chat: forum.ID}, Kind: bot.KindCommand, Command: cmdEmployee, Text: member.NIP})).Messages[0].Text
		holds(t, "the officer", shown, member.Name)
		return tracked{w.db, w}.waiting() - before
	}
	for i, want := range []int{1, 0, 0} {
		if got := look(); got != want {
			t.Errorf("look %d: the employee is told %d times, want %d", i+1, got, want)
		}
	}
	w.now = w.now.AddDate(0, 0, 1)
	w.opened(caller)
	if got := look(); got != 0 {
		t.Errorf("with a ticket they are told %d times", got)
	}
}
