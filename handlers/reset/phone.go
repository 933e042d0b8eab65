package reset

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/outside"
	"resetpin/handlers/talk"
	"resetpin/store"
	"strings"
	"time"
)

// askPhone tells that BSrE wants the phone number verified first. The portal
// shows the number masked, and the call that verifies wants it whole: the
// employee types it, and only a number that fits the mask is passed on.
func (h *Room) askPhone(ctx context.Context, r talk.Request, subject bsre.Subject) (bot.Reply, error) {
	if err := h.Await(ctx, r, store.PromptPhone); err != nil {
		return bot.Reply{}, err
	}
	if err := h.Audit(ctx, r, store.Event{Action: "reset", Outcome: "phone"}); err != nil {
		return bot.Reply{}, err
	}
	buttons := append([]bot.Button{r.Button("phone.what", talk.Page, phoneGuide+".why")}, h.ButtonsFor(ctx, r, phoneGuide, "othernumber")...)
	return talk.Reply(r.Say("phone.ask", "phone", subject.Phone)+h.HelpdeskLine(r), append(buttons, r.Button("button.cancel", talk.Cancel, ""))...), nil
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
func (h *Room) otherNumber(ctx context.Context, r talk.Request) []bot.Button {
	return append(h.ButtonsFor(ctx, r, phoneGuide, "othernumber"), r.Button("button.cancel", talk.Cancel, ""))
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
func (h *Room) enterPhone(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if r.Wish {
		return h.WishedHere(r), nil
	}
	if answer, done, err := h.NeedLink(ctx, r); done || err != nil {
		return answer, err
	}
	number := outside.Digits(r.Text)
	if len(number) < 9 || len(number) > 15 {
		return talk.Reply(r.Say("phone.shape"), r.Button("button.cancel", talk.Cancel, "")), nil
	}
	answer, _, err := h.verify(ctx, r, number)
	return answer, err
}

// What came of asking BSrE to verify a number, in the words of the audit trail;
// or a talk.Trouble.
const (
	phoneLimited  = "limited"
	phoneAsked    = "asked"
	phoneVerified = "verified"
	phoneOther    = string(talk.OtherPhone)
	phoneFailed   = "failed" // BSrE could not be asked
)

// verify asks BSrE to verify a whole number, in digits, and gives what is said
// to the employee, and what came of it.
func (h *Room) verify(ctx context.Context, r talk.Request, number string) (answer bot.Reply, outcome string, err error) {
	nip := r.Session.Employee.NIP
	until, err := h.budget.Spend(ctx, nip, spentNumber, r.Now, numberBudgets()...)
	if err != nil || !until.IsZero() {
		answer, err = h.numberLimited(ctx, r, "phone.toomany", until, err)
		return answer, phoneLimited, err
	}
	until, err = h.budget.Spend(ctx, nip, spentMessage, r.Now, messageBudgets()...)
	if err != nil || !until.IsZero() {
		answer, err = h.numberLimited(ctx, r, "phone.again", until, err)
		return answer, phoneLimited, err
	}
	subject, err := h.portal.VerifyPhone(ctx, talk.Person(r.Session.Employee), number)
	switch {
	case err == nil && subject.PhoneVerified:
		answer, err = h.phoneDone(ctx, r, subject)
		return answer, phoneVerified, err
	case err != nil:
		return h.phoneNotSent(ctx, r, subject, err)
	}
	if err := h.Await(ctx, r, store.PromptNone); err != nil {
		return bot.Reply{}, "", err
	}
	if err := h.Audit(ctx, r, store.Event{Action: "phone", Outcome: phoneAsked}); err != nil {
		return bot.Reply{}, "", err
	}
	answer, err = h.openMessage(ctx, r)
	return answer, phoneAsked, err
}

// openMessage leads through opening BSrE's message: its link meets the same
// warning as the mail's does.
func (h *Room) openMessage(ctx context.Context, r talk.Request) (bot.Reply, error) {
	answer := talk.Reply(r.Say("phone.sent"), r.Primary("phone.done", talk.Phone, ""), r.Button("button.cancel", talk.Cancel, ""))
	step, ok, err := h.walks.At(ctx, r, phoneGuide, phoneOpenStep)
	if !ok {
		return answer, err // an administrator's guides may have none
	}
	answer.Messages[0].Buttons = nil
	answer.Messages = append(answer.Messages, step)
	return answer, err
}

// numberLimited says when a number, or a message, is possible again; err is
// that of the budget.
func (h *Room) numberLimited(ctx context.Context, r talk.Request, key string, until time.Time, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, fmt.Errorf("look at the phone's budget: %w", err)
	}
	if err := h.Audit(ctx, r, store.Event{Action: "phone", Outcome: phoneLimited}); err != nil {
		return bot.Reply{}, err
	}
	return talk.Reply(r.Say(key, "time", h.Clock(until, r.Now))+h.HelpdeskLine(r), h.otherNumber(ctx, r)...), nil
}

// phoneNotSent says why no message is on its way, or that nobody knows, and
// gives what came of it. What was not sent costs nothing.
func (h *Room) phoneNotSent(ctx context.Context, r talk.Request, subject bsre.Subject, err error) (answer bot.Reply, outcome string, _ error) {
	kind := talk.TroubleOf(err)
	for _, what := range refunded(kind) {
		if err := h.budget.Refund(ctx, r.Session.Employee.NIP, what, r.Now); err != nil {
			return bot.Reply{}, "", fmt.Errorf("give the phone's budget back: %w", err)
		}
	}
	switch kind {
	case talk.Lost:
		h.Logger.WarnContext(ctx, "BSrE's answer to a phone's verification was lost", "error", err)
		answer = talk.Reply(r.Say("phone.unknown"), r.Primary("phone.done", talk.Phone, ""), r.Button("button.cancel", talk.Cancel, ""))
	case talk.OtherPhone:
		answer = talk.Reply(r.Say("phone.other", "phone", subject.Phone, "last", lastDigits(subject.Phone))+h.HelpdeskLine(r), h.otherNumber(ctx, r)...)
	case talk.Declined:
		answer = h.numberRefused(r, talk.SaidBy(err))
	default:
		answer, err = h.resetUnreachable(ctx, r, err)
		return answer, phoneFailed, err
	}
	outcome = string(h.Troubled(err))
	return kind.Answer(answer), outcome, h.Audit(ctx, r, store.Event{Action: "phone", Outcome: outcome})
}

// refunded is what a number costs that BSrE sent no message to.
func refunded(why talk.Trouble) []string {
	switch why {
	case talk.Lost: // it may have been sent
		return nil
	case talk.OtherPhone, talk.Declined:
		return []string{spentMessage}
	}
	return []string{spentMessage, spentNumber}
}

// numberRefused says in BSrE's own words why no message was sent.
func (h *Room) numberRefused(r talk.Request, words string) bot.Reply {
	text := r.Say("phone.refused", "nip", r.Session.Employee.NIP)
	if words != "" {
		text += "\n\n" + r.Say("reset.words", "message", words)
	}
	return talk.Reply(text+h.HelpdeskLine(r), r.Primary("button.person", talk.Helpdesk, ""), r.Button("button.help", talk.Cmd, "help"))
}

// phoneLook looks again after the employee opened BSrE's message.
func (h *Room) phoneLook(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if answer, done, err := h.NeedLink(ctx, r); done || err != nil {
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
		return talk.Reply(r.Say("phone.notyet")+h.HelpdeskLine(r),
			append(h.ButtonsFor(ctx, r, phoneGuide, "nonumber", "nomessage", "warned", "othernumber", "why"), r.Primary("button.lookagain", talk.Phone, ""))...), nil
	}
	return h.phoneDone(ctx, r, subject)
}

// phoneDone says that the number is verified, and goes on to the question.
func (h *Room) phoneDone(ctx context.Context, r talk.Request, subject bsre.Subject) (bot.Reply, error) {
	if err := h.Await(ctx, r, store.PromptNone); err != nil {
		return bot.Reply{}, err
	}
	if err := h.Audit(ctx, r, store.Event{Action: "phone", Outcome: phoneVerified}); err != nil {
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
	answer.Messages[0].Text = r.Say("phone.verified") + "\n\n" + answer.Messages[0].Text
	return answer, nil
}
