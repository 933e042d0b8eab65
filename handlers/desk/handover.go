package desk

import (
	"context"
	"fmt"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// take gives the ticket to the officer who pressed first.
func (d *Desk) take(ctx context.Context, r talk.Request, id int64, _ string) (bot.Reply, error) {
	return d.hand(ctx, r, id, func(t *store.Ticket) error {
		switch t.State {
		case store.TicketClosed:
			return errOver
		case store.TicketTaken:
			return errNotYours
		}
		return nil
	})
}

// takeOver takes a ticket from the officer who has it.
func (d *Desk) takeOver(ctx context.Context, r talk.Request, id int64, _ string) (bot.Reply, error) {
	return d.hand(ctx, r, id, func(t *store.Ticket) error {
		if t.State == store.TicketClosed {
			return errOver
		}
		return nil
	})
}

func (d *Desk) hand(ctx context.Context, r talk.Request, id int64, allowed func(*store.Ticket) error) (bot.Reply, error) {
	room := talk.Room(r.Update)
	t, err := d.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) {
		if t.State == store.TicketTaken && t.Holder == r.Asker() {
			return store.TicketDeed{}, nil // pressed twice
		}
		if err := allowed(t); err != nil {
			return store.TicketDeed{}, err
		}
		t.State, t.Holder, t.Taken = store.TicketTaken, r.Asker(), r.Now
		if t.Announced.IsZero() {
			t.Announced = r.Now
		}
		f := read(*t)
		f.Called = r.Called
		if err := keep(t, f); err != nil {
			return store.TicketDeed{}, err
		}
		name, err := d.holder(ctx, *t)
		if err != nil {
			return store.TicketDeed{}, err
		}
		theirName, err := d.officer(ctx, t.Language, r.Asker())
		if err != nil {
			return store.TicketDeed{}, err
		}
		told := toEmployee(*t, talk.Reply(d.told(*t, "desk.taken", "name", theirName, "number", number(*t)), bot.Button{Text: d.told(*t, "desk.button.enough"), Action: enough.With(number(*t))}))
		return store.TicketDeed{
			Key:   r.ID,
			Lines: []store.Event{r.Line(store.Event{NIP: t.NIP, Action: audited, Outcome: "taken", Detail: number(*t)})},
			Jobs: append(d.toThreads(*t, bot.ThreadShow, func(in bot.Account) bot.Reply {
				if in == room {
					return talk.Reply(d.say("desk.has", "name", name), d.cardButtons(*t)...)
				}
				return talk.Reply(d.say("desk.elsewhere", "name", name))
			}), told),
		}, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Notice: r.Say("desk.yours", "number", number(t))}, nil
}

// giveBack puts a ticket back among those that wait.
func (d *Desk) giveBack(ctx context.Context, r talk.Request, id int64, _ string) (bot.Reply, error) {
	_, err := d.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) {
		if err := mine(r, t); err != nil {
			return store.TicketDeed{}, err
		}
		return d.release(r, t), nil
	})
	return bot.Reply{}, err
}

// release takes a ticket from its officer; everybody is told.
func (d *Desk) release(r talk.Request, t *store.Ticket) store.TicketDeed {
	t.State, t.Holder, t.Spoken, t.Raised = store.TicketWaiting, store.Account{}, r.Now, time.Time{}
	return store.TicketDeed{
		Key:   r.ID,
		Lines: []store.Event{r.Line(store.Event{NIP: t.NIP, Action: audited, Outcome: "released", Detail: number(*t)})},
		Jobs: append(d.toThreads(*t, bot.ThreadShow, func(bot.Account) bot.Reply {
			return talk.Reply(d.say("desk.waits", "number", number(*t), "name", d.whose(*t)), d.cardButtons(*t)...)
		}), toEmployee(*t, talk.Reply(d.told(*t, "desk.released")))),
	}
}

// left frees the tickets of an officer who is in the room no more.
func (d *Desk) left(ctx context.Context, r talk.Request) error {
	all, err := d.Store.OpenTickets(ctx)
	if err != nil {
		return fmt.Errorf("read tickets: %w", err)
	}
	r.ID = "left " + r.ID
	for _, t := range all {
		if t.State != store.TicketTaken || t.Holder != r.Asker() {
			continue
		}
		_, err := d.Store.ChangeTicket(ctx, t.ID, func(t *store.Ticket) (store.TicketDeed, error) {
			if t.State != store.TicketTaken || t.Holder != r.Asker() {
				return store.TicketDeed{}, nil
			}
			return d.release(r, t), nil
		})
		if err != nil {
			return fmt.Errorf("release ticket %d: %w", t.ID, err)
		}
	}
	return nil
}

// finish asks why the ticket is closed.
func (d *Desk) finish(ctx context.Context, r talk.Request, id int64, _ string) (bot.Reply, error) {
	t, err := d.Store.Ticket(ctx, id)
	if err != nil {
		return bot.Reply{}, err //nolint:wrapcheck // the caller says what for
	}
	if err := mine(r, &t); err != nil {
		return bot.Reply{}, err
	}
	var buttons []bot.Button
	for _, why := range outcomes() {
		buttons = append(buttons, d.button("desk.as."+why, closeAs, number(t)+"."+why))
	}
	return talk.Reply(r.Say("desk.why", "number", number(t)), buttons...), nil
}

// outcomes are the reasons to close a ticket.
func outcomes() []string { return []string{"solved", "passed", "notours", "noanswer"} }

// closeAs closes the ticket; the employee is told, and asked once whether it
// helped.
func (d *Desk) closeAs(ctx context.Context, r talk.Request, id int64, why string) (bot.Reply, error) {
	t, err := d.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) {
		if t.State == store.TicketClosed && t.Holder == r.Asker() {
			return store.TicketDeed{}, nil // pressed twice
		}
		if err := mine(r, t); err != nil {
			return store.TicketDeed{}, err
		}
		t.State, t.Outcome, t.Closed = store.TicketClosed, why, r.Now
		deed := d.over(r, *t, d.say("desk.closedas", "why", d.say("desk.as."+why)), talk.Room(r.Update))
		question := d.told(*t, "desk.ended."+why, "number", number(*t))
		var buttons []bot.Button
		if t.Helped == "" {
			t.Helped = "asked"
			question += "\n\n" + d.told(*t, "desk.helped")
			for _, answer := range []string{"yes", "no"} {
				buttons = append(buttons, bot.Button{Text: d.told(*t, "desk.helped."+answer), Action: helped.With(number(*t) + "." + answer)})
			}
		} else {
			buttons = append(buttons, bot.Button{Text: d.told(*t, "desk.button.again"), Action: reopen.With(number(*t))})
		}
		deed.Jobs = append(deed.Jobs, toEmployee(*t, talk.At(talk.PersonDone, talk.Reply(question, buttons...))))
		return deed, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return talk.Replace(r.Say("desk.closedas", "why", r.Say("desk.as."+t.Outcome))), nil
}
