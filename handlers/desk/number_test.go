package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"resetpin/store/storetest"
)

// knownNumber makes the portal's old number known.
func (w *world) knownNumber(masked string) {
	w.t.Helper()
	if err := w.db.SaveCertificate(w.t.Context(), member.NIP, store.Certificate{Looked: w.now, Phone: store.PhoneUnverified, Number: masked}); err != nil {
		w.t.Fatal(err)
	}
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(time.Millisecond) {
		kept, err := w.db.Certificate(w.t.Context(), member.NIP)
		if err == nil && kept.Number == masked {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("what the portal told is not kept: %+v, %v", kept, err)
		}
	}
}

func contact(number string) bot.Update { return bot.Update{Kind: bot.KindContact, Contact: number} }

func TestANewNumberReachesOfficers(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	w.knownNumber("62*********42")
	asked := w.do(w.askNumber, w.by(caller, bot.Update{Kind: bot.KindAction})).Messages[0]
	holds(t, "the question", asked.Text, member.Name, `62\*\*`, "30 hari")
	if asked.Contact == nil || asked.Contact.Text == "" {
		t.Fatalf("no button for the number: %+v", asked)
	}
	other := w.do(w.handedNumber, w.by(caller, contact(""))).Messages[0]
	holds(t, "somebody else's card", other.Text, "bukan nomor Anda sendiri")
	if other.Contact == nil {
		t.Error("after a wrong card there is no button any more")
	}
	typed := w.do(w.typedNumber, w.by(caller, bot.Update{Kind: bot.KindText, Text: "0812 3456 7890"}))
	holds(t, "a typed number", typed.Messages[0].Text, "Kirim nomor saya")
	if session := w.by(caller, bot.Update{}).Session; session.Ticket.ID != 0 {
		t.Fatal("a ticket was opened with a number that nobody vouches for")
	}

	taken := w.do(w.handedNumber, w.by(caller, contact("6281234567890")))
	if !taken.Messages[0].Settled || len(taken.Messages[0].Buttons) > 0 {
		t.Errorf("the button does not go: %+v", taken.Messages[0])
	}
	holds(t, "the employee", taken.Messages[0].Text+taken.Messages[1].Text, "•••7890", "Tiket #1")
	head, err := w.Head(t.Context(), "1")
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "the card", head.First.Text, `\*42`, "6281234567890", "akun Telegramnya sendiri")
	ticket, err := w.db.Ticket(t.Context(), 1)
	if err != nil || ticket.Reason != reasonNumber {
		t.Errorf("reason %q, %v", ticket.Reason, err)
	}
	holds(t, "a number that nobody asked for", w.do(w.handedNumber, w.by(caller, contact("6281234567899"))).Messages[0].Text, "tidak saya simpan")

	// The right one, after all: it is the ticket's from then on.
	w.press(rina, take, "1")
	w.heard(forum)
	w.do(w.askNumber, w.by(caller, bot.Update{Kind: bot.KindAction}))
	w.do(w.handedNumber, w.by(caller, contact("6281234567891")))
	holds(t, "the thread", w.heard(forum), "6281234567891")
	if ticket, err = w.db.Ticket(t.Context(), 1); err != nil || read(ticket).NewNumber != "6281234567891" {
		t.Errorf("the ticket holds %+v, %v", read(ticket), err)
	}
	holds(t, "the officer's steps", w.press(rina, steps, "1.number").Messages[0].Text, "portal BSrE", "Setujui")
}

// Where the platform vouches for no number it is typed, and officers see so.
func TestANumberIsTypedWhereThereIsNoButton(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	here := bot.Account{Platform: bot.Mattermost, ID: "sari"}
	w.link(here)
	asked := w.do(w.askNumber, w.by(here, bot.Update{Kind: bot.KindAction})).Messages[0]
	if asked.Contact != nil || len(asked.Buttons) != 1 {
		t.Errorf("asked with %+v", asked)
	}
	if got := w.by(here, bot.Update{}).Place(); got != talk.NewNumber {
		t.Errorf("the place is %q", got)
	}
	for _, wrong := range []string{"halo", "0812", "12345678901234567"} {
		r := w.by(here, bot.Update{Kind: bot.KindText, Text: wrong})
		r.Understood = understand.Result{Meaning: understand.Unknown}
		holds(t, wrong, w.do(w.typedNumber, r).Messages[0].Text, "nomor")
	}
	no := w.by(here, bot.Update{Kind: bot.KindText, Text: "Batal"})
	holds(t, "no", w.do(w.typedNumber, no).Messages[0].Text, "tidak dikirim")
	w.do(w.askNumber, w.by(here, bot.Update{Kind: bot.KindAction}))
	w.do(w.typedNumber, w.by(here, bot.Update{Kind: bot.KindText, Text: "+62 812-3456-7890"}))
	head, err := w.Head(t.Context(), "1")
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "the card", head.First.Text, "6281234567890", "belum dibuktikan")
}

func TestWhatAnOfficerDoesWithANumber(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	w.link(caller)
	n := w.opened(caller)
	w.press(rina, take, n)
	w.types(rina, n, "halo")
	thread := bot.Origin{Chat: forum.ID, Thread: "t" + n}
	said := func(text string) bot.Reply {
		return w.do(w.room, w.by(rina, bot.Update{Origin: thread, Kind: bot.KindCommand, Command: "nomor", Text: text}))
	}
	holds(t, "no number", said("0812").Messages[0].Text, "misalnya")
	holds(t, "forged before there is one", w.press(rina, doDeed, n+".number").Notice, "ditutup")
	noted := said("0812-3456-7890").Messages[0]
	holds(t, "noted", noted.Text, "081234567890", "dicatat petugas")
	if len(slices.Concat(noted.Buttons...)) != 2 {
		t.Errorf("offered: %+v", noted.Buttons)
	}
	w.heard(caller)
	w.press(rina, askDeed, n+".number")
	if len(w.db.jobs) > 0 {
		t.Fatal("it was done before it was confirmed")
	}
	w.press(rina, doDeed, n+".number")
	if len(w.db.jobs) != 1 || w.db.jobs[0].Kind != string(talk.JobNumber) {
		t.Fatalf("jobs: %+v", w.db.jobs)
	}
	b, err := talk.Payload[talk.Behalf](w.db.jobs[0].Payload)
	if err != nil || b.Number != "081234567890" || b.NIP != member.NIP || b.Account != caller || b.Officers.Subject != n {
		t.Errorf("the job is for %+v, %v", b, err)
	}
	if got := w.heard(caller); got != "" {
		t.Errorf("the employee is told before BSrE was asked: %q", got)
	}
	holds(t, "another officer", w.press(budi, doDeed, n+".phone").Notice, "sudah dipegang")
	var lines []string
	for e, err := range w.db.Events(t.Context(), at(1, 0, 0), "") {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, e.Action+" "+e.Outcome+" "+e.Detail)
	}
	all := strings.Join(lines, "\n")
	holds(t, "the audit trail", all, "officer number "+n)
	if strings.Contains(all, "34567890") {
		t.Errorf("the audit trail holds the number: %s", all)
	}
}
