package notice

import (
	"context"
	"strconv"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
	"resetpin/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// outside is BSrE as it stands.
type outside struct {
	bsre.Resetter
	status, portal error
	asked          int
}

func (o *outside) Status(context.Context, bsre.Person) (bsre.Status, error) {
	o.asked++
	return bsre.Status{Value: "ISSUE"}, o.status
}

func (o *outside) Glance(context.Context, bsre.Person) (bsre.Subject, error) {
	return bsre.Subject{}, o.portal
}

func room(t *testing.T) (*talktest.Conversation, *Room, *outside) {
	t.Helper()
	c, o := talktest.New(t), &outside{status: bsre.ErrUnavailable}
	h := New(c.Kernel, c.DB, o, o)
	c.Register(h.Capability())
	c.Link()
	return c, h, o
}

func look(t *testing.T, h *Room) {
	t.Helper()
	if err := h.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Whoever waits is told once, when BSrE answers what they wait for.
func TestWhoWaitsIsToldWhenBSrEAnswers(t *testing.T) {
	for _, tt := range []struct {
		what                          string
		status, portal, then, portal2 error
		told                          bool
	}{
		{what: "status", status: bsre.ErrUnavailable, portal: bsre.ErrUnavailable, portal2: bsre.ErrUnavailable, told: true},
		{what: "status", status: bsre.ErrUnavailable, then: bsre.ErrCredentials},
		{what: "status", status: bsre.ErrUnavailable, then: bsre.ErrNotFound, told: true}, // an answer too
		{what: "resetpin", portal: bsre.ErrUnavailable, portal2: bsre.ErrQueue},
		{what: "resetpin", portal: bsre.ErrUnavailable, portal2: bsre.ErrNoCertificate, told: true},
		{what: "resetpin", status: bsre.ErrUnavailable, told: true},
	} {
		c, h, o := room(t)
		look(t, h)
		if o.asked > 0 {
			t.Error("BSrE is asked, and nobody waits")
		}
		o.status, o.portal = tt.status, tt.portal
		c.Says(c.Press(talk.Await.With(tt.what)), "satu kali")
		look(t, h)
		if got := c.Unasked(); len(got) > 0 {
			t.Errorf("%+v: told too early: %+v", tt, got)
		}
		o.status, o.portal = tt.then, tt.portal2
		look(t, h)
		look(t, h)
		got := c.Unasked()
		if !tt.told {
			if len(got) > 0 {
				t.Errorf("%+v: told %+v", tt, got)
			}
			continue
		}
		if len(got) != 1 {
			t.Fatalf("%+v: told %+v", tt, got)
		}
		if b := c.Button(c.Says(got[0], "sudah menjawab lagi", "09.00"), talk.Cmd); b.Action.Arg != tt.what {
			t.Errorf("%+v: the button does %+v", tt, b)
		}
	}
}

// Who does not want it any more, got it meanwhile or is nobody's account is
// told nothing.
func TestWhoWaitsNoMoreIsNotTold(t *testing.T) {
	for name, end := range map[string]func(c *talktest.Conversation, h *Room){
		"forgets": func(c *talktest.Conversation, _ *Room) { c.Says(c.Press(forget.With("")), "tidak akan dikabari") },
		"asked again": func(c *talktest.Conversation, _ *Room) {
			if err := c.DB.SaveStatus(t.Context(), talktest.NIP, store.Status{Value: "ISSUE", Asked: c.Now.Add(time.Minute)}); err != nil {
				t.Fatal(err)
			}
			if err := c.DB.SetPrompt(t.Context(), store.Account(c.Me), store.PromptNone, c.Now); err != nil { // what is queued is written
				t.Fatal(err)
			}
		},
		"unlinked": func(c *talktest.Conversation, _ *Room) {
			if _, err := c.DB.Unlink(t.Context(), store.Account(c.Me)); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, h, o := room(t)
			c.Press(talk.Await.With("status"))
			end(c, h)
			o.status = nil
			look(t, h)
			if got := c.Unasked(); len(got) > 0 || o.asked > 0 {
				t.Errorf("told %+v, and BSrE asked %d times", got, o.asked)
			}
		})
	}
}

// Not all are told at the same moment; and nobody is woken who has gone to bed.
func TestThoseWhoWaitAreToldByAndBy(t *testing.T) {
	c, h, o := room(t)
	const people = 2*toldAtOnce + 1
	nip := func(i int) string { return "19800101200501" + strconv.Itoa(1100+i) }
	_, err := c.DB.Import(t.Context(), func(yield func(store.Employee, error) bool) {
		for i := range people {
			yield(store.Employee{NIP: nip(i), NIK: "31710101018" + strconv.Itoa(10000+i), Name: "Pegawai Satu", Email: strconv.Itoa(i) + "@contoh.go.id", Active: true}, nil)
		}
	}, store.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range people {
		a := store.Account{Platform: bot.Telegram, ID: strconv.Itoa(100 + i)}
		if err := c.DB.Link(t.Context(), a, nip(i), c.Now, func([]store.Account) []store.Job { return nil }); err != nil {
			t.Fatal(err)
		}
		if err := c.DB.AwaitRecovery(t.Context(), store.RecoveryWait{Account: a, What: askStatus, Press: a.ID, Asked: c.Now}); err != nil {
			t.Fatal(err)
		}
	}
	o.status = nil
	c.Now = time.Date(2026, 3, 3, 2, 0, 0, 0, talktest.Zone())
	look(t, h)
	if got := c.Unasked(); len(got) > 0 || o.asked > 0 {
		t.Errorf("at night %d are told", len(got))
	}
	c.Now = c.Now.Add(5 * time.Hour)
	for i, want := range []int{toldAtOnce, 2 * toldAtOnce, people, people} {
		look(t, h)
		if got := len(c.Unasked()); got != want {
			t.Errorf("after look %d %d are told, want %d", i, got, want)
		}
	}
	if o.asked != 3 {
		t.Errorf("BSrE was asked %d times, want once for each look at which somebody waited", o.asked)
	}
}
