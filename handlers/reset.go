package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// walkOffer is how long after a link was sent its walk is offered before a
// new link is.
const walkOffer = 24 * time.Hour

// resetPIN begins a reset: it offers to go on with one that is on its way,
// and else leads to a new one.
func (h *Handlers) resetPIN(ctx context.Context, r request) (bot.Reply, error) {
	if answer, done, err := h.needLinkFor(ctx, r, "resetpin"); done || err != nil {
		return answer, err
	}
	links, err := h.asked(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	w, open, err := h.unfinished(ctx, r, resetGuide)
	if err != nil {
		return bot.Reply{}, err
	}
	switch {
	case len(links) == 0:
	case open && links[0].State == store.ResetSent:
		at := r
		at.session.Walk = w
		return reply(r.say("reset.running", "time", h.clock(links[0].Updated, r.now), "place", h.place(at)),
			h.resumeReset(r), r.button("button.newlink", "reset.new", "")), nil
	case w.State == store.WalkDone && r.now.Sub(w.Moved) < walkOffer:
		return reply(r.say("reset.again", "time", h.clock(w.Moved, r.now)), append(h.pageButtonsFor(ctx, r, resetGuide, stuckPage), r.button("button.resetagain", "reset.new", ""))...), nil
	}
	return h.resetAnew(ctx, r)
}

// resumeReset leads back to the reset's walk, or to its begin when another
// guide was opened meanwhile.
func (h *Handlers) resumeReset(r request) bot.Button {
	if r.session.Walk.Guide == resetGuide {
		return r.primary("button.resume", "walk.here", "")
	}
	return r.primary("button.resume", "walk.start", resetGuide)
}

// resetAnew checks that a reset is possible and helps, and asks once whether
// to do it.
func (h *Handlers) resetAnew(ctx context.Context, r request) (bot.Reply, error) {
	if answer, done, err := h.needLink(ctx, r); done || err != nil {
		return answer, err
	}
	// Who may not ask yet hears so before the question, not after it.
	result, err := h.Store.JudgeReset(ctx, h.resetRequest(r, bound(r.session.Employee.NIP)))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("judge reset: %w", err)
	}
	if result.Verdict == store.ResetCooldown || result.Verdict == store.ResetDaily {
		return h.resetLimited(ctx, r, result)
	}
	st, err := h.askStatus(ctx, r)
	if err != nil {
		return h.resetUnreachable(ctx, r, err)
	}
	if st.Value != issue {
		if err := h.audit(ctx, r, store.Event{Action: "reset", Outcome: "unfit", Detail: word(st.Value)}); err != nil {
			return bot.Reply{}, err
		}
		return h.statusAnswer(r, st, r.say("reset.unfit")), nil
	}
	return h.confirm(ctx, r)
}

// confirm finds out where the mail will go, and asks for one press.
func (h *Handlers) confirm(ctx context.Context, r request) (bot.Reply, error) {
	subject, queue, err := h.lookUp(ctx, r)
	if queue != nil {
		return *queue, err
	}
	return h.question(ctx, r, subject, err)
}

// question shows where the mail will go and asks for one press, or says what
// stands in the way: err is the lookup's.
func (h *Handlers) question(ctx context.Context, r request, subject bsre.Subject, err error) (bot.Reply, error) {
	if err != nil {
		return h.resetUnreachable(ctx, r, err)
	}
	e := r.session.Employee
	if err := h.keepCertificate(ctx, e.NIP, subject, r.now); err != nil {
		return bot.Reply{}, err
	}
	if !subject.PhoneVerified {
		return h.askPhone(ctx, r, subject)
	}
	links, err := h.asked(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	var parts []string
	if alive, ok := h.linkAlive(links, r.now); ok {
		parts = append(parts, r.say("reset.kills", "time", h.clock(alive.Updated, r.now)))
	}
	to, own := bsre.MaskPair(subject.Email, e.Email)
	parts = append(parts, r.say("reset.ask", "email", to))
	if !strings.EqualFold(subject.Email, e.Email) {
		parts = append(parts, r.say("reset.otheremail", "email", own))
	}
	buttons := []bot.Button{r.primary("reset.yes", "reset.ok", bound(e.NIP)), r.button("button.cancel", "cancel", "")}
	if len(links) > 1 { // a third link will hardly do what two did not
		parts = append(parts, r.say("reset.third"))
		buttons = append(buttons, r.button("button.person", "helpdesk", ""))
	} else if len(links) == 0 {
		buttons = append(buttons, r.button("button.havelink", "walk.own", ""))
	}
	return at(understand.ConfirmReset, reply(strings.Join(parts, "\n\n"), buttons...)), nil
}

// resetConfirmed writes the reset down and lets a durable job ask BSrE.
func (h *Handlers) resetConfirmed(ctx context.Context, r request) (bot.Reply, error) {
	if answer, done, err := h.needLink(ctx, r); done || err != nil {
		return answer, err
	}
	if !boundTo(r.Action.Arg, r.session.Employee.NIP) {
		return replace(r.say("reset.another"), r.primary("button.reset", "reset.new", "")), nil
	}
	if old := r.now.Sub(r.Action.At); old > confirmationLifetime || old < -clockSkew {
		if known, err := h.knownReset(ctx, r); known != nil || err != nil {
			return h.resetSeen(r, known), err
		}
		return replace(r.say("reset.late"), r.primary("button.reset", "reset.new", "")), nil
	}
	result, err := h.Store.RequestReset(ctx, h.resetRequest(r, r.Action.Arg), resetJob)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("request reset: %w", err)
	}
	switch result.Verdict {
	case store.ResetNew:
		line, err := h.queueLine(ctx, r, result.Reset.ID)
		return at(understand.StepMail, replace(r.say("reset.working")+line)), err
	case store.ResetSeen:
		return h.resetSeen(r, &result.Reset), nil
	case store.ResetOpen:
		return at(understand.StepMail, replace(r.say("reset.working"))), nil
	}
	answer, err := h.resetLimited(ctx, r, result)
	for i := range answer.Messages {
		answer.Messages[i].Replace = true
	}
	return answer, err
}

