package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
	who := person(r.session.Employee)
	subject, err := h.Resetter.Lookup(ctx, who)
	if err != nil {
		return h.resetUnreachable(ctx, r, err)
	}
	if subject.PhoneVerified {
		return h.confirm(ctx, r)
	}
	if !bsre.PhoneMatchesMask(r.Text, subject.Phone) {
		return reply(r.say("phone.other", "phone", subject.Phone, "last", lastDigits(subject.Phone))+h.helpdeskLine(r),
			append(h.pageButtonsFor(ctx, r, phoneGuide, "othernumber"), r.button("button.cancel", "cancel", ""))...), nil
	}
	if err := h.Resetter.VerifyPhone(ctx, who, number); err != nil {
		var refused *bsre.RefusedError
		if errors.As(err, &refused) {
			return h.phoneRefused(ctx, r, refused)
		}
		if errors.Is(err, bsre.ErrOutcomeUnknown) {
			err = fmt.Errorf("%w: %w", bsre.ErrUnavailable, err) // asking for another message does no harm
		}
		return h.resetUnreachable(ctx, r, err)
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
	subject, err := h.Resetter.Lookup(ctx, person(r.session.Employee))
	if err != nil {
		return h.resetUnreachable(ctx, r, err)
	}
	if !subject.PhoneVerified {
		return reply(r.say("phone.notyet")+h.helpdeskLine(r),
			append(h.pageButtonsFor(ctx, r, phoneGuide, "nonumber", "nomessage", "warned", "othernumber", "why"), r.primary("button.lookagain", "reset.phone", ""))...), nil
	}
	answer, err := h.confirm(ctx, r)
	if err == nil && len(answer.Messages) > 0 {
		answer.Messages[0].Text = r.say("phone.verified") + "\n\n" + answer.Messages[0].Text
	}
	return answer, err
}
