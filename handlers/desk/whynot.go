package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// Why nothing comes of what somebody wants. This file has the words for it.
var (
	errNotYours = errors.New("another officer has the ticket")
	errNobodys  = errors.New("nobody has the ticket")
	errOver     = errors.New("the ticket is closed") // or the question, or it is somebody else's

	errAnswered = errors.New("the question is answered already")
	errLate     = errors.New("the question is too old to be answered with yes")
)

// mine lets a change happen only when the officer has the ticket.
func mine(r talk.Request, t *store.Ticket) error {
	switch {
	case t.State == store.TicketClosed:
		return errOver
	case t.State == store.TicketWaiting:
		return errNobodys
	case t.Holder != r.Asker():
		return errNotYours
	}
	return nil
}

// over tells whether a ticket, or a question, is closed, or purged since then.
func over(err error) bool { return errors.Is(err, errOver) || talk.NotFound(err) }

// whyNot gives what tells an officer why nothing came of a deed on a ticket,
// and the button that helps; an error that has no words is given on.
func (d *Desk) whyNot(ctx context.Context, id int64, err error) (key string, values []string, help []bot.Button, _ error) {
	arg := strconv.FormatInt(id, 10) + ".l"
	switch {
	case errors.Is(err, errNotYours):
		name, err := d.holderOf(ctx, id)
		return "desk.theirs", []string{"name", name}, []bot.Button{d.button("desk.button.over", takeOver, arg)}, err
	case errors.Is(err, errNobodys):
		return "desk.takefirst", nil, []bot.Button{d.button("desk.button.take", take, arg)}, nil
	case over(err):
		return "desk.over", nil, nil, nil
	}
	return "", nil, nil, fmt.Errorf("change ticket %d: %w", id, err)
}

// sorry answers a press of an officer's of which nothing came.
func (d *Desk) sorry(ctx context.Context, r talk.Request, id int64, err error) (bot.Reply, error) {
	key, values, _, err := d.whyNot(ctx, id, err)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Notice: r.Texts.Plain(r.Lang, key, values...)}, nil
}

// notCarried answers words of an officer's that went nowhere.
func (d *Desk) notCarried(ctx context.Context, r talk.Request, id int64, err error) (bot.Reply, error) {
	key, values, help, err := d.whyNot(ctx, id, err)
	if err != nil {
		return bot.Reply{}, err
	}
	return talk.Reply(r.Say(key, values...), help...), nil
}

// gone answers a press of an employee's of which nothing came.
func (d *Desk) gone(r talk.Request, err error) (bot.Reply, error) {
	if over(err) {
		return talk.Replace(r.Say("desk.gone"), d.Kernel.HomeButtons(r)...), nil
	}
	return bot.Reply{}, fmt.Errorf("change ticket: %w", err)
}

// notTaken answers an employee whose answer to an officer's question changed
// nothing.
func notTaken(r talk.Request, err error) (bot.Reply, error) {
	switch {
	case errors.Is(err, errLate):
		return talk.Replace(r.Say("desk.call.late")), nil
	case over(err):
		return talk.Replace(r.Say("desk.call.gone")), nil
	}
	return bot.Reply{}, fmt.Errorf("answer an officer's question: %w", err)
}
