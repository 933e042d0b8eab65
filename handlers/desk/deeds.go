package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// deeds are what an officer can do for the employee of a ticket. None of them
// links an account, shows a NIK, or resets without the employee's own press.
func deeds(t store.Ticket) []string {
	switch {
	case t.NIP == "": // belongs to nobody that is proven
		return nil
	case read(t).NewNumber != "":
		return []string{"status", "phone", "number", "code", "free", "chat", "unlink"}
	}
	return []string{"status", "code", "free", "chat", "unlink"}
}

// tools lists them, with the employee as the bot sees them.
func (d *Desk) tools(ctx context.Context, r talk.Request, id int64, _ string) (bot.Reply, error) {
	t, err := d.Store.Ticket(ctx, id)
	if err != nil {
		return bot.Reply{}, err //nolint:wrapcheck // the caller says what for
	}
	if err := mine(r, &t); err != nil {
		return bot.Reply{}, err
	}
	text := r.Say("desk.deed.unproven")
	if t.NIP == "" {
		return talk.Reply(text), nil
	}
	if text, err = d.profile(ctx, t.NIP); err != nil {
		return bot.Reply{}, err
	}
	var buttons []bot.Button
	for _, what := range deeds(t) {
		buttons = append(buttons, d.button("desk.deed."+what, askDeed, number(t)+"."+what))
	}
	return talk.Reply(text, append(buttons, d.button("desk.button.phone", callNow, number(t)))...), nil
}

// askDeed asks once.
func (d *Desk) askDeed(ctx context.Context, r talk.Request, id int64, what string) (bot.Reply, error) {
	t, err := d.Store.Ticket(ctx, id)
	if err != nil {
		return bot.Reply{}, err //nolint:wrapcheck // the caller says what for
	}
	if err := mine(r, &t); err != nil {
		return bot.Reply{}, err
	}
	if !slices.Contains(deeds(t), what) {
		return bot.Reply{}, errOver
	}
	yes := d.button("desk.deed.yes", doDeed, number(t)+"."+what)
	yes.Style = bot.StyleDanger
	return talk.Reply(r.Say("desk.sure."+what, "name", d.whose(t)), yes), nil
}

// doDeed does it: it is written down, and the employee told.
func (d *Desk) doDeed(ctx context.Context, r talk.Request, id int64, what string) (bot.Reply, error) {
	t, err := d.Store.Ticket(ctx, id)
	if err != nil {
		return bot.Reply{}, err //nolint:wrapcheck // the caller says what for
	}
	if err := mine(r, &t); err != nil {
		return bot.Reply{}, err
	}
	if !slices.Contains(deeds(t), what) {
		return bot.Reply{}, errOver
	}
	found, err := d.effect(ctx, r, t, what)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("do %s for a ticket: %w", what, err)
	}
	_, err = d.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) {
		if err := mine(r, t); err != nil {
			return store.TicketDeed{}, err
		}
		return store.TicketDeed{
			Key:   r.ID,
			Lines: []store.Event{r.Line(store.Event{NIP: t.NIP, Action: "officer", Outcome: what, Detail: number(*t)})},
			Jobs:  []store.Job{d.follows(r, *t, what)},
		}, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	text := r.Say("desk.done." + what)
	if found != "" {
		text += "\n\n" + r.Say("desk.found", "status", found)
	}
	return talk.Replace(text), nil
}

// chatFreed is for how long a chat may ask for codes, counted by itself, when
// an officer frees it.
const chatFreed = 24 * time.Hour

// effect is what a deed does at once. Doing it twice is like doing it once.
func (d *Desk) effect(ctx context.Context, r talk.Request, t store.Ticket, what string) (found string, err error) {
	switch what {
	case "status":
		return d.askAgain(ctx, r, t)
	case "free":
		return "", d.Store.FreeNIP(ctx, t.NIP, r.Asker(), r.Now)
	case "chat":
		return "", d.Store.FreeChat(ctx, t.Account, t.NIP, r.Asker(), r.Now, r.Now.Add(chatFreed))
	case "unlink":
		linked, err := d.Store.Session(ctx, t.Account)
		if err != nil || linked.Employee.NIP != t.NIP { // done before, or somebody else's by now
			return "", err
		}
		if _, err = d.Store.Unlink(ctx, t.Account); talk.NotFound(err) {
			err = nil
		}
		return "", err
	}
	return "", nil
}

// follows is what a deed brings the employee: that they are told, or the job
// that leads them on.
func (d *Desk) follows(r talk.Request, t store.Ticket, what string) store.Job {
	b := talk.Behalf{
		NIP: t.NIP, Account: bot.Account(t.Account), Language: t.Language, Number: read(t).NewNumber, Begin: "desk.did." + what,
		Officers: bot.Origin{Account: talk.Room(r.Update), Subject: number(t)}, Key: what + " " + number(t) + " " + r.ID,
	}
	switch what {
	case "phone", "number":
		return talk.BehalfJob(talk.JobNumber, b)
	case "code":
		return talk.BehalfJob(talk.JobCode, b)
	}
	return toEmployee(t, talk.Reply(d.told(t, "desk.did."+what)))
}

