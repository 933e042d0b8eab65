package status

import (
	"context"
	"testing"
	"time"

	"resetpin/handlers/bsre"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// service is an eSign Client Service that says what the test wants.
type service struct {
	value string
	err   error
}

func (s *service) Status(context.Context, bsre.Person) (bsre.Status, error) {
	return bsre.Status{Value: s.value}, s.err
}

func TestTheStatusIsToldAndKept(t *testing.T) {
	c, s := talktest.New(t), &service{value: "EXPIRED"}
	h := New(c.Pages, c.DB, s, nil)
	c.Register(h.Capability())
	if err := h.Check(); err != nil {
		t.Fatal(err)
	}
	c.Says(c.Command("status", ""), "who are you?")
	c.Link()
	told := c.Says(c.Command("statusds", ""), "🔴")
	if told.Place != "status-expired" {
		t.Errorf("it leaves the person at %q", told.Place)
	}
	if err := c.DB.SetPrompt(t.Context(), store.Account(c.Me), store.PromptNone, c.Now); err != nil { // what is queued is written
		t.Fatal(err)
	}
	if got := c.Session().Status.Value; got != "EXPIRED" {
		t.Errorf("kept %q", got)
	}
	// While BSrE does not answer, the last known one is told as such.
	s.err, c.Now = bsre.ErrUnavailable, c.Now.Add(time.Hour)
	c.Says(c.Command("status", ""), "09.00 WIB", "🔴")
}

func TestAnEndThatContradictsIsNotShown(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		status string
		end    time.Time
		want   bool
	}{
		{"ISSUE", now.Add(time.Hour), true}, {"ISSUE", now.Add(-time.Hour), false}, {"ISSUE", time.Time{}, false},
		{"EXPIRED", now.Add(-time.Hour), true}, {"EXPIRED", now.Add(time.Hour), false}, {"EXPIRED", time.Time{}, false}, {"REVOKE", now.Add(time.Hour), false},
	} {
		if got := endFits(tt.status, tt.end, now); got != tt.want {
			t.Errorf("%s until %v: %v", tt.status, tt.end, got)
		}
	}
}

// glancing is a portal that tells the end of a certificate, and counts.
type glancing struct {
	bsre.Resetter
	end   time.Time
	looks int
}

func (g *glancing) Glance(context.Context, bsre.Person) (bsre.Subject, error) {
	g.looks++
	return bsre.Subject{EndDate: g.end}, nil
}

// blind is a gateway that tells of nobody.
type blind struct{ bsre.Resetter }

func (blind) Glance(context.Context, bsre.Person) (bsre.Subject, error) {
	return bsre.Subject{}, bsre.ErrNotSupported
}

// Where nobody can be looked up, it is tried once.
func TestNoEndsAreLookedUpWhereNobodyCanBe(t *testing.T) {
	c := talktest.New(t)
	h := New(c.Pages, c.DB, &service{value: "ISSUE"}, blind{})
	c.Register(h.Capability())
	c.Link()
	h.WantEnd(c.Session().Employee)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	h.LookUpEnds(ctx)
	if ctx.Err() != nil {
		t.Error("it goes on")
	}
}

// Whoever asks twice in a minute has the end looked up once.
func TestAnEndThatWasWantedTwiceIsLookedUpOnce(t *testing.T) {
	c := talktest.New(t)
	g := &glancing{end: c.Now.AddDate(0, 3, 0)}
	h := New(c.Pages, c.DB, &service{value: "ISSUE"}, g)
	c.Register(h.Capability())
	c.Link()
	person := c.Session().Employee
	for range 2 {
		if err := h.lookUpEnd(t.Context(), person); err != nil || g.looks != 1 {
			t.Errorf("looked %d times, %v", g.looks, err)
		}
		if err := c.DB.SetPrompt(t.Context(), store.Account(c.Me), store.PromptNone, c.Now); err != nil { // what is queued is written
			t.Fatal(err)
		}
		c.Now = c.Now.Add(30 * time.Second)
	}
	if kept, err := c.DB.Certificate(t.Context(), person.NIP); err != nil || !kept.EndDate.Equal(g.end) {
		t.Errorf("kept %+v, %v", kept, err)
	}
	c.Now = c.Now.Add(2 * time.Minute)
	if err := h.lookUpEnd(t.Context(), person); err != nil || g.looks != 2 {
		t.Errorf("later it was looked up %d times, %v", g.looks, err)
	}
}
