package desk

import (
	"context"
	"errors"
	"fmt"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// unheard tells an employee, once for a ticket, that officers do not get what
// they write: the bot was thrown out of the room, or may not write there. Where
// another room may still hear of the ticket nothing is said.
func (d *Desk) unheard(ctx context.Context, room bot.Origin) error {
	if id, _ := numberOf(room.Subject); id != 0 {
		t, err := d.Store.Ticket(ctx, id)
		if err != nil {
			return fmt.Errorf("read ticket: %w", err)
		}
		return d.tellUnheard(ctx, t, room.Account)
	}
	all, err := d.Store.OpenTickets(ctx) // a list of new ones
	if err != nil {
		return fmt.Errorf("read tickets: %w", err)
	}
	var mistakes []error
	for _, t := range all {
		if t.State == store.TicketWaiting {
			mistakes = append(mistakes, d.tellUnheard(ctx, t, room.Account))
		}
	}
	return errors.Join(mistakes...)
}

func (d *Desk) tellUnheard(ctx context.Context, t store.Ticket, room bot.Account) error {
	heard := t.State == store.TicketWaiting && len(d.Rooms) > 1 || t.State == store.TicketTaken && d.theirs(t) != room
	if t.State == store.TicketClosed || heard {
		return nil
	}
	text := d.told(t, "desk.unheard", "number", number(t))
	if contact := d.Kernel.Settings.HelpdeskContact; contact != "" {
		text += "\n\n" + d.told(t, "helpdesk", "contact", contact)
	}
	words := talk.SayJob("unheard "+number(t), bot.Origin{Account: bot.Account(t.Account), Private: true}, talk.Reply(text))
	line := store.Event{At: d.Now(), NIP: t.NIP, Action: audited, Outcome: "unheard", Detail: number(t)}
	if err := d.Store.Record(ctx, line, words); err != nil {
		return fmt.Errorf("tell that nobody hears them: %w", err)
	}
	return nil
}
