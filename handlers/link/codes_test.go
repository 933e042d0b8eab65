package link

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// another gives six digits that are not the code's.
func another(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// Five wrong codes end a code, and the right one comes too late then.
func TestACodeHasFiveTries(t *testing.T) {
	c, db, _, _ := newRoom(t)
	c.Import(true)
	c.Submit(formNIP.With(""), fieldNIP, talktest.NIP)
	code := db.letters[0].Code
	for left := codeAttempts - 1; left > 0; left-- {
		c.Says(c.Submit(formCode.With(""), fieldCode, another(code)), strconv.Itoa(left)+" kali")
	}
	c.Says(c.Submit(formCode.With(""), fieldCode, "12345"), "6 angka") // no code at all is no try
	c.Says(c.Submit(formCode.With(""), fieldCode, another(code)), "terlalu sering dicoba")
	c.Says(c.Submit(formCode.With(""), fieldCode, code), "Tidak ada kode")
	if c.Session().Linked {
		t.Error("linked")
	}
}

// A code ends with its time.
func TestACodeHasItsTime(t *testing.T) {
	c, db, _, _ := newRoom(t)
	c.Import(true)
	c.Submit(formNIP.With(""), fieldNIP, talktest.NIP)
	c.Now = c.Now.Add(10*time.Minute + time.Second)
	c.Says(c.Submit(formCode.With(""), fieldCode, db.letters[0].Code), "lewat waktunya")
	if c.Session().Linked {
		t.Error("linked")
	}
}

// A chat gets three codes an hour, and is told when the next may come; whose
// number it is tells the answer nothing of.
func TestAChatGetsThreeCodesAnHour(t *testing.T) {
	said := make(map[string]bool)
	for _, nip := range []string{talktest.NIP, "197001012000011999"} {
		c, db, _, _ := newRoom(t)
		c.Import(true)
		for range 3 {
			c.Says(c.Command("link", nip), "09.10 WIB")
		}
		said[strings.ReplaceAll(c.Says(c.Command("link", nip), "tidak ada kode yang dikirim", "10.00 WIB").Text, nip, "")] = true
		if len(db.letters) != 4 || c.Waiting(letters.JobMail) != 3 {
			t.Errorf("%s: %d made, %d mails", nip, len(db.letters), c.Waiting(letters.JobMail))
		}
	}
	if len(said) != 1 {
		t.Errorf("the answers tell who works here: %v", said)
	}
}

// A slash command may be anybody's trick: what it brings fills a dialog, and
// links nobody.
func TestAWishLinksNobody(t *testing.T) {
	c, db, _, _ := newRoom(t)
	c.Import(true)
	r := c.Request()
	r.Wish = true
	answer, err := c.Kernel.Mean(t.Context(), r, understand.NIP, talktest.NIP)
	if err != nil || answer.Form == nil || answer.Form.Fields[0].Value != talktest.NIP || len(db.letters) != 0 {
		t.Errorf("a NIP: %+v, %d mails, %v", answer, len(db.letters), err)
	}
	c.Submit(formNIP.With(""), fieldNIP, talktest.NIP)
	code := db.letters[0].Code
	answer, err = c.Kernel.Mean(t.Context(), r, understand.Code, code)
	if err != nil || answer.Form == nil || answer.Form.Fields[0].Value != code || c.Session().Linked {
		t.Errorf("a code: %+v, %v", answer, err)
	}
	c.Me = bot.Account{Platform: bot.Mattermost, ID: "m1"} // whose address is an employee's
	r = c.Request()
	r.Wish = true
	if answer, err = c.Kernel.RunCommand(t.Context(), r, "link"); err != nil || c.Session().Linked {
		t.Errorf("an address: linked %v, %v", c.Session().Linked, err)
	}
	c.Press(c.Button(c.Says(answer, "Tekan tombol ini"), talk.Cmd).Action)
	if !c.Session().Linked {
		t.Error("the press does not link")
	}
}

// Who had the employee before on this platform hears that it is over.
func TestADisplacedAccountHearsOfIt(t *testing.T) {
	c, db, _, _ := newRoom(t)
	c.Link()
	c.Me.ID = "8"
	c.Submit(formNIP.With(""), fieldNIP, talktest.NIP)
	c.Submit(formCode.With(""), fieldCode, db.letters[0].Code)
	told := c.Unasked()
	if len(told) != 1 {
		t.Fatalf("told %+v", told)
	}
	c.Says(told[0], "tidak lagi terhubung")
	c.Me.ID = "7"
	if c.Session().Linked {
		t.Error("both are linked")
	}
}

// Who left, and whose link is too old, are asked anew, each in their words; a
// code of their own link needs no NIP.
func TestWhoMustProveThemselvesAnew(t *testing.T) {
	c, db, _, _ := newRoom(t)
	c.Link()
	c.Kernel.Settings.LinkTTL = time.Hour
	introduced := func(want string) bot.Message {
		t.Helper()
		answer, done, err := c.Kernel.NeedLink(t.Context(), c.Request())
		if err != nil || !done {
			t.Fatalf("%v, %v", done, err)
		}
		return c.Says(answer, want)
	}
	c.Now = c.Now.Add(2 * time.Hour)
	again := c.Button(introduced("Sudah lama"), talk.LinkAgain)
	c.Says(c.Press(again.Action), "email kedinasan")
	if len(db.letters) != 1 || db.letters[0].NIP != talktest.NIP {
		t.Errorf("mailed %+v", db.letters)
	}
	c.Says(c.Submit(formCode.With(""), fieldCode, db.letters[0].Code), "Pegawai Satu")
	c.Import(false)
	introduced("tidak aktif")
}

// An officer has a code mailed to the official address and nowhere else, and
// links nobody: an account that is somebody else's by now is left alone.
func TestAnOfficerHasACodeMailed(t *testing.T) {
	room := bot.Origin{Account: bot.Account{Platform: bot.Telegram, ID: "-100"}, Chat: "-100"}
	does := func(c *talktest.Conversation, nip, key string) {
		t.Helper()
		job := talk.BehalfJob(talk.JobCode, talk.Behalf{NIP: nip, Account: c.Me, Begin: "code.back", Officers: room, Key: key})
		if err := c.Kernel.Jobs()[job.Kind](t.Context(), job.Payload); err != nil {
			t.Fatal(err)
		}
	}
	c, db, _, _ := newRoom(t)
	c.Import(true)
	does(c, talktest.NIP, "1")
	told := c.Unasked()
	if len(told) != 2 || len(db.letters) != 1 || db.letters[0].To != "satu@contoh.go.id" || told[0].Form != nil {
		t.Fatalf("told %+v, mailed %+v", told, db.letters)
	}
	c.Says(told[1], "desk.code.sent") // the desk's own words
	if c.Session().Linked || c.Session().Prompt != store.PromptCode {
		t.Errorf("linked %v, and words answer %q", c.Session().Linked, c.Session().Prompt)
	}
	c, db, _, _ = newRoom(t)
	c.Link()
	const other = "198805052012122001"
	does(c, talktest.NIP, "1")
	does(c, other, "2")
	c.Kernel.Settings.LinkTTL = time.Hour
	c.Now = c.Now.Add(2 * time.Hour)
	does(c, other, "3")
	told = c.Unasked()
	if len(db.letters) != 0 || len(told) != 3 {
		t.Fatalf("mailed %+v, told %+v", db.letters, told)
	}
	for i, want := range []string{"desk.code.linked", "desk.number.unlinked", "desk.number.unlinked"} {
		c.Says(told[i], want)
	}
}

// Officers hear of a danger for an employee, by name, and of none for a number
// that is nobody's.
func TestOfficersHearOfADanger(t *testing.T) {
	c, _, _, _ := newRoom(t)
	e := c.Import(true)
	for _, nip := range []string{"197001012000011999", e.NIP} {
		job := alarmJob(nip, store.DangerGuess)
		if err := c.Kernel.Jobs()[job.Kind](t.Context(), job.Payload); err != nil {
			t.Fatal(err)
		}
	}
	told := c.Unasked()
	if len(told) != 1 {
		t.Fatalf("told %+v", told)
	}
	c.Says(told[0], e.Name, letters.LastOfNIP(e.NIP))
}

// Two employees with one address are linked by a code alone.
func TestAnAddressOfTwoLinksNobody(t *testing.T) {
	c, _, _, _ := newRoom(t)
	e := c.Import(true)
	both := func(yield func(store.Employee, error) bool) {
		other := e
		other.NIP, other.NIK = "198805052012122001", "3171010505880001"
		_ = yield(e, nil) && yield(other, nil)
	}
	if _, err := c.DB.Import(context.Background(), both, store.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	c.Me = bot.Account{Platform: bot.Mattermost, ID: "m1"}
	c.Says(c.Command("link", ""), "NIP")
	if c.Session().Linked {
		t.Error("linked")
	}
}
