package walk

import (
	"context"
	"testing"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// later counts what is to be come back to.
type later struct{ reminded, asked int }

func (l *later) RemindLater(context.Context, talk.Request, store.Walk) error {
	l.reminded++
	return nil
}

func (l *later) AskLater(context.Context, talk.Request, store.Walk) error {
	l.asked++
	return nil
}

// issued is a status of a certificate that can sign.
type issued struct{}

func (issued) Told(context.Context, talk.Request) (bot.Reply, store.Status, error) {
	return talk.Reply("told"), store.Status{Value: pages.Issue}, nil
}

func newRoom(t *testing.T) (*talktest.Conversation, *Room, *later) {
	t.Helper()
	c, l := talktest.New(t), &later{}
	h := New(c.Pages, c.DB, l, issued{})
	c.Register(h.Capability())
	c.Link()
	return c, h, l
}

func press(w store.Walk, kind guides.ChoiceKind) bot.Action {
	return talk.Walk.With(pages.Press{Walk: w.ID, Version: w.Version, Kind: kind}.Arg())
}

// A press on a step that is behind leads to the current one, and one that was
// done already is answered with where it led.
func TestAPressCountsOnce(t *testing.T) {
	c, _, _ := newRoom(t)
	c.Press(talk.WalkStart.With("about"))
	first := c.Session().Walk
	c.Press(press(first, guides.ChoiceNext))
	second := c.Session().Walk
	if second.Version != first.Version+1 || second.Step == first.Step {
		t.Fatalf("from %+v to %+v", first, second)
	}
	if got := c.Press(press(first, guides.ChoiceNext)); got.Notice != "" {
		t.Errorf("a double press is answered with the notice %q", got.Notice)
	}
	if got := c.Session().Walk; got.Version != second.Version || got.Step != second.Step {
		t.Errorf("a double press moved the walk to %+v", got)
	}
	c.Press(press(second, guides.ChoiceNext))
	if got := c.Press(press(first, guides.ChoiceNext)); got.Notice == "" {
		t.Error("nothing is said of an old step")
	}
	if got := c.Session().Walk; got.Version != second.Version+1 {
		t.Errorf("an old press moved the walk: %+v", got)
	}
}

// The reset's guide begins once for a link, and is come back to.
func TestTheResetsWalkBeginsOnce(t *testing.T) {
	c, h, l := newRoom(t)
	row := store.Reset{NIP: talktest.NIP, Updated: c.Now}
	for range 2 {
		if _, err := h.Begin(t.Context(), c.Request(), row); err != nil {
			t.Fatal(err)
		}
	}
	w := c.Session().Walk
	if w.Guide != talk.ResetGuide || w.Version != 0 && w.Version != 1 || l.reminded == 0 {
		t.Errorf("walk %+v, reminded %d times", w, l.reminded)
	}
	if _, open, err := h.Unfinished(t.Context(), c.Request(), talk.ResetGuide); err != nil || !open {
		t.Errorf("unfinished: %v, %v", open, err)
	}
	c.Says(c.Command("panduan", ""), "Langkah 1 dari")
	c.Press(press(c.Session().Walk, guides.ChoiceStop))
	if got := c.Session().Walk.State; got != store.WalkStopped {
		t.Errorf("after a stop it is %q", got)
	}
}

func TestAPageOfNoGuideIsNotKnown(t *testing.T) {
	c, h, _ := newRoom(t)
	if _, known, err := h.OpenPage(t.Context(), c.Request(), "gone"); known || err != nil {
		t.Errorf("%v, %v", known, err)
	}
	answer, known, err := h.OpenPage(t.Context(), c.Request(), "nomail")
	if !known || err != nil {
		t.Fatalf("%v, %v", known, err)
	}
	c.Says(answer, "Email belum ada")
	if _, ok, err := h.At(t.Context(), c.Request(), "gone", "step"); ok || err != nil {
		t.Errorf("a guide that is not there: %v, %v", ok, err)
	}
}
