package reset

import (
	"context"
	"errors"
	"testing"
	"time"

	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// queued is a room in which five wait before whoever asks, three seconds each.
func queued(p *portal) { p.people, p.wait, p.turn = 5, 15*time.Second, 3*time.Second }

// Who has to wait is told their place, and is asked when their turn has come.
func TestTheQuestionComesWhenOnesTurnDoes(t *testing.T) {
	c, h, p := newRoom(t)
	queued(p)
	c.Says(c.Press(talk.ResetNew.With("")), "urutan ke-6", "15 detik")
	if p.looks != 0 || c.Waiting(jobPrepare) != 1 {
		t.Fatalf("%d looks, %d wait", p.looks, c.Waiting(jobPrepare))
	}
	payload := preparationOf(t, c.Request(), c.Now)
	for range 2 { // a job that is done again asks once
		if err := h.prepare(t.Context(), payload); err != nil {
			t.Fatal(err)
		}
	}
	told := c.Unasked()
	if len(told) != 1 {
		t.Fatalf("asked %d times", len(told))
	}
	c.Button(c.Says(told[0], "Lanjutkan?"), talk.ResetOK)
}

// preparationOf is the payload of somebody's job.
func preparationOf(t *testing.T, r talk.Request, at time.Time) []byte {
	t.Helper()
	job, err := talk.NewJob(jobPrepare, "", preparation{NIP: r.Session.Employee.NIP, Account: r.Account, At: at})
	if err != nil {
		t.Fatal(err)
	}
	return job.Payload
}

// A turn that comes too late asks nothing, and nobody is asked who is somebody
// else by now. When the job's own time is over, it begins anew.
func TestATurnThatComesTooLate(t *testing.T) {
	c, h, p := newRoom(t)
	payload := preparationOf(t, c.Request(), c.Now)
	p.lookErr = bsre.ErrQueue
	if err := h.prepare(t.Context(), payload); !errors.Is(err, bsre.ErrQueue) || len(c.Unasked()) != 0 {
		t.Errorf("a job whose time is over: %v, %+v", err, c.Unasked())
	}
	c.Now = c.Now.Add(queueLife + time.Second)
	looks := p.looks
	if err := h.prepare(t.Context(), payload); err != nil {
		t.Fatal(err)
	}
	if told := c.Unasked(); len(told) != 1 || p.looks != looks {
		t.Fatalf("told %+v after %d looks", told, p.looks-looks)
	}
	c.Says(c.Unasked()[0], "sudah lama")
	if _, err := c.DB.Unlink(t.Context(), store.Account(c.Me)); err != nil {
		t.Fatal(err)
	}
	if err := h.prepare(t.Context(), payload); err != nil || len(c.Unasked()) != 1 {
		t.Errorf("somebody who is no employee any more is told %+v, %v", c.Unasked(), err)
	}
}

// A look that was called off before BSrE was asked takes its place in the queue.
func TestAWaitThatWasGuessedTooShort(t *testing.T) {
	c, h, p := newRoom(t)
	p.turn, p.lookErr = time.Second, bsre.ErrQueue
	c.Says(c.Press(talk.ResetNew.With("")), "urutan ke-1")
	if c.Waiting(jobPrepare) != 1 {
		t.Error("nobody waits")
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, queue, err := h.lookUp(over, c.Request()); queue != nil || err == nil {
		t.Errorf("whose own time is over: %+v, %v", queue, err)
	}
}
