package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// cmdWho asks whether an officer is working on one's case.
const cmdWho = "siapa"

// impostor reports somebody who claims to be an officer.
const impostor talk.Name = "desk.impostor"

// reportsADay bounds what one person's reports take of the officers' rooms.
const reportsADay = 5

// who answers an employee who is called: is anybody working on their case, and
// who. It says nothing of anybody else's.
func (d *Desk) who(ctx context.Context, r talk.Request) (bot.Reply, error) {
	text, err := d.working(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.Store.Record(ctx, r.Line(store.Event{Action: "who", Outcome: "asked"})); err != nil {
		return bot.Reply{}, fmt.Errorf("write audit: %w", err)
	}
	text += "\n\n" + r.Say("desk.who.never")
	if len(d.Rooms) == 0 {
		return talk.Reply(text+d.Kernel.HelpdeskLine(r), d.Kernel.HomeButtons(r)...), nil
	}
	return talk.Reply(text, r.Danger("desk.button.impostor", impostor, ""), r.Button("button.person", talk.Helpdesk, "")), nil
}

// working says who works on the person's case: by their ticket, or by what an
// officer on the telephone asked a moment ago.
func (d *Desk) working(ctx context.Context, r talk.Request) (string, error) {
	all, err := d.Store.OpenTickets(ctx)
	if err != nil {
		return "", fmt.Errorf("read tickets: %w", err)
	}
	// An employee's case is theirs on every platform.
	all = slices.DeleteFunc(all, func(t store.Ticket) bool {
		return t.Account != r.Asker() && (!d.Kernel.Verified(r) || t.NIP != r.Session.Employee.NIP)
	})
	for _, t := range all {
		if t.State == store.TicketTaken {
			name, err := d.officer(ctx, r.Lang, t.Holder)
			return r.Say("desk.who.has", "officer", name, "number", number(t), "time", d.Kernel.Clock(t.Taken, r.Now)), err
		}
	}
	if d.Kernel.Verified(r) {
		c, err := d.Store.LastPhoneCheck(ctx, r.Session.Employee.NIP)
		if err != nil && !talk.NotFound(err) {
			return "", fmt.Errorf("read what officers asked: %w", err)
		}
		if err == nil && r.Now.Sub(c.Asked) < time.Hour {
			name, err := d.officer(ctx, r.Lang, c.Officer)
			return r.Say("desk.who.asked", "officer", name, "time", d.Kernel.Clock(c.Asked, r.Now)), err
		}
	}
	if len(all) > 0 {
		return r.Say("desk.who.waiting", "number", number(all[0])), nil
	}
	return r.Say("desk.who.nobody"), nil
}

// reportImpostor tells officers that somebody claims to be one of them.
func (d *Desk) reportImpostor(ctx context.Context, r talk.Request) (bot.Reply, error) {
	until, err := d.Store.Spend(ctx, r.Owner(), "impostor", r.Now, store.Budget{Most: reportsADay, Within: 24 * time.Hour})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("report: %w", err)
	}
	if until.IsZero() {
		whose := d.say("desk.unproven")
		if d.Kernel.Verified(r) {
			whose = r.Session.Employee.Name
		}
		var jobs []store.Job
		for _, room := range d.Rooms {
			text := d.say("desk.impostor.told", "name", whose, "platform", talk.PlatformName(r.Account.Platform))
			jobs = append(jobs, talk.SayJob(r.Account.String()+" impostor "+r.ID, bot.Origin{Account: room}, talk.Reply(text)))
		}
		if err := d.Store.Record(ctx, r.Line(store.Event{Action: "who", Outcome: "impostor"}), jobs...); err != nil {
			return bot.Reply{}, fmt.Errorf("report: %w", err)
		}
	}
	return talk.Replace(r.Say("desk.impostor.thanks"), r.Primary("button.person", talk.Helpdesk, "")), nil
}
