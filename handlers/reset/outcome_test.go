package reset

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// Each outcome has its row and its words. The official address and the
// employee's other accounts hear of what may have happened, and of nothing else.
func TestOutcomes(t *testing.T) {
	for name, tt := range map[string]struct {
		outcome bsre.Outcome
		err     error
		state   store.ResetState
		says    string
		alarms  int
	}{
		"sent":          {bsre.Outcome{Kind: bsre.OutcomeSent}, nil, store.ResetSent, "berhasil dikirim", 1},
		"lost":          {bsre.Outcome{}, fmt.Errorf("ask: %w", bsre.ErrOutcomeUnknown), store.ResetUnknown, "mungkin sedang dikirim", 1},
		"phone":         {bsre.Outcome{Kind: bsre.OutcomePhone}, nil, store.ResetPhone, "WhatsApp Anda diverifikasi dulu", 0},
		"refused":       {bsre.Outcome{Kind: bsre.OutcomeRefused, Message: "Kuota habis"}, nil, store.ResetRefused, "Kuota habis", 0},
		"not reachable": {bsre.Outcome{}, bsre.ErrUnavailable, store.ResetRefused, "Tidak ada link yang dikirim", 0},
		"not found":     {bsre.Outcome{}, bsre.ErrNotFound, store.ResetRefused, "instansi lain", 0},
		"our mistake":   {bsre.Outcome{}, errors.New("no such thing"), store.ResetRefused, "Tidak ada link yang dikirim", 0},
	} {
		t.Run(name, func(t *testing.T) {
			c, h, p := newRoom(t)
			other := store.Account{Platform: bot.Mattermost, ID: "m1"}
			if err := c.DB.Link(t.Context(), other, talktest.NIP, c.Now, func([]store.Account) []store.Job { return nil }); err != nil {
				t.Fatal(err)
			}
			row := confirmed(t, c)
			p.outcome, p.err = tt.outcome, tt.err
			if err := h.reset(t.Context(), resetJob(row.ID).Payload); err != nil {
				t.Fatal(err)
			}
			if got, err := c.DB.Reset(t.Context(), row.ID); err != nil || got.State != tt.state {
				t.Errorf("the reset is %q, %v", got.State, err)
			}
			told, alarms := "", 0
			for _, r := range c.Unasked() {
				if strings.Contains(r.Messages[0].Text, "bukan Anda") {
					alarms++
				} else {
					told += r.Messages[0].Text
				}
			}
			if !strings.Contains(told, tt.says) || alarms != tt.alarms || c.Waiting(letters.JobMail) != tt.alarms {
				t.Errorf("told %q, %d alarms and %d mails", told, alarms, c.Waiting(letters.JobMail))
			}
		})
	}
}

// What this process asks for just now is left alone by the sweep, however long
// it takes; what a dead one had begun is unknown, and what nobody began is
// begun.
func TestTheSweepLeavesWhatIsInHand(t *testing.T) {
	c, h, p := newRoom(t)
	row := confirmed(t, c)
	later := c.Now.Add(time.Hour)
	p.during = func() {
		if err := h.Sweep(t.Context(), later); err != nil {
			t.Error(err)
		}
	}
	if err := h.reset(t.Context(), resetJob(row.ID).Payload); err != nil {
		t.Fatal(err)
	}
	if got, err := c.DB.Reset(t.Context(), row.ID); err != nil || got.State != store.ResetSent {
		t.Errorf("it is %q, %v", got.State, err)
	}
	c.Now = later
	dead := confirmedAgain(t, c)
	if _, mine, err := c.DB.BeginReset(t.Context(), dead.ID, c.Now); err != nil || !mine {
		t.Fatal(mine, err)
	}
	for range 2 {
		if err := h.Sweep(t.Context(), c.Now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := c.DB.Reset(t.Context(), dead.ID); err != nil || got.State != store.ResetUnknown || p.calls != 1 {
		t.Errorf("it is %q after %d calls, %v", got.State, p.calls, err)
	}
}

// A reset of somebody who is gone from the directory asks BSrE for nothing.
func TestNobodyIsResetWhoIsGone(t *testing.T) {
	c, h, p := newRoom(t)
	row := confirmed(t, c)
	h.ledger = gone{c.DB}
	if err := h.reset(t.Context(), resetJob(row.ID).Payload); err != nil {
		t.Fatal(err)
	}
	if got, err := c.DB.Reset(t.Context(), row.ID); err != nil || got.State != store.ResetRefused || p.calls != 0 {
		t.Errorf("it is %q after %d calls, %v", got.State, p.calls, err)
	}
}
