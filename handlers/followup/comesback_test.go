package followup

import (
	"context"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// walked is somebody at a step of the reset's guide since nine in the morning,
// and what comes back to them.
type walked struct {
	*talktest.Conversation
	t    *testing.T
	h    *Room
	walk store.Walk
	back []time.Time // when a job comes back once more
}

// notes notes jobs that come back, and stores all.
type notes struct {
	*store.Store
	w *walked
}

// Enqueue notes and stores.
func (n notes) Enqueue(ctx context.Context, jobs ...store.Job) error {
	for _, j := range jobs {
		if j.Kind == string(jobRemind) || j.Kind == string(jobAsk) {
			n.w.back = append(n.w.back, j.RunAt)
		}
	}
	return n.Store.Enqueue(ctx, jobs...)
}

func newWalked(t *testing.T, step string) *walked {
	t.Helper()
	c := talktest.New(t)
	h := New(c.Pages, c.DB, 30*time.Minute, 24*time.Hour)
	c.Register(h.Capability())
	c.Link()
	w, err := c.DB.StartWalk(t.Context(), talktest.NIP, talk.ResetGuide, step, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	out := &walked{Conversation: c, t: t, h: h, walk: w}
	c.Kernel.Store = notes{c.DB, out}
	return out
}

// moves moves the walk.
func (w *walked) moves(step string, st store.WalkState) {
	w.t.Helper()
	var err error
	if w.walk, err = w.DB.MoveWalk(w.t.Context(), w.walk.ID, w.walk.Version, step, st, w.Now); err != nil {
		w.t.Fatal(err)
	}
}

// comes does the job of a kind, twice as after a crash, and gives what was said.
func (w *walked) comes(kind talk.JobKind, last bool) []bot.Reply {
	w.t.Helper()
	job, err := followUpJob(kind, followUp{Walk: w.walk.ID, NIP: talktest.NIP, Account: w.Me, Last: last}, w.Now)
	if err != nil {
		w.t.Fatal(err)
	}
	w.back = nil
	for range 2 {
		if err := w.Kernel.Jobs()[job.Kind](w.t.Context(), job.Payload); err != nil {
			w.t.Fatal(err)
		}
	}
	return w.Unasked()
}

// comesBack tells whether a job that was done twice comes back at a time alone;
// empty: not at all.
func (w *walked) comesBack(at string) bool {
	if at == "" {
		return len(w.back) == 0
	}
	return len(w.back) == 2 && w.back[0].Equal(w.back[1]) && w.back[0].In(talktest.Zone()).Format("02 15.04") == at
}

// A link that waits is told of once, in the day, and nobody is troubled who
// went on, ended it, is somebody else by now, or wants to be let be.
func TestALinkThatWaitsIsToldOf(t *testing.T) {
	for name, tt := range map[string]struct {
		step  string
		last  bool
		after time.Duration
		does  func(w *walked)
		says  string // empty: nothing
		later string // when the job comes back once more
	}{
		"soon":                   {step: "mail", after: 30 * time.Minute, says: "masih menunggu"},
		"before the day is over": {step: "link", last: true, after: 11 * time.Hour, says: "belum dipakai"},
		"on the next day":        {step: "mail", after: 24 * time.Hour, says: "mungkin **sudah tidak berlaku**"},
		"a last call too late":   {step: "mail", last: true, after: 24 * time.Hour},
		"the link is opened":     {step: "pin", after: 30 * time.Minute},
		"in the night":           {step: "mail", after: 12*time.Hour + time.Minute, later: "03 06.00"},
		"moved since":            {step: "mail", after: 20 * time.Minute, does: func(w *walked) { w.moves("link", store.WalkActive) }, later: "02 09.50"},
		"stopped":                {step: "mail", after: 30 * time.Minute, does: func(w *walked) { w.moves("mail", store.WalkStopped) }},
		"stopped, the last call": {step: "mail", last: true, after: 11 * time.Hour, does: func(w *walked) { w.moves("mail", store.WalkStopped) }, says: "belum dipakai"},
		"done":                   {step: "mail", after: 30 * time.Minute, does: func(w *walked) { w.moves("mail", store.WalkDone) }},
		"another walk": {step: "mail", after: 30 * time.Minute, does: func(w *walked) {
			w.moves("mail", store.WalkDone)
			if _, err := w.DB.StartWalk(t.Context(), talktest.NIP, talk.ResetGuide, "mail", w.Now); err != nil {
				t.Fatal(err)
			}
		}},
		"wants to be let be": {step: "mail", after: 30 * time.Minute, does: func(w *walked) {
			if err := w.DB.SetQuiet(t.Context(), store.Account(w.Me), true); err != nil {
				t.Fatal(err)
			}
		}},
		"is nobody any more": {step: "mail", after: 30 * time.Minute, does: func(w *walked) {
			if _, err := w.DB.Unlink(t.Context(), store.Account(w.Me)); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWalked(t, tt.step)
			w.Now = w.Now.Add(tt.after)
			if tt.does != nil {
				tt.does(w)
			}
			told := w.comes(jobRemind, tt.last)
			if want := map[bool]int{true: 1}[tt.says != ""]; len(told) != want || !w.comesBack(tt.later) {
				t.Fatalf("said %+v, and it comes back at %v", told, w.back)
			}
			if tt.says != "" {
				w.Says(told[0], tt.says)
			}
		})
	}
}

// Who came to the end is asked once whether signing worked, by day; who is at
// it again is not.
func TestWhetherSigningWorkedIsAsked(t *testing.T) {
	w := newWalked(t, "login")
	if told := w.comes(jobAsk, false); len(told) != 0 {
		t.Errorf("who is on the way is asked: %+v", told)
	}
	w.moves("login", store.WalkDone)
	w.Now = w.Now.Add(13 * time.Hour)
	if told := w.comes(jobAsk, false); len(told) != 0 || !w.comesBack("03 06.00") {
		t.Errorf("at night: %+v, and it comes back at %v", told, w.back)
	}
	w.Now = w.Now.Add(12 * time.Hour)
	told := w.comes(jobAsk, false)
	if len(told) != 1 {
		t.Fatalf("asked %+v", told)
	}
	w.Button(w.Says(told[0], "tanda tangan Anda berhasil"), talk.Worked)
}
