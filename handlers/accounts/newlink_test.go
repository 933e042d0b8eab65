package accounts

import (
	"testing"

	"resetpin/bot"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

// A new account is told of in the employee's others, which can cut it, and in
// none of its own.
func TestANewAccountIsToldOfInTheOthers(t *testing.T) {
	c := talktest.New(t)
	c.Register(New(c.Kernel, c.DB).Capability())
	c.Link()
	other := store.Account{Platform: bot.Mattermost, ID: "m1"}
	job := talk.PlainJob(letters.JobLinks, letters.NewLink{NIP: talktest.NIP, By: bot.Account(other), At: c.Now})
	tells := func() []bot.Reply {
		t.Helper()
		if err := c.Kernel.Jobs()[job.Kind](t.Context(), job.Payload); err != nil {
			t.Fatal(err)
		}
		return c.Unasked()
	}
	if err := c.DB.Link(t.Context(), other, talktest.NIP, c.Now, func([]store.Account) []store.Job { return nil }); err != nil {
		t.Fatal(err)
	}
	told := tells()
	if len(told) != 1 {
		t.Fatalf("told %+v", told)
	}
	cut := c.Button(c.Says(told[0], "Mattermost", c.DB.Reference(other)), talk.LinkCut)
	if _, err := c.DB.Unlink(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	c.Says(c.Press(cut.Action), "tidak lagi terhubung") // cut meanwhile
	c.Me = bot.Account(other)
	c.Says(c.Press(cut.Action), "who are you?") // somebody who is no employee cuts nothing
	if _, err := c.DB.Unlink(t.Context(), store.Account{Platform: bot.Telegram, ID: "7"}); err != nil {
		t.Fatal(err)
	}
	if told := tells(); len(told) != 1 {
		t.Errorf("with no other account there is nobody to tell: %+v", told)
	}
}
