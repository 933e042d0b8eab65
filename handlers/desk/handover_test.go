package desk

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
	"resetpin/store/storetest"
)

func TestOneOfTwoOfficersHasTheTicket(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.link(caller)
		n := w.opened(caller)
		w.press(rina, take, n)
		holds(t, "the employee", w.heard(caller), "**Petugas** menangani tiket #"+n)
		holds(t, "the second officer", w.press(budi, take, n).Notice, "sudah dipegang")
		if got := w.heard(caller); got != "" {
			t.Errorf("the employee hears of the second press: %q", got)
		}
		answer := w.types(budi, n, "Selamat pagi")
		holds(t, "who has not the ticket", answer.Messages[0].Text, "sudah dipegang")
		if got := w.heard(caller); got != "" {
			t.Errorf("carried: %q", got)
		}
		w.press(budi, takeOver, n)
		w.types(budi, n, "Selamat pagi")
		holds(t, "the employee", w.heard(caller), "Selamat pagi")
	})
}

// The first message of a ticket's thread names who has it and how it stands: by
// the name that the officer chose, else as the platform calls them.
func TestTheCardNamesWhoHasTheTicket(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	card := func(when, want string) {
		t.Helper()
		head, err := w.Head(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Split(head.First.Text, "\n")[1]; got != want {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	shown := func(when string, thread bot.ThreadChange) {
		t.Helper()
		w.db.mu.Lock()
		defer w.db.mu.Unlock()
		for _, s := range w.db.said {
			if s.To.Account == forum && s.Reply.Thread == thread {
				w.db.said = nil
				return
			}
		}
		t.Errorf("%s: the first message stays as it was: %+v", when, w.db.said)
	}
	card("before", "⏳ Belum ada yang memegang.")
	press := bot.Update{Origin: bot.Origin{Chat: forum.ID, Thread: "t7"}, Kind: bot.KindAction, Action: take.With(n), Called: "rina_k*"}
	w.do(w.room, w.by(rina, press))
	holds(t, "the employee hears no name that was not chosen", w.heard(caller), "**Petugas** menangani")
	card("taken", "👤 Dipegang **rina\\_k\\***.")
	shown("taken", bot.ThreadShow)
	holds(t, "another officer", w.press(budi, take, n).Notice, "sudah dipegang rina_k*.")
	if err := w.db.SetOfficerName(t.Context(), store.Account(rina), "Bu Rina"); err != nil {
		t.Fatal(err)
	}
	card("named", "👤 Dipegang **Bu Rina**.")
	w.press(budi, takeOver, n)
	card("taken over", "👤 Dipegang **Petugas**.")
	shown("taken over", bot.ThreadShow)
	w.press(budi, giveBack, n)
	card("given back", "⏳ Belum ada yang memegang.")
	shown("given back", bot.ThreadShow)
	w.press(rina, take, n)
	w.press(rina, closeAs, n+".solved")
	card("closed", "✅ Ditutup: Selesai. Terakhir dipegang Bu Rina.")
	shown("closed", bot.ThreadClose)
	w.do(w.reopen, w.by(caller, bot.Update{Kind: bot.KindAction, Action: reopen.With(n)}))
	card("opened again", "⏳ Belum ada yang memegang.")
	shown("opened again", bot.ThreadReopen)
	w.do(w.enough, w.by(caller, bot.Update{Kind: bot.KindAction, Action: enough.With(n)}))
	card("closed by the employee", "✅ Tiket ditutup: Selesai.")
}

// An update that is done again after a crash says nothing twice.
func TestACrashDoublesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.link(caller)
		again := func(run talk.Handler, r talk.Request) {
			t.Helper()
			w.do(run, r)
			w.do(run, r)
		}
		again(w.open, w.by(caller, bot.Update{Kind: bot.KindText, Text: "layar saya putih"}))
		if w.db.news != 1 {
			t.Errorf("officers are told of %d tickets", w.db.news)
		}
		n := strconv.FormatInt(w.by(caller, bot.Update{}).Session.Ticket.ID, 10)
		inRoom := bot.Origin{Chat: forum.ID, Thread: "t" + n}
		again(w.room, w.by(rina, bot.Update{Origin: inRoom, Kind: bot.KindAction, Action: take.With(n)}))
		if got := w.heard(caller); strings.Count(got, "menangani") != 1 {
			t.Errorf("taken: the employee is told %q", got)
		}
		w.types(rina, n, "// satu")
		again(w.room, w.by(rina, bot.Update{Origin: inRoom, Kind: bot.KindText, Text: "Selamat pagi"}))
		if got := w.heard(caller); strings.Count(got, "Selamat pagi") != 1 {
			t.Errorf("carried to the employee: %q", got)
		}
		w.heard(forum)
		again(w.words, w.by(caller, bot.Update{Kind: bot.KindText, Text: "pagi juga"}))
		if got := w.heard(forum); strings.Count(got, "pagi juga") != 1 {
			t.Errorf("carried to the officer: %q", got)
		}
		again(w.room, w.by(rina, bot.Update{Origin: inRoom, Kind: bot.KindAction, Action: closeAs.With(n + ".solved")}))
		if got := w.heard(caller); strings.Count(got, "Terbantu?") != 1 {
			t.Errorf("closed: the employee is asked %q", got)
		}
	})
}

