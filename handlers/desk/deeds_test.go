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
	listed := w.press(rina, tools, n).Messages[0]
	if strings.Contains(listed.Text, "Telegram") {
		t.Errorf("shown without being asked: %q", listed.Text)
	}
	holds(t, "what can be done", listed.Text, member.Name, "dicatat")
	shown := w.press(rina, doDeed, n+"."+deedLook).Messages[0].Text
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
	if done != 4 {
		t.Errorf("%d deeds in the audit trail, want 4", done)
	}
}

// Looking at an employee is asked once, written down, and told to them: once a
// day, whether they have a ticket or not.
func TestWhoIsLookedAtIsTold(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	told := func(run func()) int {
		t.Helper()
		before := tracked{w.db, w}.waiting()
		run()
		return tracked{w.db, w}.waiting() - before
	}
	command := func(nip string) bot.Message {
		t.Helper()
		return w.do(w.room, w.by(rina, bot.Update{Origin: bot.Origin{Chat: forum.ID}, Kind: bot.KindCommand, Command: cmdEmployee, Text: nip})).Messages[0]
	}
	var asked bot.Message
	if n := told(func() { asked = command("19880505 201212 2 001") }); n != 0 || len(asked.Buttons) != 1 {
		t.Fatalf("told %d times before it was confirmed; asked with %+v", n, asked)
	}
	holds(t, "what is asked", asked.Text, "•••2001", "diberi tahu")
	if strings.Contains(asked.Text, member.Name) || w.looks() != 0 {
		t.Errorf("shown before it was confirmed: %q", asked.Text)
	}
	holds(t, "without a NIP", command("").Text, "Tulis `/pegawai")
	press := func() {
		t.Helper()
		shown := w.press(rina, look, asked.Buttons[0][0].Action.Arg).Messages[0].Text
		holds(t, "the officer", shown, member.Name)
		if strings.Contains(shown, member.NIK) {
			t.Errorf("a NIK is shown: %q", shown)
		}
	}
	for i, want := range []int{1, 0, 0} {
		if got := told(press); got != want {
			t.Errorf("look %d: the employee is told %d times, want %d", i+1, got, want)
		}
	}
	w.now = w.now.AddDate(0, 0, 1)
	n := w.opened(caller)
	w.press(rina, take, n)
	holds(t, "in a ticket", w.press(rina, askDeed, n+"."+deedLook).Messages[0].Text, member.Name, "diberi tahu")
	var shown string
	if got := told(func() { shown = w.press(rina, doDeed, n+"."+deedLook).Messages[0].Text }); got != 1 {
		t.Errorf("in a ticket the employee is told %d times", got)
	}
	holds(t, "in a ticket", shown, member.Name, "Akun terhubung")
	if got := told(press); got != 0 {
		t.Errorf("told %d times more on the same day", got)
	}
	if got := w.looks(); got != 5 {
		t.Errorf("%d looks in the audit trail, want 5", got)
	}
	holds(t, "who is none any more", w.press(rina, look, "198001012005011001").Messages[0].Text, "Tidak ada pegawai")
}

// looks counts how often officers looked at an employee, by the audit trail.
func (w *world) looks() int {
	w.t.Helper()
	n := 0
	for e, err := range w.db.Events(w.t.Context(), at(1, 0, 0), member.NIP) {
		if err != nil {
			w.t.Fatal(err)
		}
		if e.Action == "officer" && e.Outcome == deedLook {
			n++
		}
	}
	return n
}
