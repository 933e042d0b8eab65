package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// answerCall takes an employee's answer. A No counts whenever it comes, even
// after a Yes from another account of theirs, for one of the two is not them.
func (d *Desk) answerCall(ctx context.Context, r talk.Request, answer store.CheckState) (bot.Reply, error) {
	id, _ := numberOf(r.Action.Arg)
	_, err := d.Store.ChangePhoneCheck(ctx, id, func(c *store.PhoneCheck) (store.Deed, error) {
		switch {
		case !d.Kernel.Verified(r) || r.Session.Employee.NIP != c.NIP: // somebody else's by now
			return store.Deed{}, errOver
		case c.State == answer || c.State == store.CheckNo:
			return store.Deed{}, errAnswered
		case answer == store.CheckYes && (c.State != store.CheckAsked || r.Now.Sub(c.Asked) > answerWithin):
			return store.Deed{}, errLate
		}
		c.State, c.Ended = answer, r.Now
		return d.outcomeDeed(r, *c, string(answer)), nil
	})
	if err != nil && !errors.Is(err, errAnswered) {
		return notTaken(r, err)
	}
	return talk.Replace(r.Say("desk.call.thanks." + string(answer))), nil
}

// outcomeDeed tells officers how their question was answered; what is no Yes is told
// in every room.
func (d *Desk) outcomeDeed(r talk.Request, c store.PhoneCheck, key string) store.Deed {
	text := d.say("desk.call.was."+key, "name", r.Session.Employee.Name, "code", c.Code, "where", talk.PlatformName(r.Account.Platform))
	deed := store.Deed{Lines: []store.Event{r.Line(store.Event{NIP: c.NIP, Action: "call", Outcome: key, Detail: c.Subject})}}
	asked := bot.Origin{Account: bot.Account(c.Room), Subject: c.Subject, Private: !slices.Contains(d.Rooms, bot.Account(c.Room))}
	deed.Jobs = append(deed.Jobs, talk.SayJob("", asked, talk.Reply(text)))
	if key == string(store.CheckYes) {
		return deed
	}
	for _, room := range d.Rooms {
		if store.Account(room) != c.Room {
			deed.Jobs = append(deed.Jobs, talk.SayJob("", bot.Origin{Account: room}, talk.Reply(text)))
		}
	}
	return deed
}

// silence ends a question that nobody answered in time.
func (d *Desk) silence(ctx context.Context, payload []byte) error {
	id, err := talk.Payload[int64](payload)
	if err != nil {
		return err //nolint:wrapcheck // it says what was read
	}
	_, err = d.Store.ChangePhoneCheck(ctx, id, func(c *store.PhoneCheck) (store.Deed, error) {
		if c.State != store.CheckAsked {
			return store.Deed{}, nil
		}
		e, err := d.Store.Employee(ctx, c.NIP)
		if err != nil && !talk.NotFound(err) {
			return store.Deed{}, fmt.Errorf("read employee: %w", err)
		}
		c.State, c.Ended = store.CheckSilent, d.Now()
		r := talk.Request{Update: bot.Update{Origin: bot.Origin{Account: bot.Account(c.Officer)}}, Session: store.Session{Employee: e}, Now: d.Now()}
		return d.outcomeDeed(r, *c, string(store.CheckSilent)), nil
	})
	if talk.NotFound(err) { // purged
		return nil
	}
	if err != nil {
		return fmt.Errorf("end an officer's question: %w", err)
	}
	return nil
}
