package handlers

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/letters"
	"resetpin/store"
)

const (
	victimsNIP = "198001012005011001"
	nobodysNIP = "197001012000011999"
)

// chatter is one of many accounts that talk to the bot.
type chatter struct {
	l  *late
	me bot.Account
}

func (l *late) chatter(id string) chatter {
	return chatter{l, bot.Account{Platform: bot.Telegram, ID: id}}
}

func (c chatter) does(u bot.Update) string {
	c.l.t.Helper()
	u.Origin = bot.Origin{Account: c.me, Private: true, Message: "1"}
	answer, err := c.l.w.Handle(c.l.t.Context(), u)
	if err != nil {
		c.l.t.Fatal(err)
	}
	if len(answer.Messages) == 0 {
		return ""
	}
	return answer.Messages[0].Text
}

func (c chatter) asks(nip string) string {
	return c.does(bot.Update{Kind: bot.KindCommand, Command: "link", Text: nip})
}

func (c chatter) types(text string) string { return c.does(bot.Update{Kind: bot.KindText, Text: text}) }

func (c chatter) presses(action string) string {
	return c.does(bot.Update{Kind: bot.KindAction, Action: bot.Action{Name: action, At: c.l.now}})
}

// number is what the bot shows in the chat, for officers.
func (c chatter) number() string { return c.l.db.Reference(store.Account(c.me)) }

// mailed gives the mails with codes for an address, as they are to be sent.
func (l *late) mailed(to string) []letters.Letter {
	var out []letters.Letter
	for _, job := range l.db.codes {
		var p letters.Letter
		if err := json.Unmarshal(job.Payload, &p); err != nil {
			l.t.Fatal(err)
		}
		if p.To == to {
			out = append(out, p)
		}
	}
	return out
}

// newest gives the newest code that was mailed for a chat.
func (l *late) newest(c chatter) string {
	for _, p := range l.mailed("satu@contoh.go.id") {
		if bot.Account(p.Asker) == c.me && l.now.Sub(p.At) <= 10*time.Minute {
			return p.Code
		}
	}
	return ""
}

func underAttack(t *testing.T) *late {
	t.Helper()
	l := newLate(t, 9, 0, func(s *Settings) { s.LinkTTL = time.Hour })
	l.now = l.now.Add(2 * time.Hour) // who is linked must prove it again
	return l
}

