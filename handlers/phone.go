package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// askPhone tells that BSrE wants the phone number verified first. The portal
// shows the number masked, and the call that verifies wants it whole: the
// employee types it, and only a number that fits the mask is passed on.
func (h *Handlers) askPhone(ctx context.Context, r request, subject bsre.Subject) (bot.Reply, error) {
	if err := h.Store.SetPrompt(ctx, r.account(), store.PromptPhone, r.now); err != nil {
		return bot.Reply{}, fmt.Errorf("set prompt: %w", err)
	}
	if err := h.audit(ctx, r, store.Event{Action: "reset", Outcome: "phone"}); err != nil {
		return bot.Reply{}, err
	}
	buttons := append([]bot.Button{r.button("phone.what", "page", phoneGuide+".why")}, h.pageButtonsFor(ctx, r, phoneGuide, "othernumber")...)
	return reply(r.say("phone.ask", "phone", subject.Phone)+h.helpdeskLine(r), append(buttons, r.button("button.cancel", "cancel", ""))...), nil
}

// The guide through BSrE's phone check, and its step at which the message is
// opened.
const (
	phoneGuide    = "phone"
	phoneOpenStep = "open"
)

// lastDigits are the digits that a masked number ends with.
func lastDigits(masked string) string {
	i := strings.LastIndexFunc(masked, func(c rune) bool { return c < '0' || c > '9' })
	return masked[i+1:]
}

// otherNumber are the buttons for those whose number is not the one on record.
func (h *Handlers) otherNumber(ctx context.Context, r request) []bot.Button {
	return append(h.pageButtonsFor(ctx, r, phoneGuide, "othernumber"), r.button("button.cancel", "cancel", ""))
}

// What is spent on phone numbers: each typed number costs BSrE a look, and
// each right one brings a message to somebody's WhatsApp.
const (
	spentNumber  = "phone number"
	spentMessage = "phone message"
)

func numberBudgets() []store.Budget {
	return []store.Budget{{Most: 5, Within: time.Hour}, {Most: 10, Within: 24 * time.Hour}}
}

func messageBudgets() []store.Budget {
	return []store.Budget{{Most: 1, Within: time.Minute}, {Most: 3, Within: time.Hour}, {Most: 5, Within: 24 * time.Hour}}
}

// enterPhone passes a typed phone number on to BSrE when it is the one that
// BSrE knows.
func (h *Handlers) enterPhone(ctx context.Context, r request) (bot.Reply, error) {
	if r.Wish {
		return h.wishedHere(r), nil
	}
	if answer, done, err := h.needLink(ctx, r); done || err != nil {
		return answer, err
	}
	number := digits(r.Text)
	if len(number) < 9 || len(number) > 15 {
		return reply(r.say("phone.shape"), r.button("button.cancel", "cancel", "")), nil
	}
	nip := r.session.Employee.NIP
	until, err := h.Store.Spend(ctx, nip, spentNumber, r.now, numberBudgets()...)
	if err != nil || !until.IsZero() {
		return h.phoneLimited(ctx, r, "phone.toomany", until, err)
	}
	until, err = h.Store.Spend(ctx, nip, spentMessage, r.now, messageBudgets()...)
	if err != nil || !until.IsZero() {
		return h.phoneLimited(ctx, r, "phone.again", until, err)
	}
	subject, err := h.Resetter.VerifyPhone(ctx, person(r.session.Employee), number)
	switch {
	case err == nil && subject.PhoneVerified:
		return h.phoneDone(ctx, r, subject)
	case err != nil:
		return h.phoneNotSent(ctx, r, subject, err)
	}
	if err := h.Store.SetPrompt(ctx, r.account(), store.PromptNone, r.now); err != nil {
		return bot.Reply{}, fmt.Errorf("set prompt: %w", err)
	}
	if err := h.audit(ctx, r, store.Event{Action: "phone", Outcome: "asked"}); err != nil {
		return bot.Reply{}, err
	}
	return h.openMessage(ctx, r)
}

// openMessage leads through opening BSrE's message: its link meets the same
// warning as the mail's does.
func (h *Handlers) openMessage(ctx context.Context, r request) (bot.Reply, error) {
	answer := reply(r.say("phone.sent"), r.primary("phone.done", "reset.phone", ""), r.button("button.cancel", "cancel", ""))
	g, ok := h.Guides.Guide(phoneGuide)
	if !ok {
		return answer, nil // an administrator's guides may have none
	}
	w, err := h.startWalk(ctx, owner(r), g, g.Settle(phoneOpenStep), r)
	if err != nil {
		return bot.Reply{}, err
	}
	step, err := h.step(ctx, r, w)
	answer.Messages[0].Buttons = nil
	answer.Messages = append(answer.Messages, step)
	return answer, err
}

