package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// reopenFor is how long a closed ticket can be taken up again.
const reopenFor = 3 * 24 * time.Hour

// longestSentence bounds what is passed on of what a person adds, in
// characters.
const longestSentence = 500

// call answers whoever wants a person: what will be passed on, and once the
// question whether that is wanted.
func (d *Desk) call(ctx context.Context, r talk.Request) (bot.Reply, error) {
	switch t := r.Session.Ticket; {
	case len(d.Rooms) == 0:
		return d.nobody(ctx, r)
	case isOpen(r):
		return talk.Reply(r.Say("desk.have", "number", strconv.FormatInt(t.ID, 10))+d.whenRead(r), d.Kernel.HomeButtons(r)...), nil
	case t.State == store.TicketClosed && r.Now.Sub(t.Closed) < reopenFor:
		return talk.At(talk.AskPerson, talk.Reply(r.Say("desk.closed", "number", strconv.FormatInt(t.ID, 10)),
			r.Primary("desk.button.again", reopen, strconv.FormatInt(t.ID, 10)), r.Button("desk.button.new", openTicket, ""), r.Button("button.cancel", talk.Cancel, ""))), nil
	}
	f, err := d.facts(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	text := r.Say("desk.ask.unproven")
	if r.Action.Arg == reasonAddress {
		text += "\n\n" + r.Say("desk.ask.address")
	}
	if r.Session.Linked {
		text = r.Say("desk.ask", "name", f.Name, "unit", talk.Dash(f.Unit), "nip", f.NIP, "mail", talk.Dash(f.Mail), "status", talk.Dash(d.Kernel.StatusName(r.Lang, f.Status)), "step", talk.Dash(f.Step))
	}
	text += "\n\n" + r.Say("desk.ask.how", "days", days(d.Keep))
	return talk.At(talk.AskPerson, talk.Reply(text, r.Primary("desk.button.send", openTicket, r.Action.Arg), r.Button("button.cancel", talk.Cancel, ""))), nil
}

func days(d time.Duration) string { return strconv.Itoa(int(d.Hours() / 24)) }

// nobody tells whom to ask where no officers' room is set.
func (d *Desk) nobody(ctx context.Context, r talk.Request) (bot.Reply, error) {
	nip, place := "…", r.Say("walk.begin")
	if here, ok := d.Kernel.Here(ctx, r); ok && here.Place != "" {
		place = here.Place
	}
	if r.Session.Linked {
		nip = r.Session.Employee.NIP
	}
	if err := d.Store.Record(ctx, r.Line(store.Event{Action: "help", Outcome: "nobody", Detail: r.Session.Walk.Step})); err != nil {
		return bot.Reply{}, fmt.Errorf("write audit: %w", err)
	}
	return talk.Reply(r.Say("walk.nohelp", "nip", nip, "place", place)+d.Kernel.HelpdeskLine(r), d.Kernel.HomeButtons(r)...), nil
}

// sentence takes what is typed at the question as the one sentence that is
// passed on, unless it answers the question.
func (d *Desk) sentence(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if r.OpenedTicket() {
		return d.opened(r, r.Session.Ticket.ID), nil
	}
	if len(r.Files) > 0 {
		return talk.At(talk.AskPerson, talk.Reply(r.Say("desk.filelater"), r.Primary("desk.button.send", openTicket, ""), r.Button("button.cancel", talk.Cancel, ""))), nil
	}
	switch u := r.Understood; {
	case u.Secret == understand.SecretMaybe:
		return talk.At(talk.AskPerson, talk.Reply(r.Say("guard.ask"), r.Primary("desk.button.send", openTicket, ""), r.Button("button.cancel", talk.Cancel, ""))), nil
	case u.Meaning == understand.Yes && !u.Ask:
		return d.Kernel.Press(ctx, r, openTicket.With(about(r)))
	case u.Meaning == understand.Choice && u.Choice < len(r.Offered()):
		return d.Kernel.Press(ctx, r, r.Offered()[u.Choice].Action)
	case u.Meaning == understand.No || u.Meaning == understand.Stop:
		return d.Kernel.Press(ctx, r, talk.Cancel.With(""))
	case strings.TrimSpace(r.Text) == "":
		return d.Kernel.TypedWords(ctx, r)
	}
	r.Action = openTicket.With(about(r))
	return d.open(ctx, r)
}

// about is what the ticket that is offered would be about; empty: the place
// tells.
func about(r talk.Request) string {
	for _, c := range r.Offered() {
		if c.Action.Name == string(openTicket) {
			return c.Action.Arg
		}
	}
	return ""
}

// callsADay bounds how often one person opens a ticket, or opens one again.
const callsADay = 5

// limit counts a call; full: there were enough of them, which the answer says.
func (d *Desk) limit(ctx context.Context, r talk.Request) (answer bot.Reply, full bool, err error) {
	until, err := d.Store.Spend(ctx, r.Owner(), "ticket", r.Now, store.Budget{Most: callsADay, Within: 24 * time.Hour})
	switch {
	case err != nil:
		return bot.Reply{}, false, fmt.Errorf("open ticket: %w", err)
	case until.IsZero():
		return bot.Reply{}, false, nil
	}
	return talk.Reply(r.Say("desk.many", "time", d.Kernel.Clock(until, r.Now))+d.Kernel.HelpdeskLine(r), d.Kernel.HomeButtons(r)...), true, nil
}

// isOpen tells whether the person has a ticket that is not closed.
func isOpen(r talk.Request) bool {
	return r.Session.Ticket.State == store.TicketWaiting || r.Session.Ticket.State == store.TicketTaken
}

// open opens the ticket, with the sentence that was typed, if one was.
func (d *Desk) open(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if r.OpenedTicket() {
		return d.opened(r, r.Session.Ticket.ID), nil
	}
	if len(d.Rooms) == 0 || isOpen(r) {
		return d.call(ctx, r)
	}
	f, err := d.facts(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.Kind == bot.KindText {
		f.Sentence = short(r.Text, longestSentence)
	}
	why := reason(r)
	if r.Action.Arg != "" {
		why = r.Action.Arg
	}
	return d.file(ctx, r, f, why)
}

// file opens a ticket with what is passed on.
func (d *Desk) file(ctx context.Context, r talk.Request, f facts, why string) (bot.Reply, error) {
	if answer, full, err := d.limit(ctx, r); full || err != nil {
		return answer, err
	}
	t := store.Ticket{Account: r.Asker(), NIP: r.Session.Employee.NIP, Reason: why, Language: r.Lang, Opened: r.Now, Cause: r.ID}
	err := keep(&t, f)
	if err != nil {
		return bot.Reply{}, err
	}
	if why == reasonAddress && !r.Session.Linked {
		if t.Claim, _, err = d.Store.LastClaim(ctx, r.Asker()); err != nil && !talk.NotFound(err) {
			return bot.Reply{}, fmt.Errorf("open ticket: %w", err)
		}
	}
	t, _, err = d.Store.OpenTicket(ctx, t, func(t store.Ticket) store.TicketDeed {
		return store.TicketDeed{
			Key:   r.ID,
			Lines: []store.Event{r.Line(store.Event{Action: audited, Outcome: "opened", Detail: number(t) + " " + t.Reason})},
			Jobs:  []store.Job{newsJob(time.Time{})},
		}
	})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("open ticket: %w", err)
	}
	return d.opened(r, t.ID), nil
}

// opened tells that a ticket is with the officers.
func (d *Desk) opened(r talk.Request, id int64) bot.Reply {
	return talk.Reply(r.Say("desk.opened", "number", strconv.FormatInt(id, 10))+d.whenRead(r), d.Kernel.HomeButtons(r)...)
}

// whenRead tells when somebody reads a ticket, outside of office hours.
func (d *Desk) whenRead(r talk.Request) string {
	next := d.Hours.Next(r.Now)
	if !next.After(r.Now) {
		return ""
	}
	return "\n\n" + r.Say("desk.hours", "time", d.Kernel.Moment(next))
}

// short cuts a text to so many characters.
func short(text string, most int) string {
	runes := []rune(strings.TrimSpace(text))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}

// reopen takes a closed ticket up again.
func (d *Desk) reopen(ctx context.Context, r talk.Request) (bot.Reply, error) {
	id, _ := numberOf(r.Action.Arg)
	if !isOpen(r) { // else it was pressed twice
		if answer, full, err := d.limit(ctx, r); full || err != nil {
			return answer, err
		}
	}
	t, err := d.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) {
		if t.Account != r.Asker() || t.State == store.TicketClosed && r.Now.Sub(t.Closed) >= reopenFor {
			return store.TicketDeed{}, errOver
		}
		if t.State != store.TicketClosed {
			return store.TicketDeed{}, nil // pressed twice
		}
		t.State, t.Holder, t.Outcome, t.Closed, t.Spoken, t.Raised, t.Cause = store.TicketWaiting, store.Account{}, "", time.Time{}, r.Now, time.Time{}, r.ID
		deed := store.TicketDeed{Key: r.ID, Lines: []store.Event{r.Line(store.Event{Action: audited, Outcome: "reopened", Detail: number(*t)})}}
		text := d.say("desk.reopened", "number", number(*t), "name", d.whose(*t))
		if r.Text != "" {
			deed.Words = []store.TicketWord{{Key: r.ID, Author: "employee", Text: r.Text, At: r.Now}}
			text += "\n\n" + d.carried(d.language(), d.whose(*t), r.Text)
		}
		deed.Jobs = d.toThreads(*t, bot.ThreadReopen, func(bot.Account) bot.Reply { return talk.Reply(text, d.cardButtons(*t)...) })
		return deed, nil
	})
	if err != nil {
		return d.gone(r, err)
	}
	return d.opened(r, t.ID), nil
}
