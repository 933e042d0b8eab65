package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/outside"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// look shows an employee to the officer who was asked whether they need it.
const look talk.Name = "desk.look"

// employee asks once whether an officer needs to see the employee whose NIP
// they typed.
func (d *Desk) employee(ctx context.Context, r talk.Request) (bot.Reply, error) {
	nip := outside.Digits(r.Text)
	if nip == "" {
		return talk.Reply(r.Say("desk.look.how", "command", d.Kernel.TypedHere(r, cmdEmployee))), nil
	}
	_, err := d.Store.Employee(ctx, nip)
	switch {
	case talk.NotFound(err):
		return d.nobodys(ctx, r, nip)
	case err != nil:
		return bot.Reply{}, fmt.Errorf("read employee: %w", err)
	}
	return talk.Reply(r.Say("desk.look.sure", "nip", maskNIP(nip)), d.button("desk.look.yes", look, nip)), nil
}

// nobodys answers an officer who names a NIP that nobody has.
func (d *Desk) nobodys(ctx context.Context, r talk.Request, nip string) (bot.Reply, error) {
	if err := d.Store.Record(ctx, r.Line(store.Event{NIP: nip, Action: byOfficers, Outcome: "unknown"})); err != nil {
		return bot.Reply{}, fmt.Errorf("write audit: %w", err)
	}
	return talk.Reply(r.Say("desk.noemployee")), nil
}

// show shows an employee as the bot sees them: it is written down, and they are
// told.
func (d *Desk) show(ctx context.Context, r talk.Request) (bot.Reply, error) {
	nip := r.Action.Arg
	text, links, err := d.profile(ctx, nip)
	switch {
	case talk.NotFound(err):
		return d.nobodys(ctx, r, nip)
	case err != nil:
		return bot.Reply{}, err
	}
	var jobs []store.Job
	for _, l := range links {
		jobs = append(jobs, d.looked(nip, bot.Account(l.Account), r.Now))
	}
	if err := d.Store.Record(ctx, r.Line(store.Event{NIP: nip, Action: byOfficers, Outcome: deedLook}), jobs...); err != nil {
		return bot.Reply{}, fmt.Errorf("write audit: %w", err)
	}
	return talk.Replace(text), nil
}

// looked tells an employee in a chat of theirs that officers looked at them, once
// a day.
func (d *Desk) looked(nip string, at bot.Account, now time.Time) store.Job {
	return talk.Tell("shown "+nip+" "+d.Kernel.Day(now), talk.Push{To: at, Key: "desk.did.look"})
}

// profile is an employee for officers, never a NIK, and the chats that are
// linked with them.
func (d *Desk) profile(ctx context.Context, nip string) (text string, links []store.Link, err error) {
	e, err := d.Store.Employee(ctx, nip)
	if err != nil {
		return "", nil, fmt.Errorf("read employee: %w", err)
	}
	if links, err = d.Store.Links(ctx, nip); err != nil {
		return "", nil, fmt.Errorf("read links: %w", err)
	}
	var where []string
	var st store.Status
	for _, l := range links {
		where = append(where, talk.PlatformName(l.Account.Platform))
		session, err := d.Store.Session(ctx, l.Account)
		if err != nil {
			return "", nil, fmt.Errorf("read session: %w", err)
		}
		st = session.Status
	}
	resets, err := d.Store.Resets(ctx, nip, lastResets)
	if err != nil {
		return "", nil, fmt.Errorf("read resets: %w", err)
	}
	var last []string
	for _, one := range resets {
		last = append(last, d.Kernel.Moment(one.Created)+" "+d.say("desk.reset."+string(one.State)))
	}
	text = d.say("desk.profile", "name", e.Name, "unit", talk.Dash(e.Unit), "position", talk.Dash(e.Position), "nip", maskNIP(e.NIP), "mail", bsre.Mask(e.Email),
		"links", talk.Dash(strings.Join(where, ", ")), "status", talk.Dash(d.Kernel.StatusName(d.language(), st.Value)), "resets", talk.Dash(strings.Join(last, "; ")))
	return text, links, nil
}
