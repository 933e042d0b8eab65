package reset

import (
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// pressed presses a button that was made at another time than now.
func pressed(t *testing.T, c *talktest.Conversation, a bot.Action, made time.Time) bot.Reply {
	t.Helper()
	a.At = made
	answer, err := c.Kernel.Handle(t.Context(), bot.Update{
		Kind: bot.KindAction, Action: a, Origin: bot.Origin{Account: c.Me, Private: true, Message: "1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// none checks that no reset was written down.
func none(t *testing.T, c *talktest.Conversation) {
	t.Helper()
	if rows, err := c.DB.Resets(t.Context(), talktest.NIP, 10); err != nil || len(rows) != 0 || c.Waiting(jobReset) != 0 {
		t.Errorf("%d resets and %d jobs, %v", len(rows), c.Waiting(jobReset), err)
	}
}

// The answer counts for whom and when it was asked: a button of the employee
// whom the account belonged to before, an old one, and one of a clock that is
// ahead reset nothing.
func TestAYesIsForItsEmployeeAndItsTime(t *testing.T) {
	c, _, _ := newRoom(t)
	yes := c.Button(c.Says(c.Press(talk.ResetNew.With("")), "Lanjutkan?"), talk.ResetOK).Action
	c.Says(c.Press(talk.ResetOK.With(talk.Bound("198805052012122001"))), "NIP lain")
	c.Says(pressed(t, c, yes, c.Now.Add(-confirmationLifetime-time.Second)), "sudah lama")
	c.Says(pressed(t, c, yes, c.Now.Add(talk.ClockSkew+time.Second)), "sudah lama")
	none(t, c)
	c.Says(pressed(t, c, yes, c.Now.Add(-confirmationLifetime)), "Sedang meminta")
	if got := pressed(t, c, yes, c.Now.Add(-confirmationLifetime-time.Hour)); len(got.Messages) != 1 || got.Messages[0].Text != c.Kernel.Texts.Get(talk.Indonesian, "reset.working") {
		t.Errorf("a press that was answered, and comes again much later: %+v", got)
	}
	if c.Waiting(jobReset) != 1 {
		t.Errorf("%d calls wait", c.Waiting(jobReset))
	}
}

// Who is nobody, or was linked too long ago, is asked who they are.
func TestOnlyAVerifiedEmployeeResets(t *testing.T) {
	c, _, p := newRoom(t)
	yes := c.Button(c.Says(c.Press(talk.ResetNew.With("")), "Lanjutkan?"), talk.ResetOK).Action
	c.Kernel.Settings.LinkTTL = time.Hour
	c.Now = c.Now.Add(2 * time.Hour)
	looks := p.looks
	for _, a := range []bot.Action{yes, talk.ResetNew.With(""), talk.Phone.With("")} {
		c.Says(c.Press(a), "who are you?")
	}
	c.Says(c.Command("resetpin", ""), "who are you?")
	none(t, c)
	if p.looks != looks {
		t.Error("BSrE was asked about somebody who is not verified")
	}
}

// Who may not ask yet hears so before the question, and BSrE is not troubled.
func TestTheLimitsAreToldBeforeTheQuestion(t *testing.T) {
	c, h, p := newRoom(t)
	for range 3 {
		row := confirmedAgain(t, c)
		if err := h.reset(t.Context(), resetJob(row.ID).Payload); err != nil {
			t.Fatal(err)
		}
		looks := p.looks
		c.Says(c.Press(talk.ResetNew.With("")), "Link baru saja diminta")
		if p.looks != looks {
			t.Error("BSrE was asked for nothing")
		}
		c.Now = c.Now.Add(6 * time.Minute)
	}
	c.Says(c.Press(talk.ResetNew.With("")), "cukup banyak")
	c.Now = c.Now.Add(24 * time.Hour)
	c.Says(c.Press(talk.ResetNew.With("")), "Lanjutkan?")
}

// confirmedAgain asks for a reset, says yes, and gives its row.
func confirmedAgain(t *testing.T, c *talktest.Conversation) store.Reset {
	t.Helper()
	c.Press(c.Button(c.Says(c.Press(talk.ResetNew.With("")), "Lanjutkan?"), talk.ResetOK).Action)
	rows, err := c.DB.Resets(t.Context(), talktest.NIP, 10)
	if err != nil || len(rows) == 0 || rows[0].State != store.ResetRequested {
		t.Fatalf("%+v, %v", rows, err)
	}
	return rows[0]
}

// A certificate that a reset does not help is not reset.
func TestAResetThatDoesNotHelpIsNotOffered(t *testing.T) {
	c, h, p := newRoom(t)
	h.status = &certificate{"EXPIRED"}
	c.Says(c.Press(talk.ResetNew.With("")), "tidak menolong")
	if p.looks != 0 {
		t.Error("the portal was asked")
	}
	none(t, c)
}

// Where the mail goes to another address than the agency knows, that is said.
func TestTheQuestionTellsWhereTheMailGoes(t *testing.T) {
	c, _, p := newRoom(t)
	p.subject.Email = "lama@lain.go.id"
	c.Says(c.Press(talk.ResetNew.With("")), "lain.go.id", "**berbeda**")
}
