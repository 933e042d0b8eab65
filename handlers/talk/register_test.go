package talk

import (
	"context"
	"strings"
	"testing"

	"resetpin/bot"
)

func nothing(context.Context, Request) (bot.Reply, error) { return bot.Reply{}, nil }

// everything does all shared names.
func everything() Capability {
	c := Capability{Name: "everything", Actions: make(map[Name]Handler)}
	for _, n := range Shared() {
		c.Actions[n] = nothing
	}
	return c
}

// What is given twice, does not fit into a button, or is promised and done by
// nobody is refused before the first update.
func TestTheTableRefuses(t *testing.T) {
	work := func(context.Context, []byte) error { return nil }
	for want, more := range map[string]Capability{
		`the word "status" is a command already`:     {Commands: []Command{{Name: "status"}}},
		`the word "statusds" is a command already`:   {Commands: []Command{{Name: "other", Aliases: []string{"statusds"}}}},
		`the word "twice" is a command already`:      {Commands: []Command{{Name: "twice", Aliases: []string{"twice"}}}},
		`"reset.new" is done already`:                {Actions: map[Name]Handler{ResetNew: nothing}},
		`"form" is done already`:                     {Forms: map[Name]Handler{"form": nothing}},
		`"job" is done already`:                      {Jobs: map[JobKind]Work{"job": work}},
		`the name "Upper" does not fit`:              {Actions: map[Name]Handler{"Upper": nothing}},
		`the name "much.too.long.name" does not fit`: {Forms: map[Name]Handler{"much.too.long.name": nothing}},
		`brings what another one does already`:       {Words: nothing},
	} {
		first := everything()
		first.Commands = []Command{{Name: "status", Aliases: []string{"statusds"}}}
		first.Forms, first.Jobs, first.Words = map[Name]Handler{"form": nothing}, map[JobKind]Work{"job": work}, nothing
		more.Name = "more"
		_, err := NewTable(first, more)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "capability more") {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, err := NewTable(everything()); err != nil {
		t.Errorf("a good table is refused: %v", err)
	}
	if _, err := NewTable(); err == nil || !strings.Contains(err.Error(), `nobody does "helpdesk"`) {
		t.Errorf("a table in which nobody does what is promised: %v", err)
	}
}

// The help has its own order, whoever brings a command, and a hidden one works.
func TestCommandsAreListedInTheirOrder(t *testing.T) {
	c := everything()
	c.Commands = []Command{{Name: "b", Listed: 2}, {Name: "hidden"}, {Name: "a", Listed: 1, Aliases: []string{"alias"}}}
	table, err := NewTable(c)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range table.Listed() {
		names = append(names, c.Name)
	}
	if got := strings.Join(names, " "); got != "a b" {
		t.Errorf("listed %q", got)
	}
	if !table.Has("hidden") || !table.Has("alias") || table.Has("c") {
		t.Errorf("the words are %q", table.Words())
	}
}
