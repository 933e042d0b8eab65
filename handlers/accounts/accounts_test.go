package accounts

import (
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/store"
)

func TestAnAccountIsCutByTheQuestionThatNamedIt(t *testing.T) {
	c := talktest.New(t)
	c.Register(New(c.Kernel, c.DB).Capability())
	c.Says(c.Command("unlink", ""), "belum terhubung")
	c.Link()
	question := c.Says(c.Command("unlink", ""), "Pegawai Satu")
	yes := c.Button(question, talk.UnlinkOK)
	c.Says(c.Press(talk.UnlinkOK.With("forged.00000000")), "Pegawai Satu") // another's question is asked anew
	if !c.Session().Linked {
		t.Fatal("cut by a question that named somebody else")
	}
	c.Says(c.Press(yes.Action))
	if c.Session().Linked {
		t.Error("still linked")
	}
	c.Says(c.Press(yes.Action)) // pressed twice, it is still done
}

func TestAnotherAccountOfOnesOwnIsCut(t *testing.T) {
	c := talktest.New(t)
	h := New(c.Kernel, c.DB)
	c.Register(h.Capability())
	c.Link()
	other := store.Account{Platform: bot.Mattermost, ID: "m1"}
	if err := c.DB.Link(t.Context(), other, talktest.NIP, c.Now, func([]store.Account) []store.Job { return nil }); err != nil {
		t.Fatal(err)
	}
	mine, err := h.Mine(t.Context(), c.Request())
	if err != nil {
		t.Fatal(err)
	}
	ask := c.Says(c.Press(c.Button(c.Says(mine, "Telegram", "Mattermost"), talk.LinkCut).Action), "Mattermost")
	c.Says(c.Press(cutOK.With("m" + strings.Repeat("A", 14) + ".00000000")))
	c.Says(c.Press(c.Button(ask, cutOK).Action), "Mattermost")
	links, err := c.DB.Links(t.Context(), talktest.NIP)
	if err != nil || len(links) != 1 || links[0].Account != store.Account(c.Me) {
		t.Errorf("links %+v, %v", links, err)
	}
	if c.Waiting(letters.JobMail) != 1 || len(c.Unasked()) != 1 {
		t.Errorf("told by %d mails and %d messages", c.Waiting(letters.JobMail), len(c.Unasked()))
	}
}
