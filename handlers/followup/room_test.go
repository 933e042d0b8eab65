package followup

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// recorder keeps what is to be done later.
type recorder struct {
	*store.Store
	jobs []store.Job
}

// Enqueue keeps jobs.
func (r *recorder) Enqueue(_ context.Context, jobs ...store.Job) error {
	r.jobs = append(r.jobs, jobs...)
	return nil
}

// A walk is come back to soon, and once before its day is over; asking for the
// same twice changes nothing.
func TestAWalkIsComeBackTo(t *testing.T) {
	c := talktest.New(t)
	h := New(c.Pages, c.DB, 30*time.Minute, 24*time.Hour)
	c.Register(h.Capability())
	c.Link()
	w, err := c.DB.StartWalk(t.Context(), talktest.NIP, talk.ResetGuide, "mail", c.Now)
	if err != nil {
		t.Fatal(err)
	}
	jobs := &recorder{Store: c.DB}
	c.Kernel.Store = jobs
	for range 2 {
		if err := h.RemindLater(t.Context(), c.Request(), w); err != nil {
			t.Fatal(err)
		}
		if err := h.AskLater(t.Context(), c.Request(), w); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, j := range jobs.jobs {
		got = append(got, j.Kind+" "+j.RunAt.In(talktest.Zone()).Format("02 15.04")+" "+j.Key)
	}
	if len(got) != 6 || !slices.Equal(got[:3], got[3:]) || !strings.HasPrefix(got[0], "remind 02 09.30") || !strings.HasPrefix(got[1], "remind 02 20.00") || !strings.HasPrefix(got[2], "ask 03 09.00") {
		t.Errorf("come back by %q", got)
	}
	if err := h.AskLater(t.Context(), c.Request(), store.Walk{Guide: "about"}); err != nil || len(jobs.jobs) != 6 {
		t.Errorf("who read another guide is asked: %v", err)
	}
}

func TestTheAnswerToTheQuestionLeadsOn(t *testing.T) {
	c := talktest.New(t)
	c.Register(New(c.Pages, c.DB, time.Minute, time.Hour).Capability())
	c.Link()
	c.Says(c.Press(talk.Worked.With("yes")), "Senang")
	c.Button(c.Says(c.Press(talk.Worked.With("no")), "Masih PIN salah"), talk.ResetNew)
}
