package desk

import (
	"context"
	"fmt"
	"slices"
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
		return []string{deedLook, "status", "phone", "number", "code", "free", "chat", "unlink"}
	}
	return []string{deedLook, "status", "code", "free", "chat", "unlink"}
}

// deedLook shows the employee of a ticket as the bot sees them.
const deedLook = "look"

// held reads a ticket that the officer has.
func (d *Desk) held(ctx context.Context, r talk.Request, id int64) (store.Ticket, error) {
	t, err := d.Store.Ticket(ctx, id)
	if err != nil {
		return t, err //nolint:wrapcheck // the caller says what for
	}
	return t, mine(r, &t)
}

// tools lists them.
func (d *Desk) tools(ctx context.Context, r talk.Request, id int64, _ string) (bot.Reply, error) {
	t, err := d.held(ctx, r, id)
	if err != nil {
		return bot.Reply{}, err
	}
	if t.NIP == "" {
		return talk.Reply(r.Say("desk.deed.unproven")), nil
	}
	var buttons []bot.Button
	for _, what := range deeds(t) {
		buttons = append(buttons, d.button("desk.deed."+what, askDeed, number(t)+"."+what))
	}
	return talk.Reply(r.Say("desk.tools", "number", number(t), "name", d.whose(t)), append(buttons, d.button("desk.button.phone", callNow, number(t)))...), nil
}

// askDeed asks once.
func (d *Desk) askDeed(ctx context.Context, r talk.Request, id int64, what string) (bot.Reply, error) {
	t, err := d.held(ctx, r, id)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case !slices.Contains(deeds(t), what):
		return bot.Reply{}, errOver
	}
	yes := d.button("desk.deed.yes", doDeed, number(t)+"."+what)
	yes.Style = bot.StyleDanger
	return talk.Reply(r.Say("desk.sure."+what, "name", d.whose(t)), yes), nil
}

// doDeed does it: it is written down, and the employee told.
func (d *Desk) doDeed(ctx context.Context, r talk.Request, id int64, what string) (bot.Reply, error) {
	t, err := d.held(ctx, r, id)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case !slices.Contains(deeds(t), what):
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
			Lines: []store.Event{r.Line(store.Event{NIP: t.NIP, Action: byOfficers, Outcome: what, Detail: number(*t)})},
			Jobs:  []store.Job{d.follows(r, *t, what)},
		}, nil
	})
	if err != nil {
		return bot.Reply{}, err
	}
	return talk.Replace(join(r.Say("desk.done."+what), found)), nil
}

// chatFreed is for how long a chat may ask for codes, counted by itself, when
// an officer frees it.
const chatFreed = 24 * time.Hour

// join puts what was found below what was done.
func join(done, found string) string {
	if found == "" {
		return done
	}
	return done + "\n\n" + found
}

// effect is what a deed does at once, and what it finds. Doing it twice is like
// doing it once.
func (d *Desk) effect(ctx context.Context, r talk.Request, t store.Ticket, what string) (found string, err error) {
	switch what {
	case deedLook:
		found, _, err = d.profile(ctx, t.NIP)
		return found, err
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
	case deedLook:
		return d.looked(t.NIP, bot.Account(t.Account), r.Now)
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
		return r.Say("desk.found", "status", r.Say("desk.nostatus")), nil
	}
	if err := d.Store.SaveStatus(ctx, e.NIP, store.Status{Value: st.Value, Message: st.Message, Asked: r.Now}); err != nil {
		return "", fmt.Errorf("keep status: %w", err)
	}
	return r.Say("desk.found", "status", d.Kernel.StatusName(r.Lang, st.Value)), nil
}