// When the database refuses, nothing is said, and the update comes again.
func TestAFaultLosesNothing(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	w.heard(forum)
	w.db.fail = errors.New("the database is down")
	r := w.by(rina, bot.Update{Origin: bot.Origin{Chat: forum.ID}, Kind: bot.KindAction, Action: take.With(n)})
	if _, err := w.room(t.Context(), r); !errors.Is(err, w.db.fail) {
		t.Errorf("taken: %v", err)
	}
	if got := w.heard(caller); got != "" {
		t.Errorf("said all the same: %q", got)
	}
	w.db.fail = nil
	w.do(w.room, r)
	holds(t, "after the fault", w.heard(caller), "menangani")
}

func TestAnOfficerWhoLeavesFreesTheirTickets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.link(caller)
		n := w.opened(caller)
		w.press(rina, take, n)
		w.heard(caller)
		w.heard(forum)
		left := w.by(rina, bot.Update{Origin: bot.Origin{Chat: forum.ID}, Kind: bot.KindLeft})
		for range 2 { // by both ways in which Telegram tells of it
			w.do(w.room, left)
		}
		if got := w.heard(caller); strings.Count(got, "Petugas lain") != 1 {
			t.Errorf("the employee is told %q", got)
		}
		holds(t, "the room", w.heard(forum), "menunggu petugas lain")
		w.in[rina] = false
		holds(t, "an old button", w.press(rina, take, n).Notice, "bukan anggota")
		w.press(budi, take, n)
		holds(t, "another officer", w.heard(caller), "menangani")
	})
}

// What people say to each other keeps its lines, whatever signs are in it.
func TestWhatIsCarriedKeepsItsLines(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	w.press(rina, take, n)
	w.heard(caller)
	w.types(rina, n, "Coba dua hal:\n1. buka *emailnya*\n- cari di spam\n\nLalu kabari kami.")
	if got, want := w.heard(caller), "**Petugas:** Coba dua hal:\n1\\. buka \\*emailnya\\*\n\\- cari di spam\n\nLalu kabari kami."; got != want {
		t.Errorf("the employee is told %q, want %q", got, want)
	}
	w.heard(forum)
	w.do(w.words, w.by(caller, bot.Update{Kind: bot.KindText, Text: "sudah\n# tidak ada"}))
	if got, want := w.heard(forum), "**Pegawai Satu:** sudah\n\\# tidak ada"; got != want {
		t.Errorf("the officer is told %q, want %q", got, want)
	}
}

// A crash between the ticket and its answer brings the update again: it is
// answered the same, where the person was when they wrote it.
func TestAnUpdateThatOpenedATicketIsAnsweredAgain(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	u := bot.Update{ID: "first", Kind: bot.KindText, Text: "layar saya putih"}
	for range 2 {
		holds(t, "opened", w.do(w.open, w.by(caller, u)).Messages[0].Text, "sudah dikirim ke petugas")
	}
	again := w.by(caller, u)
	if got := again.Place(); got != talk.AskPerson {
		t.Errorf("the update comes again at %q", got)
	}
	holds(t, "typed again", w.do(w.sentence, again).Messages[0].Text, "sudah dikirim ke petugas")
	n := strconv.FormatInt(again.Session.Ticket.ID, 10)
	w.press(rina, take, n)
	w.press(rina, closeAs, n+".solved")
	u = bot.Update{ID: "second", Kind: bot.KindText, Text: "masih putih"}
	w.do(w.afterwards, w.by(caller, u))
	holds(t, "reopened, and typed again", w.do(w.sentence, w.by(caller, u)).Messages[0].Text, "sudah dikirim ke petugas")
}
