package link

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// mailed keeps the mails with codes.
type mailed struct {
	*store.Store
	letters []letters.Letter
}

// CreateCode keeps the mail beside.
func (m *mailed) CreateCode(ctx context.Context, r store.CodeRequest) (store.CodeGrant, error) {
	var l letters.Letter
	if err := json.Unmarshal(r.Mail.Payload, &l); err != nil {
		return store.CodeGrant{}, err
	}
	m.letters = append(m.letters, l)
	return m.Store.CreateCode(ctx, r)
}

type post struct{ down bool }

func (p *post) Down(time.Time) bool { return p.down }

type mine struct{}

func (mine) Mine(context.Context, talk.Request) (bot.Reply, error) { return talk.Reply("mine"), nil }

func newRoom(t *testing.T) (*talktest.Conversation, *mailed, *post, *[]string) {
	t.Helper()
	c := talktest.New(t)
	db, p, linked := &mailed{Store: c.DB}, &post{}, &[]string{}
	c.Register(New(c.Kernel, Config{
		People: c.DB, Store: db, Post: p, Accounts: mine{}, CodeTTL: 10 * time.Minute, Linked: func(e store.Employee) { *linked = append(*linked, e.NIP) },
		Trusted: map[string]func(context.Context, string) (string, error){bot.Mattermost: func(context.Context, string) (string, error) { return "satu@contoh.go.id", nil }},
	}).Capability())
	return c, db, p, linked
}

// The code goes to the official address, and the answer is the same whoever
// the number belongs to. Somebody who left gets none.
func TestACodeGoesToActiveEmployeesOnly(t *testing.T) {
	said := make(map[string]bool)
	for _, tt := range []struct {
		nip    string
		active bool
		to     string
	}{{talktest.NIP, true, "satu@contoh.go.id"}, {talktest.NIP, false, ""}, {"197001012000011999", true, ""}} {
		c, db, _, _ := newRoom(t)
		c.Import(tt.active)
		said[c.Says(c.Command("link", tt.nip), "09.10 WIB").Text] = true
		if len(db.letters) != 1 || db.letters[0].To != tt.to {
			t.Errorf("%s, active %v: mailed %+v, want it to %q", tt.nip, tt.active, db.letters, tt.to)
		}
	}
	if len(said) != 1 {
		t.Errorf("the answers tell who works here: %v", said)
	}
}

func TestARightCodeLinks(t *testing.T) {
	c, db, _, linked := newRoom(t)
	c.Import(true)
	c.Says(c.Submit(formNIP.With(""), fieldNIP, "12"), "2")
	c.Submit(formNIP.With(""), fieldNIP, talktest.NIP)
	code := db.letters[0].Code
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	if got := c.Submit(formCode.With(""), fieldCode, wrong); got.Errors[fieldCode] == "" || c.Session().Linked {
		t.Errorf("a wrong code: %+v", got)
	}
	c.Says(c.Submit(formCode.With(""), fieldCode, code[:3]+" "+code[3:]), "Pegawai Satu")
	if !c.Session().Linked || len(*linked) != 1 || c.Waiting(letters.JobLinks) != 1 {
		t.Errorf("linked %v, told %v, %d jobs", c.Session().Linked, *linked, c.Waiting(letters.JobLinks))
	}
	c.Says(c.Command("link", ""), "mine")
}

// While no mail is taken the truth is told.
func TestWhoAsksWhileTheMailIsDownIsToldSo(t *testing.T) {
	c, _, p, _ := newRoom(t)
	p.down = true
	c.Says(c.Command("link", talktest.NIP), "terganggu", "09.20 WIB")
}

// An address that the platform vouches for needs no code, but whose owner left
// is nobody's.
func TestATrustedAddressLinks(t *testing.T) {
	for _, active := range []bool{true, false} {
		c, db, _, _ := newRoom(t)
		c.Me = bot.Account{Platform: bot.Mattermost, ID: "m1"}
		c.Import(active)
		c.Command("link", "")
		if c.Session().Linked != active || len(db.letters) != 0 {
			t.Errorf("active %v: linked %v", active, c.Session().Linked)
		}
	}
}

// Who is not linked and wants something is asked who they are, and it is taken
// up once they are linked.
func TestWhatWasWantedIsTakenUp(t *testing.T) {
	c, db, _, _ := newRoom(t)
	c.Import(true)
	answer, done, err := c.Kernel.NeedLinkFor(t.Context(), c.Request(), "status")
	if err != nil || !done {
		t.Fatalf("%v, %v", done, err)
	}
	c.Says(answer, "NIP")
	c.Submit(formNIP.With(""), fieldNIP, talktest.NIP)
	got := c.Submit(formCode.With(""), fieldCode, db.letters[0].Code)
	if len(got.Messages) != 2 || !strings.Contains(got.Messages[1].Text, "does status") {
		t.Errorf("answered %+v", got.Messages)
	}
}

// Whoever did not get a code need not type the NIP again on that day. Later it
// may be another person's phone.
func TestANewCodeNeedsNoNIPForADay(t *testing.T) {
	c, db, _, _ := newRoom(t)
	c.Import(true)
	c.Says(c.Command("link", talktest.NIP))
	c.Now = c.Now.Add(20 * time.Hour)
	c.Says(c.Press(talk.CodeAgain.With("")), "WIB")
	if len(db.letters) != 2 || db.letters[1].NIP != talktest.NIP {
		t.Errorf("after 20 hours: mailed %+v", db.letters)
	}
	c.Now = c.Now.Add(25 * time.Hour)
	c.Says(c.Press(talk.CodeAgain.With("")), "NIP")
	if len(db.letters) != 2 {
		t.Errorf("after another 25 hours a code went out: %+v", db.letters)
	}
}
