package talk_test

import (
	"context"
	"testing"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
	"resetpin/handlers/understand"
)

// An update that a crash brings again finds the person where they were when it
// came first, however far its answer led them.
func TestAnUpdateThatComesAgainFindsTheSamePlace(t *testing.T) {
	c := talktest.New(t)
	var at []understand.Place
	c.Register(talk.Capability{Name: "tested", Words: func(_ context.Context, r talk.Request) (bot.Reply, error) {
		at = append(at, r.Place())
		return talk.At(talk.AskPerson, talk.Reply("lanjut?", r.Button("button.help", talk.Cmd, "help"))), nil
	}})
	types := func(id string) {
		t.Helper()
		u := bot.Update{ID: id, Origin: bot.Origin{Account: c.Me, Private: true}, Kind: bot.KindText, Text: "halo"}
		if _, err := c.Kernel.Handle(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []string{"1", "1", "1", "2", "2"} {
		types(id)
	}
	want := []understand.Place{understand.HomeUnlinked, understand.HomeUnlinked, understand.HomeUnlinked, talk.AskPerson, talk.AskPerson}
	for i := range want {
		if len(at) <= i || at[i] != want[i] {
			t.Fatalf("the updates found %q, want %q", at, want)
		}
	}
}
