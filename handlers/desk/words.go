package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// wordsAMinute bounds what one person's words take of the room's pace, which
// all tickets share.
const wordsAMinute = 8

// words carries what an employee writes or shows to the officer who has their
// ticket. The bot itself is silent.
func (d *Desk) words(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if r.Understood.Secret == understand.SecretMaybe {
		return talk.Reply(r.Say("guard.ask") + "\n\n" + r.Say("desk.notcarried")), nil
	}
	if u := r.Understood; u.Meaning == "command:"+cmdWho && !u.Ask && !u.Lost { // not a question for whoever it is about
		return d.who(ctx, r)
	}
	if r.Text == "" && len(r.Files) == 0 {
		return talk.Reply(r.Say("desk.nofile")), nil
	}
	until, err := d.Store.Spend(ctx, r.Owner(), "ticket words", r.Now, store.Budget{Most: wordsAMinute, Within: time.Minute})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("carry: %w", err)
	}
	if !until.IsZero() {
		return talk.Reply(r.Say("desk.fast")), nil
	}
	_, err = d.Store.ChangeTicket(ctx, r.Session.Ticket.ID, func(t *store.Ticket) (store.TicketDeed, error) {
		if t.State != store.TicketTaken {
			return store.TicketDeed{}, errOver
		}
		t.Spoken = r.Now
		m := bot.Message{Text: d.carried(d.language(), d.whose(*t), r.Text)}
		if len(r.Files) > 0 {
			m.File = &r.Files[0]
		}
		return store.TicketDeed{
			Words: []store.TicketWord{{Key: r.ID, Author: "employee", Text: r.Text, At: r.Now}},
			Jobs:  []store.Job{toThread(*t, d.theirs(*t), bot.Reply{Messages: []bot.Message{m}})},
		}, nil
	})
	if over(err) { // closed a moment ago
		return d.Kernel.TypedWords(ctx, r)
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("carry: %w", err)
	}
	return bot.Reply{}, nil
}

// enough is the employee's own end of a ticket.
func (d *Desk) enough(ctx context.Context, r talk.Request) (bot.Reply, error) {
	id, _ := numberOf(r.Action.Arg)
	_, err := d.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) {
		if t.Account != r.Asker() || t.State == store.TicketClosed {
			return store.TicketDeed{}, errOver
		}
		t.State, t.Outcome, t.Helped, t.Closed = store.TicketClosed, "solved", "yes", r.Now
		return d.over(r, *t, d.say("desk.enough", "name", d.whose(*t)), bot.Account{}), nil
	})
	if err != nil {
		return d.gone(r, err)
	}
	return talk.Reply(r.Say("desk.thanks"), d.Kernel.HomeButtons(r)...), nil
}

// over is the deed of an end: every room is told but the one in which it was
// pressed, which shows it there, and the threads are closed.
func (d *Desk) over(r talk.Request, t store.Ticket, text string, pressed bot.Account) store.TicketDeed {
	return store.TicketDeed{
		Key:   r.ID,
		Lines: []store.Event{r.Line(store.Event{NIP: t.NIP, Action: audited, Outcome: t.Outcome, Detail: number(t)})},
		Jobs: d.toThreads(t, bot.ThreadClose, func(in bot.Account) bot.Reply {
			if in == pressed {
				return bot.Reply{}
			}
			return talk.Reply(text)
		}),
	}
}

// helped keeps what the employee says of the help.
func (d *Desk) helped(ctx context.Context, r talk.Request) (bot.Reply, error) {
	id, answer := numberOf(r.Action.Arg)
	t, err := d.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) {
		if t.Account != r.Asker() || t.State != store.TicketClosed || answer != "yes" && answer != "no" {
			return store.TicketDeed{}, errOver
		}
		if t.Helped == "yes" || t.Helped == "no" {
			return store.TicketDeed{}, nil // asked once
		}
		t.Helped = answer
		line := r.Line(store.Event{NIP: t.NIP, Action: audited, Outcome: "helped " + answer, Detail: number(*t)})
		return store.TicketDeed{Key: r.ID, Lines: []store.Event{line}, Jobs: []store.Job{toThread(*t, d.theirs(*t), talk.Reply(d.say("desk.said."+answer, "name", d.whose(*t))))}}, nil
	})
	if err != nil {
		return d.gone(r, err)
	}
	if t.Helped == "no" {
		return talk.At(talk.PersonDone, talk.Replace(r.Say("desk.nothelped"), r.Primary("desk.button.again", reopen, number(t)), r.Button("button.help", talk.Cmd, "help"))), nil
	}
	return talk.At(talk.PersonDone, talk.Replace(r.Say("desk.thanks"), d.Kernel.HomeButtons(r)...)), nil
}

// afterwards answers what is typed when a ticket was closed just now: it
// answers the question, or means something the bot does, or is the one
// sentence about the help, or takes the ticket up again.
func (d *Desk) afterwards(ctx context.Context, r talk.Request) (bot.Reply, error) {
	id := strconv.FormatInt(r.Session.Ticket.ID, 10)
	asked := r.Session.Ticket.Helped != "yes" && r.Session.Ticket.Helped != "no"
	switch u := r.Understood; {
	case u.Secret == understand.SecretMaybe || r.Kind != bot.KindText:
		return d.Kernel.TypedWords(ctx, r)
	case asked && u.Meaning == understand.Yes && !u.Ask:
		return d.Kernel.Press(ctx, r, helped.With(id+".yes"))
	case asked && u.Meaning == understand.No && !u.Ask:
		return d.Kernel.Press(ctx, r, helped.With(id+".no"))
	case r.Session.Ticket.Helped == "no" && !ofTheBot(u.Meaning): // what is still wrong
	case u.Meaning != understand.Unknown && !u.Lost && !u.Ask:
		return d.Kernel.TypedWords(ctx, r)
	case r.Session.Ticket.Helped == "yes":
		return d.remark(ctx, r)
	}
	r.Action = reopen.With(id)
	return d.reopen(ctx, r)
}

// ofTheBot tells whether a meaning is for the bot and nobody else.
func ofTheBot(m understand.Meaning) bool {
	return strings.HasPrefix(string(m), "command:") || slices.Contains([]understand.Meaning{understand.Thanks, understand.Greeting, understand.Helpdesk, understand.Choice}, m)
}

// remark passes on the one sentence that an employee says of the help.
func (d *Desk) remark(ctx context.Context, r talk.Request) (bot.Reply, error) {
	_, err := d.Store.ChangeTicket(ctx, r.Session.Ticket.ID, func(t *store.Ticket) (store.TicketDeed, error) {
		return store.TicketDeed{
			Words: []store.TicketWord{{Key: r.ID, Author: "employee", Text: short(r.Text, longestSentence), At: r.Now}},
			Jobs:  []store.Job{toThread(*t, d.theirs(*t), talk.Reply(d.carried(d.language(), d.whose(*t), short(r.Text, longestSentence))))},
		}, nil
	})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("pass a remark on: %w", err)
	}
	return talk.Reply(r.Say("desk.thanks"), d.Kernel.HomeButtons(r)...), nil
}
