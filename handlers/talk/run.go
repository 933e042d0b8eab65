package talk

import (
	"context"

	"resetpin/bot"
	"resetpin/handlers/understand"
)

// RunCommand runs a command by one of its words.
func (k *Kernel) RunCommand(ctx context.Context, r Request, word string) (bot.Reply, error) {
	c := k.table.find(word)
	if c == nil {
		return k.Lost(r), nil
	}
	r.Command = c.Name
	answer, err := c.Run(ctx, r)
	if about := Concern(c.Name); answer.About == "" && about.Systems() != nil {
		answer = about.Of(answer)
	}
	return answer, err
}

func (k *Kernel) action(ctx context.Context, r Request) (bot.Reply, error) {
	run, ok := k.table.actions[Name(r.Action.Name)]
	if !ok {
		return k.Lost(r), nil
	}
	if r.Wish { // words that stand for a button are not the press of it
		return k.wishedAction(r), nil
	}
	return run(ctx, r)
}

// Press does what a press of a button does: for words that mean one, and for
// what one capability leaves to another.
func (k *Kernel) Press(ctx context.Context, r Request, a bot.Action) (bot.Reply, error) {
	r.Action, r.Text = a, ""
	return k.action(ctx, r)
}

// Do does what a button does, for one capability that leaves something to
// another. Whether the person meant it was looked at before.
func (k *Kernel) Do(ctx context.Context, r Request, a bot.Action) (bot.Reply, error) {
	run, ok := k.table.actions[Name(a.Name)]
	if !ok {
		return k.Lost(r), nil
	}
	r.Action, r.Text = a, ""
	return run(ctx, r)
}

// Mean does what typed words mean, with the value that was found in them.
func (k *Kernel) Mean(ctx context.Context, r Request, m understand.Meaning, value string) (bot.Reply, error) {
	run := k.table.means[m]
	if run == nil {
		return k.Lost(r), nil
	}
	return run(ctx, r, value)
}

// pressCommand runs the command that a button names, as if it was typed.
func (k *Kernel) pressCommand(ctx context.Context, r Request) (bot.Reply, error) {
	r.Text = ""
	return k.RunCommand(ctx, r, r.Action.Arg)
}

// cancel takes the buttons off a question that was answered with no.
func (k *Kernel) cancel(_ context.Context, r Request) (bot.Reply, error) {
	return Replace(r.Say("cancelled"), k.HomeButtons(r)...), nil
}
