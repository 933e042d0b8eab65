package talk

import (
	"context"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// ResetGuide is the guide that a reset walks through.
const ResetGuide = "reset"

// How long what was said stays what the person is at.
const (
	PromptLifetime = 30 * time.Minute   // words are taken as the answer to the bot's own question
	OfferLifetime  = time.Hour          // words answer what was offered last
	LinkOffer      = 24 * time.Hour     // after a link was sent its walk is offered before a new link is
	waryFor        = 3 * 24 * time.Hour // a new PIN is fresh in mind: until the Monday after a Friday
)

// Standing is what stands before somebody who is on a walk.
type Standing struct {
	Title   string       // of the page
	Place   string       // "langkah 3 dari 7: …"
	Buttons []bot.Button // of the page
	Problem *bot.Button  // to the list of what can go wrong there; nil: there is none
}

// Here tells what stands before somebody; false when they are on no walk.
type Here func(ctx context.Context, r Request) (Standing, bool)

// Here tells what stands before the person; false when they are on no walk.
func (k *Kernel) Here(ctx context.Context, r Request) (Standing, bool) {
	if k.table.here == nil || !r.Walking() {
		return Standing{}, false
	}
	return k.table.here(ctx, r)
}

// Walking tells whether the person is on their way through a guide.
func (r Request) Walking() bool {
	return r.Session.Walk.ID != 0 && r.Session.Walk.State == store.WalkActive
}

// Interrupted tells whether the person is on a way, or stopped the reset's
// while its link may still be good.
func (r Request) Interrupted() bool {
	w := r.Session.Walk
	return r.Walking() || w.Guide == ResetGuide && w.State == store.WalkStopped && r.Now.Sub(w.Moved) < LinkOffer
}

// wary tells whether the employee makes a new PIN, or made one lately enough to
// type it by mistake.
func (r Request) wary() bool {
	w := r.Session.Walk
	return r.Walking() || w.ID != 0 && r.Now.Sub(w.Moved) < waryFor || r.Now.Sub(r.Session.LastReset) < waryFor
}

// Places beside the table of understand: what is typed there is for a person.
const (
	WithPerson understand.Place = "with-person" // an officer has the person's ticket
	AskPerson  understand.Place = "ask-person"  // a ticket is about to be opened
	PersonDone understand.Place = "person-done" // a ticket was closed
	NewNumber  understand.Place = "new-number"  // a changed phone number is asked for
)

// withPerson tells whether an officer has the person's ticket, and the bot did
// not itself ask for something since.
func (r Request) withPerson() bool {
	t := r.Session.Ticket
	asked := r.Session.Prompt != store.PromptNone && r.Now.Sub(r.Session.PromptAt) <= PromptLifetime && r.Session.PromptAt.After(t.Taken)
	return t.State == store.TicketTaken && !asked
}

// OpenedTicket tells whether this very update has opened the person's ticket
// before.
func (r Request) OpenedTicket() bool { return r.ID != "" && r.Session.Ticket.Cause == r.ID }

// Place is where the person is: what was asked for, what the last message
// says, the step of the walk, or at home.
func (r Request) Place() understand.Place {
	if r.OpenedTicket() { // a crash brings it again: they were there when they wrote it
		return AskPerson
	}
	if r.withPerson() {
		return WithPerson
	}
	if o := r.Session.Offer; o.Place == string(AskPerson) && r.Now.Sub(o.At) <= OfferLifetime && o.At.After(r.Session.PromptAt) {
		return AskPerson // a question that was put since, whatever was asked for before
	}
	if r.Session.Prompt != store.PromptNone && r.Now.Sub(r.Session.PromptAt) <= PromptLifetime && !r.Session.Offer.At.After(r.Session.PromptAt.Add(time.Minute)) {
		switch r.Session.Prompt {
		case store.PromptNIP:
			return understand.AskNIP
		case store.PromptCode:
			return understand.AskCode
		case store.PromptPhone:
			return understand.AskPhone
		case store.PromptNumber:
			return NewNumber
		}
	}
	if r.Session.Offer.Place != "" && r.Now.Sub(r.Session.Offer.At) <= OfferLifetime {
		return understand.Place(r.Session.Offer.Place)
	}
	if r.Walking() {
		return stepPlace(r.Session.Walk)
	}
	if r.Session.Walk.Guide == ResetGuide && r.Session.Walk.State == store.WalkDone && r.Now.Sub(r.Session.Walk.Moved) < OfferLifetime {
		return understand.StepDone // people look back for a while, and have a new PIN in mind
	}
	if r.Session.Linked {
		return understand.HomeLinked
	}
	return understand.HomeUnlinked
}

// stepPlace is the place of a walk's step. Steps that have none of their own
// are like the first.
func stepPlace(w store.Walk) understand.Place {
	step := guides.StepOf(w.Step)
	if p, err := understand.ParsePlace("step:" + step); err == nil && w.Guide == ResetGuide {
		return p
	}
	if w.Guide == ResetGuide {
		return understand.StepMail
	}
	return understand.StepMailbox
}
