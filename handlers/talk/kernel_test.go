package talk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// told answers with a word, and the request's text behind it.
func told(word string) talk.Handler {
	return func(_ context.Context, r talk.Request) (bot.Reply, error) {
		return talk.Reply(strings.TrimSpace(word + " " + r.Text)), nil
	}
}

// house is a kernel with one of each, and a room of officers: a group, and the
// private chat of one.
func house(t *testing.T) *talktest.Conversation {
	t.Helper()
	c := talktest.New(t)
	c.Kernel.Settings.HelpdeskChats = append(c.Kernel.Settings.HelpdeskChats, bot.Account{Platform: bot.Telegram, ID: "55"})
	c.Kernel.Settings.Admins = []bot.Account{{Platform: bot.Telegram, ID: "55"}}
	c.Register(talk.Capability{
		Name: "tested", Room: told("room"), RoomActions: []talk.Name{"in.room"}, Words: told("words"), Contact: told("contact"),
		Commands: []talk.Command{
			{Name: "wanted", Run: told("wanted")}, c.Kernel.AdminCommand("secret", told("for admins")),
			{Name: "broken", Run: func(context.Context, talk.Request) (bot.Reply, error) { return bot.Reply{}, errors.New("broken") }},
		},
		Actions: map[talk.Name]talk.Handler{"does": told("done"), "in.room": told("in private")},
		Forms:   map[talk.Name]talk.Handler{"form": told("submitted")},
		Places:  map[understand.Place]talk.Handler{talk.AskPerson: told("for a person")},
	})
	return c
}

// Each kind of update has its way, and what is said where others read along is
// answered by the way to the private chat alone.
func TestEachUpdateHasItsWay(t *testing.T) {
	c := house(t)
	private := func(u bot.Update) bot.Update { u.Private = true; return u }
	in := func(u bot.Update, chat string) bot.Update { u.Chat = chat; return u }
	act := func(n talk.Name) bot.Update { return bot.Update{Kind: bot.KindAction, Action: n.With("")} }
	text, command := bot.Update{Kind: bot.KindText, Text: "halo"}, bot.Update{Kind: bot.KindCommand, Command: "wanted", Text: "1"}
	officers := in(private(text), "55")
	officers.Account = bot.Account{Platform: bot.Telegram, ID: "55"}
	inThread, pressed := officers, act("in.room")
	inThread.Thread = "m7"
	pressed.Origin = officers.Origin
	for name, tt := range map[string]struct {
		u    bot.Update
		want string // empty: nothing is said
	}{
		"words":                      {private(text), "words halo"},
		"a command":                  {private(command), "wanted 1"},
		"a press":                    {private(act("does")), "done"},
		"a press of nothing":         {private(act("gone")), "belum"},
		"a dialog":                   {private(bot.Update{Kind: bot.KindForm, Action: bot.Action{Name: "form"}}), "submitted"},
		"a dialog that is a button":  {private(bot.Update{Kind: bot.KindForm, Action: bot.Action{Name: "does"}}), "belum"},
		"a number":                   {private(bot.Update{Kind: bot.KindContact}), "contact"},
		"an edited question":         {private(bot.Update{Kind: bot.KindEdited, Text: "halo"}), ""},
		"a link of others":           {private(bot.Update{Kind: bot.KindText, Text: "https://forms.example/d"}), "forms.example"},
		"a picture":                  {private(bot.Update{Kind: bot.KindOther}), "hanya bisa membaca tulisan"},
		"words in a group":           {in(text, "-7"), ""},
		"a command in a group":       {in(command, "-7"), "/wanted"},
		"a press in a group":         {in(act("does"), "-7"), ""},
		"a command of admins there":  {in(bot.Update{Kind: bot.KindCommand, Command: "wat"}, "-7"), "/resetpin"},
		"words in the room":          {in(text, "-100"), "room halo"},
		"an officer's own words":     {officers, "words halo"},
		"an officer's own thread":    {inThread, "room halo"},
		"an officer's press":         {pressed, "room"},
		"a command that is nobody's": {private(bot.Update{Kind: bot.KindCommand, Command: "secret", Text: "x"}), "words secret x"},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.u.Account.ID == "" {
				tt.u.Account = c.Me
			}
			answer, err := c.Kernel.Handle(t.Context(), tt.u)
			if err != nil {
				t.Fatal(err)
			}
			if tt.want == "" {
				if len(answer.Messages) != 0 {
					t.Errorf("said %+v", answer.Messages)
				}
				return
			}
			c.Says(answer, tt.want)
		})
	}
}

// What a slash command asks for is answered; what would change something is
// pressed, or written in the private chat.
func TestAWishChangesNothing(t *testing.T) {
	c := house(t)
	wish := func(u bot.Update) bot.Reply {
		t.Helper()
		u.Origin, u.Wish = bot.Origin{Account: c.Me, Private: true}, true
		answer, err := c.Kernel.Handle(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	c.Says(wish(bot.Update{Kind: bot.KindCommand, Command: "wanted"}), "wanted")
	c.Button(c.Says(wish(bot.Update{Kind: bot.KindAction, Action: talk.Name("does").With("")}), "kalau memang Anda"), "does")
	c.Me = bot.Account{Platform: bot.Telegram, ID: "55"}
	c.Says(wish(bot.Update{Kind: bot.KindCommand, Command: "secret"}), "for admins")
	c.Says(wish(bot.Update{Kind: bot.KindCommand, Command: "secret", Text: "198001012005011001"}), "langsung di sini")
	if err := c.DB.SetOffer(t.Context(), store.Account(c.Me), store.Offer{Place: string(talk.AskPerson), Choices: "[]", At: c.Now}); err != nil {
		t.Fatal(err)
	}
	c.Says(wish(bot.Update{Kind: bot.KindText, Text: "tolong"}), "langsung di sini")
}

// What somebody wanted before they were linked is taken up, once, and not when
// that was long ago; that it fails does not hide that they are linked.
func TestTheErrandIsTakenUp(t *testing.T) {
	c := house(t)
	wants := func(command string) {
		t.Helper()
		if _, done, err := c.Kernel.NeedLinkFor(t.Context(), c.Request(), command); !done || err != nil {
			t.Fatal(done, err)
		}
	}
	linked := func() string {
		t.Helper()
		answer, err := c.Kernel.TakeUp(t.Context(), c.Request(), talk.Reply("linked"))
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, m := range answer.Messages {
			said = append(said, m.Text)
		}
		return strings.Join(said, ", ")
	}
	for _, tt := range []struct {
		command string
		after   time.Duration
		want    string
	}{
		{"wanted", 0, "linked, wanted"}, {"", 0, "linked"}, {"broken", 0, "linked"}, {"wanted", talk.PromptLifetime + time.Second, "linked"}, {"no such", 0, "linked"},
	} {
		if tt.command != "" {
			wants(tt.command)
		}
		c.Now = c.Now.Add(tt.after)
		if got := linked(); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

// Only a linked, active employee is verified, and not for longer than is set.
func TestWhoIsVerified(t *testing.T) {
	c := house(t)
	verified := func(want bool, why string) {
		t.Helper()
		if got := c.Kernel.Verified(c.Request()); got != want {
			t.Errorf("%s: %v", why, got)
		}
	}
	verified(false, "nobody")
	c.Link()
	c.Now = c.Now.Add(365 * 24 * time.Hour)
	verified(true, "where links do not age")
	c.Kernel.Settings.LinkTTL = 24 * time.Hour
	verified(false, "after a year")
	c.Link()
	verified(true, "linked anew")
	c.Import(false)
	verified(false, "who left")
}