// Fifty new accounts ask for one NIP, every hour for a week. Who was linked
// before does not notice; a newcomer is told the truth, and an officer who
// knows them lets their chat in; and as each new account has its turn once,
// the next newcomer needs no officer.
func TestFiftyAccountsThatAskForOneNIPLockNobodyOut(t *testing.T) {
	l := underAttack(t)
	old, first, second := chatter{l, l.me}, l.chatter("first"), l.chatter("second")
	for hour := range 7 * 24 {
		for i := range 50 {
			l.chatter(fmt.Sprint("stranger", i)).asks(victimsNIP)
		}
		if hour == 1 {
			l.now = l.now.Add(time.Minute)
			told := first.asks(victimsNIP)
			if !holds(told, "tidak ada kode yang dikirim", "juga dari chat lain", first.number()) || l.newest(first) != "" {
				t.Errorf("the newcomer is told %q", told)
			}
			l.free(first)
			first.presses("code.again")
			if got := first.types(l.newest(first)); !strings.Contains(got, "Berhasil") {
				t.Errorf("the newcomer, freed by an officer: %q", got)
			}
			if _, err := l.db.Unlink(t.Context(), store.Account(first.me)); err != nil {
				t.Fatal(err)
			}
			if err := l.db.Link(t.Context(), store.Account(old.me), victimsNIP, l.now.Add(-2*time.Hour), func([]store.Account) []store.Job { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if hour%50 == 2 {
			old.presses("link.again")
			if l.newest(old) == "" {
				t.Errorf("hour %d: who was linked before gets no code", hour)
			}
		}
		l.now = l.now.Add(time.Hour)
	}
	for i := range 50 { // they go on, and are first
		l.chatter(fmt.Sprint("stranger", i)).asks(victimsNIP)
	}
	second.asks(victimsNIP)
	if got := second.types(l.newest(second)); !strings.Contains(got, "Berhasil") {
		t.Errorf("the next newcomer: %q", got)
	}
	n, most := len(l.mailed("satu@contoh.go.id")), 50+7*6+7+3
	t.Logf("mails in a week: %d; alarms: %d", n, len(l.db.alarms))
	if n > most {
		t.Errorf("%d mails, want at most %d", n, most)
	}
	if len(l.db.alarms) < 6 || len(l.db.alarms) > 8 { // one a day
		t.Errorf("%d alarms in a week", len(l.db.alarms))
	}
}

// What a newcomer is told under attack is the same for a NIP of nobody.
func TestARefusalTellsNobodyWhoWorksHere(t *testing.T) {
	said := make(map[string]string)
	for _, nip := range []string{victimsNIP, nobodysNIP} {
		l := underAttack(t)
		for i := range 10 {
			l.chatter(fmt.Sprint("stranger", i)).asks(nip)
		}
		newcomer := l.chatter("newcomer")
		said[nip] = newcomer.asks(nip) + newcomer.presses("code.again") + newcomer.types("000000")
	}
	if said[victimsNIP] != said[nobodysNIP] || !strings.Contains(said[victimsNIP], "juga dari chat lain") {
		t.Errorf("said for somebody\n%s\nand for nobody\n%s", said[victimsNIP], said[nobodysNIP])
	}
}

// free does what an officer does with the number that somebody read out.
func (l *late) free(c chatter) {
	l.t.Helper()
	claims, err := l.db.Claims(l.t.Context(), victimsNIP, l.now.Add(-time.Hour))
	if err != nil {
		l.t.Fatal(err)
	}
	for _, claim := range claims {
		if claim.Reference == c.number() {
			if err := l.db.FreeChat(l.t.Context(), claim.Account, victimsNIP, store.Account{Platform: "cli", ID: "petugas"}, l.now, l.now.Add(time.Hour)); err != nil {
				l.t.Fatal(err)
			}
			return
		}
	}
	l.t.Errorf("no chat has the number %s", c.number())
}

// Strangers who guess are stopped after a hundred wrong codes in a row, for
// good, with the same words for a NIP of nobody; the officers hear of it, and
// who was linked before is not stopped.
func TestStrangersGuessAHundredTimesAndNoMore(t *testing.T) {
	said := make(map[string]string)
	for _, nip := range []string{victimsNIP, nobodysNIP} {
		l := underAttack(t)
		judged, last := 0, ""
		for i := 0; i < 400 && !strings.Contains(last, "Hanya petugas"); i++ {
			c := l.chatter(fmt.Sprint("guesser", i))
			c.asks(nip)
			for range 5 {
				last = c.types("000000")
				if strings.Contains(last, "belum tepat") || strings.Contains(last, "terlalu sering dicoba") {
					judged++
				}
			}
			if last == "" || strings.Contains(last, "Tidak ada kode") {
				last = c.presses("code.again")
			}
			last = strings.ReplaceAll(last, c.number(), "…")
			l.now = l.now.Add(20 * time.Minute)
		}
		said[nip] = last
		if judged != 100 {
			t.Errorf("%s: %d guesses were judged", nip, judged)
		}
		dangers := fmt.Sprint(l.db.alarms)
		if !strings.Contains(dangers, string(store.DangerGuess)) || !strings.Contains(dangers, string(store.DangerLocked)) {
			t.Errorf("%s: the officers heard of %s", nip, dangers)
		}
		if nip == victimsNIP {
			old := chatter{l, l.me}
			old.presses("link.again")
			if got := old.types(l.newest(old)); !strings.Contains(got, "Berhasil") {
				t.Errorf("who was linked before: %q", got)
			}
		}
	}
	if said[victimsNIP] != said[nobodysNIP] || said[victimsNIP] == "" {
		t.Errorf("said for somebody\n%s\nand for nobody\n%s", said[victimsNIP], said[nobodysNIP])
	}
}

// What the bot says tells nobody which numbers exist, old ones included, and
// each costs the asker the same.
func TestNumbersTellNobodyWhoWorksHere(t *testing.T) {
	l := underAttack(t)
	e := store.Employee{NIP: "199002022015022002", NIK: "3171024202900002", Name: "Contoh Dua", Email: "dua@contoh.go.id", OldNIP: "060012345", Active: true}
	if _, err := l.db.Import(t.Context(), func(yield func(store.Employee, error) bool) { yield(e, nil) }, store.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]string{{victimsNIP, nobodysNIP}, {e.OldNIP, "060099999"}} {
		var said [2]string
		for i, number := range pair {
			c := l.chatter(number)
			for range 5 {
				said[i] += strings.ReplaceAll(c.asks(number), c.number(), "…") + "\n"
			}
			said[i] += c.types("000000") + strings.ReplaceAll(c.presses("code.missing"), letters.LastOfNIP(number), "…")
		}
		said[0] = strings.ReplaceAll(said[0], letters.LastOfNIP(e.NIP), "…")
		if said[0] != said[1] {
			t.Errorf("said for %s\n%s\nand for %s\n%s", pair[0], said[0], pair[1], said[1])
		}
		if !holds(said[0], "sedang dikirim", "3 kode diminta dalam satu jam", "masih berlaku sampai") {
			t.Errorf("said %s", said[0])
		}
	}
	if n := len(l.mailed(e.Email)); n != 3 {
		t.Errorf("%d mails for an old number", n)
	}
}

// A new code needs no new NIP, and an older one is known as such.
func TestAnotherCodeNeedsNoNIP(t *testing.T) {
	l := underAttack(t)
	c := l.chatter("new")
	if got := c.presses("code.again"); !strings.Contains(got, "Ketik **NIP**") {
		t.Errorf("before any NIP: %q", got)
	}
	c.asks(victimsNIP)
	first := l.newest(c)
	c.presses("code.again")
	mails := l.mailed("satu@contoh.go.id")
	if len(mails) != 2 || mails[1].Name != "Contoh S." || mails[1].Last != "001" || mails[1].Chat != c.number() {
		t.Fatalf("mailed: %+v", mails)
	}
	if got := c.types(first); first != mails[1].Code && !strings.Contains(got, "terbaru") {
		t.Errorf("an older code: %q", got)
	}
	if got := c.presses("code.missing"); !holds(got, "spam", "berakhir **001**") {
		t.Errorf("no code: %q", got)
	}
	if got := c.types(mails[1].Code); !strings.Contains(got, "Berhasil") {
		t.Errorf("the newest code: %q", got)
	}
}
