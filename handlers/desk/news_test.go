package desk

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/store/storetest"
)

// Sixty tickets in ten minutes leave the room its pace: carried words have
// theirs, and officers see how long people wait.
func TestSixtyTicketsInTenMinutes(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	var told []time.Time
	all := 0
	count := func() {
		w.db.mu.Lock()
		defer w.db.mu.Unlock()
		for _, s := range w.db.said {
			told = append(told, w.now)
			if len(s.Reply.Messages) == 0 { // a thread and its card
				told = append(told, w.now)
				all++
				continue
			}
			for _, row := range s.Reply.Messages[0].Buttons {
				all += len(row)
			}
			holds(t, "the list", s.Reply.Messages[0].Text, "tiket baru", " · ")
		}
		w.db.said = nil
	}
	for second := range 10 * 60 {
		if second%10 == 0 {
			for i := range 1 + 2*(1-min(1, second/300)) { // three at a time in the first half, then one
				if second/10*3+i < 60+1000 && w.db.news < 60 {
					w.opened(bot.Account{Platform: bot.Telegram, ID: strconv.Itoa(10_000 + second*10 + i)})
				}
			}
		}
		if err := w.news(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		count()
		w.now = w.now.Add(time.Second)
	}
	for range 60 {
		if err := w.news(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		count()
		w.now = w.now.Add(time.Second)
	}
	if w.db.news != 60 || all != 60 {
		t.Errorf("%d tickets, officers were told of %d", w.db.news, all)
	}
	for i, from := range told {
		n := 0
		for _, other := range told[i:] {
			if other.Sub(from) < time.Minute {
				n++
			}
		}
		if n > 12 {
			t.Fatalf("%d messages of news in a minute: too little is left of 20 for carried words", n)
		}
	}
}

func TestWhatNobodyCaresForIsBroughtUpOnce(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.now = at(13, 16, 20) // a Friday, ten minutes before the end
	w.link(caller)
	answer := w.do(w.open, w.by(caller, bot.Update{Kind: bot.KindText, Text: "tolong"}))
	if strings.Contains(answer.Messages[0].Text, "mulai") {
		t.Errorf("within office hours: %q", answer.Messages[0].Text)
	}
	look := func() string {
		t.Helper()
		if err := w.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		return w.heard(forum)
	}
	look()
	w.now = at(14, 12, 0)
	if got := look(); got != "" {
		t.Errorf("on Saturday: %q", got)
	}
	w.now = at(16, 8, 19)
	if got := look(); got != "" {
		t.Errorf("after 29 minutes of office hours: %q", got)
	}
	w.now = at(16, 8, 20)
	holds(t, "after 30 minutes of office hours", look(), "belum ada yang memegang")
	w.now = at(16, 12, 0)
	if got := look(); got != "" {
		t.Errorf("once more: %q", got)
	}
	late := w.do(w.open, w.by(bot.Account{Platform: bot.Telegram, ID: "78"}, bot.Update{Kind: bot.KindText, Text: "tolong"}))
	if strings.Contains(late.Messages[0].Text, "mulai") {
		t.Errorf("at noon: %q", late.Messages[0].Text)
	}
	w.now = at(16, 20, 0)
	evening := w.do(w.open, w.by(bot.Account{Platform: bot.Telegram, ID: "79"}, bot.Update{Kind: bot.KindText, Text: "tolong"}))
	holds(t, "in the evening", evening.Messages[0].Text, "mulai", "17-11-2026 08.00 WIB")
}

// Who calls 21 times in 35 seconds, by new tickets or by the same one opened
// again and again, takes little of the officers' room.
func TestCallsForHelpAreBounded(t *testing.T) {
	for name, same := range map[string]bool{"new ones": false, "the same": true} {
		w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
		w.link(caller)
		n, last, told := "", bot.Reply{}, 0
		for i := range 21 {
			run, u := w.open, bot.Update{Kind: bot.KindText, Text: "tolong"}
			if same && i > 0 {
				run, u = w.reopen, bot.Update{Kind: bot.KindAction, Action: reopen.With(n)}
			}
			last = w.do(run, w.by(caller, u))
			n = strconv.FormatInt(w.by(caller, bot.Update{}).Session.Ticket.ID, 10)
			w.do(w.enough, w.by(caller, bot.Update{Kind: bot.KindAction, Action: enough.With(n)}))
			told += w.db.news + strings.Count(w.heard(forum), "Pegawai Satu")
			w.db.news = 0
			w.now = w.now.Add(35 * time.Second / 21)
		}
		holds(t, name, last.Messages[0].Text, "beberapa kali memanggil petugas", "dibuka lagi sesudah")
		if told > 2*callsADay {
			t.Errorf("%s: officers heard of them %d times", name, told)
		}
		w.now = w.now.Add(24 * time.Hour)
		holds(t, name+", the day after", w.do(w.open, w.by(caller, bot.Update{Kind: bot.KindText, Text: "tolong"})).Messages[0].Text, "#")
	}
}

// Who floods a ticket does not use up the pace that all tickets share.
func TestAFloodOfWordsIsBounded(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	w.press(rina, take, n)
	w.heard(forum)
	for i := range 30 {
		w.do(w.words, w.by(caller, bot.Update{Kind: bot.KindText, Text: "halo " + strconv.Itoa(i)}))
	}
	if got := strings.Count(w.heard(forum), "halo"); got != wordsAMinute {
		t.Errorf("%d of 30 messages were carried, want %d", got, wordsAMinute)
	}
	for range 10 {
		w.do(w.open, w.by(bot.Account{Platform: bot.Telegram, ID: "80"}, bot.Update{Kind: bot.KindText, Text: "tolong"}))
	}
	if all, err := w.db.OpenTickets(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("%d tickets, %v", len(all), err)
	}
}

func TestOfficersCommandsAreForOfficers(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	run := w.Capability().Commands[0].Run
	asked := bot.Update{Kind: bot.KindCommand, Command: "antrian"}
	if got := w.do(run, w.by(caller, asked)); strings.Contains(got.Messages[0].Text, "#"+n) {
		t.Errorf("an employee is shown %q", got.Messages[0].Text)
	}
	pressed := w.Capability().Actions[look]
	if got := w.do(pressed, w.by(caller, bot.Update{Kind: bot.KindAction, Action: look.With(member.NIP)})); strings.Contains(got.Messages[0].Text, member.Name) {
		t.Errorf("an employee is shown %q", got.Messages[0].Text)
	}
	w.Kernel.Settings.Admins = []bot.Account{budi}
	holds(t, "an administrator", w.do(pressed, w.by(budi, bot.Update{Kind: bot.KindAction, Action: look.With(member.NIP)})).Messages[0].Text, member.Name)
	holds(t, "an administrator", w.do(run, w.by(budi, asked)).Messages[0].Text, "#"+n, member.Name)
	asked.Chat = forum.ID
	holds(t, "an officer in the room", w.do(w.room, w.by(rina, asked)).Messages[0].Text, "#"+n, "belum dipegang")
	shown := w.do(w.room, w.by(rina, bot.Update{Origin: bot.Origin{Chat: forum.ID}, Kind: bot.KindCommand, Command: "pegawai", Text: member.NIP}))
	holds(t, "an employee's page", shown.Messages[0].Text, "Lihat data pegawai")
	none := w.do(w.room, w.by(rina, bot.Update{Origin: bot.Origin{Chat: forum.ID}, Kind: bot.KindCommand, Command: "pegawai", Text: "1"}))
	holds(t, "nobody's NIP", none.Messages[0].Text, "Tidak ada pegawai")
}

// A ticket in which nobody says anything for a day is brought up once, and again
// only when a day went by since somebody spoke.
func TestASilentTicketIsBroughtUpOnce(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	w.press(rina, take, n)
	look := func(after time.Duration) string {
		t.Helper()
		w.heard(forum)
		w.now = w.now.Add(after)
		if err := w.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		return w.heard(forum)
	}
	if got := look(silent - time.Minute); got != "" {
		t.Errorf("within a day: %q", got)
	}
	holds(t, "after a day", look(time.Minute), "belum ada kabar")
	if got := look(3 * silent); got != "" {
		t.Errorf("once more: %q", got)
	}
	w.types(rina, n, "Masih perlu dibantu?")
	if got := look(time.Hour); got != "" {
		t.Errorf("after a word: %q", got)
	}
}