// phoneLimited says when a number, or a message, is possible again; err is
// that of the budget.
func (h *Handlers) phoneLimited(ctx context.Context, r request, key string, until time.Time, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, fmt.Errorf("look at the phone's budget: %w", err)
	}
	if err := h.audit(ctx, r, store.Event{Action: "phone", Outcome: "limited"}); err != nil {
		return bot.Reply{}, err
	}
	return reply(r.say(key, "time", h.clock(until, r.now))+h.helpdeskLine(r), h.otherNumber(ctx, r)...), nil
}

// phoneNotSent says why no message is on its way, or that nobody knows. What
// was not sent costs nothing.
func (h *Handlers) phoneNotSent(ctx context.Context, r request, subject bsre.Subject, err error) (bot.Reply, error) {
	if errors.Is(err, bsre.ErrOutcomeUnknown) {
		h.Logger.WarnContext(ctx, "BSrE's answer to a phone's verification was lost", "error", err)
		return reply(r.say("phone.unknown"), r.primary("phone.done", "reset.phone", ""), r.button("button.cancel", "cancel", "")),
			h.audit(ctx, r, store.Event{Action: "phone", Outcome: "unknown"})
	}
	var refused *bsre.RefusedError
	other, declined := errors.Is(err, bsre.ErrOtherPhone), errors.As(err, &refused)
	back := []string{spentMessage}
	if !other && !declined {
		back = append(back, spentNumber)
	}
	for _, what := range back {
		if err := h.Store.Refund(ctx, r.session.Employee.NIP, what, r.now); err != nil {
			return bot.Reply{}, fmt.Errorf("give the phone's budget back: %w", err)
		}
	}
	switch {
	case other:
		return reply(r.say("phone.other", "phone", subject.Phone, "last", lastDigits(subject.Phone))+h.helpdeskLine(r), h.otherNumber(ctx, r)...),
			h.audit(ctx, r, store.Event{Action: "phone", Outcome: "other"})
	case declined:
		return h.phoneRefused(ctx, r, refused)
	}
	return h.resetUnreachable(ctx, r, err)
}

// phoneRefused says in BSrE's own words why no message was sent.
func (h *Handlers) phoneRefused(ctx context.Context, r request, refused *bsre.RefusedError) (bot.Reply, error) {
	if err := h.audit(ctx, r, store.Event{Action: "phone", Outcome: "refused"}); err != nil {
		return bot.Reply{}, err
	}
	text := r.say("phone.refused", "nip", r.session.Employee.NIP)
	if refused.Message != "" {
		text += "\n\n" + r.say("reset.words", "message", refused.Message)
	}
	return reply(text+h.helpdeskLine(r), r.primary("button.person", "helpdesk", ""), r.button("button.help", "cmd", "help")), nil
}

// phoneVerified looks again after the employee opened BSrE's message.
func (h *Handlers) phoneVerified(ctx context.Context, r request) (bot.Reply, error) {
	if answer, done, err := h.needLink(ctx, r); done || err != nil {
		return answer, err
	}
	subject, queue, err := h.lookUp(ctx, r)
	if queue != nil {
		return *queue, err
	}
	if err != nil {
		return h.resetUnreachable(ctx, r, err)
	}
	if !subject.PhoneVerified {
		return reply(r.say("phone.notyet")+h.helpdeskLine(r),
			append(h.pageButtonsFor(ctx, r, phoneGuide, "nonumber", "nomessage", "warned", "othernumber", "why"), r.primary("button.lookagain", "reset.phone", ""))...), nil
	}
	return h.phoneDone(ctx, r, subject)
}

// phoneDone says that the number is verified, and goes on to the question.
func (h *Handlers) phoneDone(ctx context.Context, r request, subject bsre.Subject) (bot.Reply, error) {
	if err := h.Store.SetPrompt(ctx, r.account(), store.PromptNone, r.now); err != nil {
		return bot.Reply{}, fmt.Errorf("set prompt: %w", err)
	}
	if err := h.audit(ctx, r, store.Event{Action: "phone", Outcome: "verified"}); err != nil {
		return bot.Reply{}, err
	}
	// The signature is looked at only now: the verification knows the person.
	if subject.Serial == "" {
		var queue *bot.Reply
		var err error
		if subject, queue, err = h.lookUp(ctx, r); queue != nil || err != nil {
			if queue != nil {
				return *queue, err
			}
			return h.resetUnreachable(ctx, r, err)
		}
	}
	answer, err := h.question(ctx, r, subject, nil)
	if err != nil {
		return bot.Reply{}, err
	}
	answer.Messages[0].Text = r.say("phone.verified") + "\n\n" + answer.Messages[0].Text
	return answer, nil
}
