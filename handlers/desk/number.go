package desk

import (
	"context"
	"errors"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre/outside"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// numberBy tells who says that a phone number is the employee's.
type numberBy string

const (
	byPlatform numberBy = "platform" // the platform's contact button
	byTyping   numberBy = "typed"
	byOfficer  numberBy = "officer"
)

// reasonNumber is the reason of a ticket about a changed phone number.
const reasonNumber = "number"

// A phone number has so many digits (ITU-T E.164: at most 15).
const (
	shortestNumber = 9
	longestNumber  = 15
)

// goodNumber tells whether digits can be a whole phone number.
func goodNumber(digits string) bool {
	return len(digits) >= shortestNumber && len(digits) <= longestNumber
}

// lastShown is how much of a number its owner is shown again.
func lastShown(digits string) string { return "•••" + digits[max(0, len(digits)-4):] }

// hasContacts tells whether a platform vouches for people's own phone numbers.
func hasContacts(platform string) bool { return platform == bot.Telegram }

// askNumber asks for the number that the employee has now: by the platform's
// button where it vouches for it, else typed.
func (d *Desk) askNumber(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if answer, done, err := d.Kernel.NeedLink(ctx, r); done || err != nil {
		return answer, err
	}
	if len(d.Rooms) == 0 {
		return talk.Reply(r.Say("desk.number.nobody", "nip", r.Session.Employee.NIP)+d.Kernel.HelpdeskLine(r), d.Kernel.HomeButtons(r)...), nil
	}
	f, err := d.facts(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := d.Kernel.Await(ctx, r, store.PromptNumber); err != nil {
		return bot.Reply{}, err //nolint:wrapcheck // it says what for
	}
	text := r.Say("desk.number.ask."+r.Account.Platform, "name", f.Name, "unit", talk.Dash(f.Unit), "nip", f.NIP, "old", talk.Dash(f.OldNumber), "days", days(d.Keep))
	answer := talk.Reply(text, r.Button("button.cancel", talk.Cancel, ""))
	if hasContacts(r.Account.Platform) {
		answer.Messages[0].Contact = d.contact(r)
	}
	return answer, nil
}

// contact is the platform's button that hands over a phone number.
func (d *Desk) contact(r talk.Request) *bot.Contact {
	return &bot.Contact{Text: d.Kernel.Texts.Plain(r.Lang, "desk.button.contact"), Cancel: d.Kernel.Texts.Plain(r.Lang, "button.cancel")}
}

// settled ends the question, with words of its own above an answer: where the
// platform has put a button for it, that goes.
func (d *Desk) settled(ctx context.Context, r talk.Request, words string, answer bot.Reply) (bot.Reply, error) {
	if err := d.Kernel.Await(ctx, r, store.PromptNone); err != nil {
		return bot.Reply{}, err //nolint:wrapcheck // it says what for
	}
	answer.Messages = append([]bot.Message{{Text: words, Settled: true}}, answer.Messages...)
	return answer, nil
}

// typedNumber takes what is typed where a new number is asked for.
func (d *Desk) typedNumber(ctx context.Context, r talk.Request) (bot.Reply, error) {
	digits := outside.Digits(r.Text)
	again := func(key string) (bot.Reply, error) {
		answer := talk.Reply(r.Say(key), r.Button("button.person", talk.Helpdesk, ""), r.Button("button.cancel", talk.Cancel, ""))
		if hasContacts(r.Account.Platform) { // beside it there is no room for other buttons
			answer = talk.Reply(r.Say(key))
		}
		return answer, nil
	}
	switch u := r.Understood; {
	case r.Kind == bot.KindText && (u.Meaning == understand.No || u.Meaning == understand.Stop || r.Text == d.Kernel.Texts.Plain(r.Lang, "button.cancel")):
		return d.settled(ctx, r, r.Say("desk.number.cancelled"), talk.Reply(r.Say("cancelled"), d.Kernel.HomeButtons(r)...))
	case goodNumber(digits) && hasContacts(r.Account.Platform):
		return again("desk.number.press")
	case goodNumber(digits):
		return d.newNumber(ctx, r, digits, byTyping)
	case r.Kind == bot.KindText && digits == "" && u.Meaning != understand.Unknown && !u.Lost: // something else is wanted
		answer, err := d.Kernel.TypedWords(ctx, r)
		if err != nil {
			return bot.Reply{}, err //nolint:wrapcheck // another's
		}
		return d.settled(ctx, r, r.Say("desk.number.cancelled"), answer)
	case hasContacts(r.Account.Platform):
		return again("desk.number.press")
	}
	return again("phone.shape")
}

// handedNumber takes a phone number that was handed over by the platform's
// button. A card of somebody else's is none, nor one that nobody asked for.
func (d *Desk) handedNumber(ctx context.Context, r talk.Request) (bot.Reply, error) {
	switch asked := r.Session.Prompt == store.PromptNumber && r.Now.Sub(r.Session.PromptAt) <= talk.PromptLifetime; {
	case !asked:
		return d.settled(ctx, r, r.Say("desk.number.unasked"), bot.Reply{})
	case !goodNumber(r.Contact):
		answer := talk.Reply(r.Say("desk.number.notyours"))
		answer.Messages[0].Contact = d.contact(r)
		return answer, nil
	}
	return d.newNumber(ctx, r, r.Contact, byPlatform)
}

// newNumber passes a number on: with a ticket of its own, or with the one that
// is open.
func (d *Desk) newNumber(ctx context.Context, r talk.Request, digits string, by numberBy) (bot.Reply, error) {
	if answer, done, err := d.Kernel.NeedLink(ctx, r); done || err != nil {
		return answer, err
	}
	f, err := d.facts(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	f.NewNumber, f.Vouched = digits, by
	answer, err := d.addNumber(ctx, r, f)
	if errors.Is(err, errOver) {
		answer, err = d.file(ctx, r, f, reasonNumber)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	last := &answer.Messages[len(answer.Messages)-1]
	*last = talk.Reply(last.Text, r.Button("desk.button.wrong", talk.Number, ""), r.Button("button.help", talk.Cmd, "help")).Messages[0]
	return d.settled(ctx, r, r.Say("desk.number.taken", "number", lastShown(digits)), answer)
}

// addNumber adds a number to the ticket that is open.
func (d *Desk) addNumber(ctx context.Context, r talk.Request, f facts) (bot.Reply, error) {
	if !isOpen(r) {
		return bot.Reply{}, errOver
	}
	t, err := d.Store.ChangeTicket(ctx, r.Session.Ticket.ID, func(t *store.Ticket) (store.TicketDeed, error) {
		if t.State == store.TicketClosed || t.NIP != r.Session.Employee.NIP {
			return store.TicketDeed{}, errOver
		}
		t.Spoken, t.Raised = r.Now, time.Time{}
		return d.numberDeed(r, t, f.OldNumber, f.NewNumber, f.Vouched)
	})
	if err != nil {
		return bot.Reply{}, err //nolint:wrapcheck // the caller looks at it
	}
	return talk.Reply(r.Say("desk.number.added", "number", number(t)) + d.whenRead(r)), nil
}

// numberDeed keeps a number with a ticket and tells officers of it.
func (d *Desk) numberDeed(r talk.Request, t *store.Ticket, old, digits string, by numberBy) (store.TicketDeed, error) {
	f := read(*t)
	f.OldNumber, f.NewNumber, f.Vouched = old, digits, by
	if err := keep(t, f); err != nil {
		return store.TicketDeed{}, err
	}
	deed := store.TicketDeed{Key: r.ID, Lines: []store.Event{r.Line(store.Event{NIP: t.NIP, Action: audited, Outcome: "number", Detail: number(*t)})}}
	if !t.Announced.IsZero() { // else the card will show it
		room := d.theirs(*t)
		deed.Jobs = d.toThreads(*t, bot.ThreadShow, func(in bot.Account) bot.Reply {
			if in != room {
				return bot.Reply{}
			}
			return talk.Reply(d.numberLine(f), d.cardButtons(*t)...)
		})
	}
	return deed, nil
}

// numberLine shows officers the old and the new number.
func (d *Desk) numberLine(f facts) string {
	return d.say("desk.card.number", "old", talk.Dash(f.OldNumber), "new", f.NewNumber, "by", d.say("desk.by."+string(f.Vouched)))
}

// number keeps a phone number that an officer types in the thread of a ticket
// they have, and offers what can be done with it.
func (d *Desk) number(ctx context.Context, r talk.Request) (bot.Reply, error) {
	digits := outside.Digits(r.Text)
	subject, err := d.subjectOf(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id, _ := numberOf(subject)
	if id == 0 || !goodNumber(digits) {
		return talk.Reply(r.Say("desk.number.how", "command", d.Kernel.TypedHere(r, cmdNumber))), nil
	}
	t, err := d.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) {
		if err := mine(r, t); err != nil {
			return store.TicketDeed{}, err
		}
		if t.NIP == "" {
			return store.TicketDeed{}, errOver
		}
		deed, err := d.numberDeed(r, t, read(*t).OldNumber, digits, byOfficer)
		deed.Jobs = d.toThreads(*t, bot.ThreadShow, func(bot.Account) bot.Reply { return bot.Reply{} }) // what else is said is the answer
		return deed, err
	})
	if err != nil {
		return d.sorry(ctx, r, id, err)
	}
	return talk.Reply(d.numberLine(read(t)), d.button("desk.deed.phone", askDeed, number(t)+".phone"), d.button("desk.deed.number", askDeed, number(t)+".number")), nil
}
