package desk

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/store"
	"resetpin/store/storetest"
)

var sariHere = bot.Account{Platform: bot.Mattermost, ID: "sari"}

// phones is an officer's command in the room.
func (w *world) phones(who bot.Account, nip string) string {
	w.t.Helper()
	return w.do(w.room, w.by(who, bot.Update{Origin: bot.Origin{Chat: forum.ID}, Kind: bot.KindCommand, Command: cmdCall, Text: nip})).Messages[0].Text
}

// answers is an employee's press.
func (w *world) answers(who bot.Account, a store.CheckState, id string) string {
	w.t.Helper()
	name := callYes
	if a == store.CheckNo {
		name = callNo
	}
	run := w.Capability().Actions[name]
	return w.do(run, w.by(who, bot.Update{Kind: bot.KindAction, Action: name.With(id)})).Messages[0].Text
}

var codeForm = regexp.MustCompile(`\b\d\d – \d\d\b`)

func TestAnOfficerOnTheTelephone(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	holds(t, "without a NIP", w.phones(rina, " "), "telepon")
	holds(t, "nobody's NIP", w.phones(rina, "198001012005011001"), "Tidak ada pegawai")
	holds(t, "an unlinked NIP", w.phones(rina, member.NIP), "belum menghubungkan")
	w.link(caller)
	w.link(sariHere)
	asked := w.phones(rina, "19880505 201212 2 001")
	holds(t, "the officer", asked, member.Name, "Telegram", "Mattermost")
	code := codeForm.FindString(asked)
	if code == "" || strings.Contains(asked, member.NIK) {
		t.Fatalf("the officer sees %q", asked)
	}
	question := w.heard(caller)
	holds(t, "on Telegram", question, code, "Petugas helpdesk sedang berbicara dengan Anda?")
	if elsewhere := w.heard(sariHere); elsewhere != question {
		t.Errorf("on Mattermost: %q", elsewhere)
	}
	if again := w.phones(rina, member.NIP); codeForm.FindString(again) != code || w.heard(caller) != "" {
		t.Errorf("asked twice: %q", again)
	}
	second := w.phones(budi, member.NIP)
	holds(t, "a second officer", second, "Dua petugas")
	if codeForm.MatchString(second) {
		t.Errorf("a second officer sees the code: %q", second)
	}

	holds(t, "yes", w.answers(caller, store.CheckYes, "1"), "tahu bahwa itu Anda")
	holds(t, "the room", w.heard(forum), member.Name, "menekan **Ya** di Telegram", code)
	w.answers(caller, store.CheckYes, "1")
	if got := w.heard(forum); got != "" {
		t.Errorf("a replayed press is told: %q", got)
	}
	holds(t, "a No from elsewhere", w.answers(sariHere, store.CheckNo, "1"), "Tutup teleponnya")
	holds(t, "the room", w.heard(forum), "menekan **Tidak** di Mattermost", code)
	w.answers(caller, store.CheckYes, "1")
	if got := w.heard(forum); got != "" {
		t.Errorf("a Yes takes the No back: %q", got)
	}
	var lines []string
	for e, err := range w.db.Events(t.Context(), at(1, 0, 0), "") {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, e.Action+" "+e.Outcome)
		if strings.Contains(e.Detail, code[:2]) {
			t.Errorf("the audit trail holds the code: %+v", e)
		}
	}
	holds(t, "the audit trail", strings.Join(lines, "\n"), "officer call\n", "call yes", "call no", "officer call second", "officer call unlinked")
}