// resetRequest is the wish that a press of the button with the nonce makes.
func (h *Handlers) resetRequest(r request, nonce string) store.ResetRequest {
	return store.ResetRequest{
		Key: r.Account.String() + ":" + nonce, NIP: r.session.Employee.NIP, Account: r.account(),
		Chat: r.Chat, Message: r.Message, Language: r.language, Now: r.now,
		Cooldown: h.Settings.ResetCooldown, Daily: h.Settings.ResetDailyLimit,
	}
}

// resetLimited says when a reset is possible again.
func (h *Handlers) resetLimited(ctx context.Context, r request, result store.ResetResult) (bot.Reply, error) {
	if err := h.audit(ctx, r, store.Event{Action: "reset", Outcome: string(result.Verdict)}); err != nil {
		return bot.Reply{}, err
	}
	var buttons []bot.Button
	if h.walking(r) {
		buttons = append(buttons, h.resumeReset(r))
	}
	return reply(r.say("reset."+string(result.Verdict), "time", h.clock(result.Until, r.now)),
		append(buttons, r.button("button.status", "cmd", "status"), r.button("button.help", "cmd", "help"))...), nil
}

// knownReset finds the reset that a press confirmed before, if it did.
func (h *Handlers) knownReset(ctx context.Context, r request) (*store.Reset, error) {
	resets, err := h.Store.Resets(ctx, r.session.Employee.NIP, 20)
	if err != nil {
		return nil, fmt.Errorf("read resets: %w", err)
	}
	key := h.resetRequest(r, r.Action.Arg).Key
	for _, known := range resets {
		if known.Key == key {
			return &known, nil
		}
	}
	return nil, nil //nolint:nilnil // not found is no error here, and the caller asks for it
}

// resetSeen answers a second press, or a redelivered one, with how its reset
// stands. While BSrE is being asked the message stays as it is.
func (h *Handlers) resetSeen(r request, known *store.Reset) bot.Reply {
	switch {
	case known == nil:
		return bot.Reply{}
	case known.State == store.ResetRequested || known.State == store.ResetAsking:
		return at(understand.StepMail, replace(r.say("reset.working")))
	}
	return bot.Reply{Notice: r.say("reset.seen")}
}

// unprepared names the text for what stands between the bot and a reset; empty
// for what is not the person's to know.
func unprepared(err error) string {
	switch {
	case errors.Is(err, bsre.ErrUnavailable):
		return "reset.down"
	case errors.Is(err, bsre.ErrCredentials):
		return "reset.closed"
	case errors.Is(err, bsre.ErrQueue):
		return "reset.busy"
	case errors.Is(err, bsre.ErrNotFound):
		return "reset.notseen"
	case errors.Is(err, bsre.ErrNoCertificate):
		return "reset.nocertificate"
	case errors.Is(err, bsre.ErrAmbiguous):
		return "reset.ambiguous"
	}
	return ""
}

// resetUnreachable says what the person can do when no reset can be prepared.
func (h *Handlers) resetUnreachable(ctx context.Context, r request, err error) (bot.Reply, error) {
	key := unprepared(err)
	if key == "" {
		return bot.Reply{}, err
	}
	h.Logger.WarnContext(ctx, "a reset could not be prepared", "error", err)
	if err := h.audit(ctx, r, store.Event{Action: "reset", Outcome: "unprepared", Detail: strings.TrimPrefix(key, "reset.")}); err != nil {
		return bot.Reply{}, err
	}
	if key != "reset.down" && key != "reset.busy" {
		return reply(r.say(key, "nip", r.session.Employee.NIP)+h.helpdeskLine(r),
			r.primary("button.person", "helpdesk", ""), r.button("button.status", "cmd", "status")), nil
	}
	return at(understand.Down, reply(r.say(key, "again", h.clock(h.outage.again(r.now), r.now))+h.helpdeskLine(r),
		r.primary("button.again", "cmd", "resetpin"), r.button("button.help", "cmd", "help"))), nil
}
