package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// queueShown bounds the list of open tickets.
const queueShown = 20

// queue lists the open tickets with their age and who has them.
func (d *Desk) queue(ctx context.Context, r talk.Request) (bot.Reply, error) {
	all, err := d.Store.OpenTickets(ctx)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read tickets: %w", err)
	}
	if len(all) == 0 {
		return talk.Reply(d.say("desk.queue.none")), nil
	}
	var lines []string
	var buttons []bot.Button
	for _, t := range all[:min(len(all), queueShown)] {
		holder := d.say("desk.queue.nobody")
		if t.State == store.TicketTaken {
			if holder, err = d.holder(ctx, t); err != nil {
				return bot.Reply{}, err
			}
		} else if !r.Private {
			buttons = append(buttons, bot.Button{Text: d.Kernel.Texts.Plain(d.language(), "desk.button.takenumber", "number", number(t)), Action: take.With(number(t) + ".l")})
		}
		lines = append(lines, d.line(t, r.Now)+" · "+d.say("desk.queue.holder", "name", holder))
	}
	return talk.Reply(d.say("desk.queue", "count", strconv.Itoa(len(all)))+"\n\n"+strings.Join(lines, "\n"), buttons...), nil
}

// longestName bounds the name that an officer shows, in characters.
const longestName = 40

// name keeps the name that an officer shows to employees.
func (d *Desk) name(ctx context.Context, r talk.Request) (bot.Reply, error) {
	name := short(strings.Join(strings.Fields(r.Text), " "), longestName)
	if name == "" {
		return talk.Reply(r.Say("desk.name.how", "command", d.Kernel.TypedHere(r, cmdName))), nil
	}
	if err := d.Store.SetOfficerName(ctx, r.Asker(), name); err != nil {
		return bot.Reply{}, fmt.Errorf("keep an officer's name: %w", err)
	}
	return talk.Reply(r.Say("desk.name.set", "name", name)), nil
}