func TestAnEmployeeWhoDoesNotAnswer(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	w.Kernel.Settings.Admins = []bot.Account{budi}
	run := w.Capability().Commands[2].Run // by an officer elsewhere
	w.do(run, w.by(budi, bot.Update{Kind: bot.KindCommand, Command: cmdCall, Text: member.NIP}))
	w.now = w.now.Add(answerWithin)
	if err := w.silence(t.Context(), []byte("1")); err != nil {
		t.Fatal(err)
	}
	if err := w.silence(t.Context(), []byte("1")); err != nil { // a job that is done again
		t.Fatal(err)
	}
	c, err := w.db.LastPhoneCheck(t.Context(), member.NIP)
	if err != nil || c.State != store.CheckSilent || c.Room != store.Account(budi) {
		t.Fatalf("the question stands as %+v, %v", c, err)
	}
	holds(t, "the officer who asked", w.heard(budi), "tidak menjawab")
	holds(t, "the officers' room", w.heard(forum), "tidak menjawab")
	holds(t, "late", w.answers(caller, store.CheckYes, "1"), "sudah lewat")
	holds(t, "a late No", w.answers(caller, store.CheckNo, "1"), "diberi tahu")
	holds(t, "the officers' room", w.heard(forum), "menekan **Tidak**")
	if err := w.silence(t.Context(), []byte("99")); err != nil {
		t.Errorf("a question that is gone: %v", err)
	}
	for range checksAnHour {
		w.now = w.now.Add(answerWithin + time.Second)
		w.do(run, w.by(budi, bot.Update{Kind: bot.KindCommand, Command: cmdCall, Text: member.NIP}))
	}
	w.now = w.now.Add(answerWithin + time.Second)
	holds(t, "too often", w.do(run, w.by(budi, bot.Update{Kind: bot.KindCommand, Command: cmdCall, Text: member.NIP})).Messages[0].Text, "terlalu sering")
}

// Only the employee who was asked answers, and only while the account is
// theirs.
func TestWhoAnswersAnOfficer(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	w.phones(rina, member.NIP)
	other := bot.Account{Platform: bot.Telegram, ID: "78"}
	holds(t, "a stranger", w.answers(other, store.CheckYes, "1"), "tidak berlaku")
	if _, err := w.db.Unlink(t.Context(), store.Account(caller)); err != nil {
		t.Fatal(err)
	}
	holds(t, "whose account was unlinked", w.answers(caller, store.CheckYes, "1"), "tidak berlaku")
	holds(t, "a forged number", w.answers(caller, store.CheckYes, "17"), "tidak berlaku")
	gone := member
	gone.Active = false
	rows := func(yield func(store.Employee, error) bool) { yield(gone, nil) }
	if _, err := w.db.Import(t.Context(), rows, store.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Hour)
	holds(t, "who left", w.phones(rina, member.NIP), "bukan pegawai aktif")
	if got := w.heard(forum); got != "" {
		t.Errorf("the room is told %q", got)
	}
}

func TestWhoIsWorkingOnMyCase(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	ask := func(who bot.Account) string {
		t.Helper()
		return w.do(w.who, w.by(who, bot.Update{Kind: bot.KindCommand, Command: cmdWho})).Messages[0].Text
	}
	holds(t, "nobody", ask(caller), "Tidak ada petugas", "tidak pernah meminta PIN")
	w.link(caller)
	w.link(sariHere)
	n := w.opened(caller)
	holds(t, "before it is taken", ask(caller), "Belum ada petugas", "#"+n)
	if err := w.db.SetOfficerName(t.Context(), store.Account(rina), "Bu Rina"); err != nil {
		t.Fatal(err)
	}
	w.press(rina, take, n)
	holds(t, "taken", ask(caller), "Bu Rina", "#"+n)
	holds(t, "on the other platform", ask(sariHere), "Bu Rina", "#"+n)
	holds(t, "somebody else", ask(bot.Account{Platform: bot.Telegram, ID: "78"}), "Tidak ada petugas")
	w.heard(caller)

	r := w.by(caller, bot.Update{Kind: bot.KindText, Text: "apakah benar ada petugas yang menangani saya"})
	r.Understood.Meaning = "command:" + cmdWho
	w.heard(forum)
	holds(t, "asked in words while an officer listens", w.do(w.words, r).Messages[0].Text, "Bu Rina")
	if got := w.heard(forum); got != "" {
		t.Errorf("the question is carried: %q", got)
	}
	w.press(rina, closeAs, n+".solved")
	w.heard(forum)
	w.phones(rina, member.NIP)
	holds(t, "who was asked a moment ago", ask(sariHere), "Bu Rina", "kodenya sama")
	for range 2 * reportsADay {
		w.do(w.reportImpostor, w.by(caller, bot.Update{Kind: bot.KindAction, Action: impostor.With("")}))
	}
}