// steps shows officers a page of the guide that is theirs.
func (d *Desk) steps(_ context.Context, r talk.Request, _ int64, page string) (bot.Reply, error) {
	g, ok := d.Guides.Guide(officersGuide)
	if !ok {
		return talk.Reply(r.Say("desk.nosteps")), nil
	}
	view, err := g.View(page, guides.Situation{Language: r.Lang, Platform: r.Account.Platform})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("show officers a page: %w", err)
	}
	return talk.Reply("**" + view.Title + "**\n\n" + view.Body), nil
}

// officersGuide holds the pages that officers are led by.
const officersGuide = "officer"

// askAgain asks BSrE for the employee's status, now.
func (d *Desk) askAgain(ctx context.Context, r talk.Request, t store.Ticket) (string, error) {
	e, err := d.Store.Employee(ctx, t.NIP)
	if err != nil {
		return "", fmt.Errorf("read employee: %w", err)
	}
	st, err := d.Status.Status(ctx, bsre.Person{NIP: e.NIP, NIK: e.NIK, Email: e.Email})
	if err != nil {
		d.Logger.WarnContext(ctx, "BSrE was asked for an officer and gave no status", "error", err)
		return r.Say("desk.nostatus"), nil
	}
	if err := d.Store.SaveStatus(ctx, e.NIP, store.Status{Value: st.Value, Message: st.Message, Asked: r.Now}); err != nil {
		return "", fmt.Errorf("keep status: %w", err)
	}
	return st.Value, nil
}

// employee shows an employee as the bot sees them, by the NIP that is typed.
func (d *Desk) employee(ctx context.Context, r talk.Request) (bot.Reply, error) {
	nip := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, r.Text)
	text, err := d.profile(ctx, nip)
	outcome := "shown"
	var jobs []store.Job
	switch {
	case talk.NotFound(err):
		text, outcome = d.say("desk.noemployee"), "unknown"
	case err != nil:
		return bot.Reply{}, err
	default:
		if jobs, err = d.shown(ctx, nip, r.Now); err != nil {
			return bot.Reply{}, err
		}
	}
	if err := d.Store.Record(ctx, store.Event{At: r.Now, Account: r.Asker(), NIP: nip, Action: "officer", Outcome: outcome}, jobs...); err != nil {
		return bot.Reply{}, fmt.Errorf("write audit: %w", err)
	}
	return talk.Reply(text), nil
}

// shown tells an employee in their chats that an officer looked at them, once a
// day; not while they have a ticket, for then they asked for it.
func (d *Desk) shown(ctx context.Context, nip string, now time.Time) ([]store.Job, error) {
	open, err := d.Store.OpenTickets(ctx)
	if err != nil {
		return nil, fmt.Errorf("read tickets: %w", err)
	}
	if slices.ContainsFunc(open, func(t store.Ticket) bool { return t.NIP == nip }) {
		return nil, nil
	}
	links, err := d.Store.Links(ctx, nip)
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	var jobs []store.Job
	for _, l := range links {
		jobs = append(jobs, talk.Tell("shown "+nip+" "+d.Kernel.Day(now), talk.Push{To: bot.Account(l.Account), Key: "desk.shown"}))
	}
	return jobs, nil
}

// profile is an employee for officers: never a NIK.
func (d *Desk) profile(ctx context.Context, nip string) (string, error) {
	e, err := d.Store.Employee(ctx, nip)
	if err != nil {
		return "", fmt.Errorf("read employee: %w", err)
	}
	links, err := d.Store.Links(ctx, nip)
	if err != nil {
		return "", fmt.Errorf("read links: %w", err)
	}
	var where []string
	var st store.Status
	for _, l := range links {
		where = append(where, talk.PlatformName(l.Account.Platform))
		session, err := d.Store.Session(ctx, l.Account)
		if err != nil {
			return "", fmt.Errorf("read session: %w", err)
		}
		st = session.Status
	}
	resets, err := d.Store.Resets(ctx, nip, lastResets)
	if err != nil {
		return "", fmt.Errorf("read resets: %w", err)
	}
	var last []string
	for _, one := range resets {
		last = append(last, d.Kernel.Moment(one.Created)+" "+d.say("desk.reset."+string(one.State)))
	}
	return d.say("desk.profile", "name", e.Name, "unit", talk.Dash(e.Unit), "position", talk.Dash(e.Position), "nip", maskNIP(e.NIP), "mail", bsre.Mask(e.Email),
		"links", talk.Dash(strings.Join(where, ", ")), "status", talk.Dash(st.Value), "resets", talk.Dash(strings.Join(last, "; "))), nil
}
