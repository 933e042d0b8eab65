package reset

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"slices"
	"strings"
)

// resetPIN begins a reset: it offers to go on with one that is on its way,
// and else leads to a new one.
func (h *Room) resetPIN(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if answer, done, err := h.NeedLinkFor(ctx, r, "resetpin"); done || err != nil {
		return answer, err
	}
	links, err := h.Asked(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	w, open, err := h.walks.Unfinished(ctx, r, talk.ResetGuide)
	if err != nil {
		return bot.Reply{}, err
	}
	switch {
	case len(links) == 0:
	case open && links[0].State == store.ResetSent:
		at := r
		at.Session.Walk = w
		return talk.Reply(r.Say("reset.running", "time", h.Clock(links[0].Updated, r.Now), "place", h.PlaceWords(at)),
			pages.ResumeReset(r), r.Button("button.newlink", talk.ResetNew, "")), nil
	case w.State == store.WalkDone && r.Now.Sub(w.Moved) < talk.LinkOffer:
		return talk.Reply(r.Say("reset.again", "time", h.Clock(w.Moved, r.Now)), append(h.ButtonsFor(ctx, r, talk.ResetGuide, pages.StuckPage), r.Button("button.resetagain", talk.ResetNew, ""))...), nil
	}
	return h.resetAnew(ctx, r)
}

// resetAnew checks that a reset is possible and helps, and asks once whether
// to do it.
func (h *Room) resetAnew(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if answer, done, err := h.NeedLink(ctx, r); done || err != nil {
		return answer, err
	}
	// Who may not ask yet hears so before the question, not after it.
	result, err := h.wishes.CheckReset(ctx, h.resetRequest(r, talk.Bound(r.Session.Employee.NIP)))
	if err != nil {
		return bot.Reply{}, fmt.Errorf("check reset: %w", err)
	}
	if result.Verdict == store.ResetCooldown || result.Verdict == store.ResetDaily {
		return h.resetLimited(ctx, r, result)
	}
	st, err := h.status.Ask(ctx, r)
	if err != nil {
		return h.resetUnreachable(ctx, r, err)
	}
	if st.Value != pages.Issue {
		if err := h.Audit(ctx, r, store.Event{Action: "reset", Outcome: "unfit", Detail: pages.StatusWord(st.Value)}); err != nil {
			return bot.Reply{}, err
		}
		return h.status.Answer(r, st, r.Say("reset.unfit")), nil
	}
	return h.confirm(ctx, r)
}

// confirm finds out where the mail will go, and asks for one press.
func (h *Room) confirm(ctx context.Context, r talk.Request) (bot.Reply, error) {
	subject, queue, err := h.lookUp(ctx, r)
	if queue != nil {
		return *queue, err
	}
	return h.question(ctx, r, subject, err)
}

// question shows where the mail will go and asks for one press, or says what
// stands in the way: err is the lookup's.
func (h *Room) question(ctx context.Context, r talk.Request, subject bsre.Subject, err error) (bot.Reply, error) {
	if err != nil {
		return h.resetUnreachable(ctx, r, err)
	}
	e := r.Session.Employee
	if err := h.status.Keep(ctx, e.NIP, subject, r.Now); err != nil {
		return bot.Reply{}, err
	}
	if !subject.PhoneVerified {
		return h.askPhone(ctx, r, subject)
	}
	links, err := h.Asked(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	var parts []string
	if alive, ok := h.LinkAlive(links, r.Now); ok {
		parts = append(parts, r.Say("reset.kills", "time", h.Clock(alive.Updated, r.Now)))
	}
	to, own := bsre.MaskPair(subject.Email, e.Email)
	parts = append(parts, r.Say("reset.ask", "email", to))
	if !strings.EqualFold(subject.Email, e.Email) {
		parts = append(parts, r.Say("reset.otheremail", "email", own))
	}
	buttons := []bot.Button{r.Primary("reset.yes", talk.ResetOK, talk.Bound(e.NIP)), r.Button("button.cancel", talk.Cancel, "")}
	if len(links) > 1 { // a third link will hardly do what two did not
		parts = append(parts, r.Say("reset.third"))
		buttons = append(buttons, r.Button("button.person", talk.Helpdesk, ""))
	} else if len(links) == 0 {
		buttons = append(buttons, r.Button("button.havelink", talk.WalkOwn, ""))
	}
	return talk.AboutReset.Of(talk.At(understand.ConfirmReset, talk.Reply(strings.Join(parts, "\n\n"), buttons...))), nil
}

// resetConfirmed writes the reset down and lets a durable job ask BSrE.
func (h *Room) resetConfirmed(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if answer, done, err := h.NeedLink(ctx, r); done || err != nil {
		return answer, err
	}
	if !talk.BoundTo(r.Action.Arg, r.Session.Employee.NIP) {
		return talk.Replace(r.Say("reset.another"), r.Primary("button.reset", talk.ResetNew, "")), nil
	}
	if old := r.Now.Sub(r.Action.At); old > confirmationLifetime || old < -talk.ClockSkew {
		if known, err := h.knownReset(ctx, r); known != nil || err != nil {
			return h.resetSeen(r, known), err
		}
		return talk.Replace(r.Say("reset.late"), r.Primary("button.reset", talk.ResetNew, "")), nil
	}
	result, err := h.wishes.RequestReset(ctx, h.resetRequest(r, r.Action.Arg), resetJob)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("request reset: %w", err)
	}
	switch result.Verdict {
	case store.ResetNew:
		line, err := h.queueLine(ctx, r, result.Reset.ID)
		return working(r, line), err
	case store.ResetSeen:
		return h.resetSeen(r, &result.Reset), nil
	case store.ResetOpen:
		return working(r, ""), nil
	}
	answer, err := h.resetLimited(ctx, r, result)
	for i := range answer.Messages {
		answer.Messages[i].Replace = true
	}
	return answer, err
}

// working says that BSrE is being asked, until the outcome takes its place.
func working(r talk.Request, line string) bot.Reply {
	answer := talk.Replace(r.Say("reset.working") + line)
	answer.Messages[0].Passing = true
	return talk.At(understand.StepMail, answer)
}

// resetRequest is the wish that a press of the button with the nonce makes.
func (h *Room) resetRequest(r talk.Request, nonce string) store.ResetRequest {
	return store.ResetRequest{
		Key: r.Account.String() + ":" + nonce, NIP: r.Session.Employee.NIP, Account: r.Asker(),
		Chat: r.Chat, Message: r.Message, Language: r.Lang, Now: r.Now,
		Cooldown: h.limits.Cooldown, Daily: h.limits.Daily,
	}
}

// resetLimited says when a reset is possible again.
func (h *Room) resetLimited(ctx context.Context, r talk.Request, result store.ResetResult) (bot.Reply, error) {
	if err := h.Audit(ctx, r, store.Event{Action: "reset", Outcome: string(result.Verdict)}); err != nil {
		return bot.Reply{}, err
	}
	var buttons []bot.Button
	if r.Walking() {
		buttons = append(buttons, pages.ResumeReset(r))
	}
	return talk.Reply(r.Say("reset."+string(result.Verdict), "time", h.Clock(result.Until, r.Now)),
		append(buttons, r.Button("button.status", talk.Cmd, "status"), r.Button("button.help", talk.Cmd, "help"))...), nil
}

// knownReset finds the reset that a press confirmed before, if it did.
func (h *Room) knownReset(ctx context.Context, r talk.Request) (*store.Reset, error) {
	resets, err := h.wishes.Resets(ctx, r.Session.Employee.NIP, 20)
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
func (h *Room) resetSeen(r talk.Request, known *store.Reset) bot.Reply {
	switch {
	case known == nil:
		return bot.Reply{}
	case known.State == store.ResetRequested || known.State == store.ResetAsking:
		return working(r, "")
	}
	return bot.Reply{Notice: r.Say("reset.seen")}
}

// unprepared names the text for what stands between the bot and a reset; empty
// for what is not the person's to know.
func unprepared(kind talk.Trouble) string {
	if kind.Personal() || kind == talk.Down || kind == talk.Closed || kind == talk.Busy {
		return "reset." + string(kind)
	}
	return ""
}

// resetUnreachable says what the person can do when no reset can be prepared.
func (h *Room) resetUnreachable(ctx context.Context, r talk.Request, err error) (bot.Reply, error) {
	kind := h.Troubled(err)
	key := unprepared(kind)
	if key == "" {
		return bot.Reply{}, err
	}
	h.Logger.WarnContext(ctx, "a reset could not be prepared", "error", err)
	if err := h.Audit(ctx, r, store.Event{Action: "reset", Outcome: "unprepared", Detail: string(kind)}); err != nil {
		return bot.Reply{}, err
	}
	if kind != talk.Down && kind != talk.Busy {
		answer := talk.Reply(r.Say(key, "nip", r.Session.Employee.NIP)+h.HelpdeskLine(r),
			r.Primary("button.person", talk.Helpdesk, ""), r.Button("button.status", talk.Cmd, "status"))
		return talk.AboutReset.Of(kind.Answer(answer)), nil
	}
	buttons := []bot.Button{r.Primary("button.again", talk.Cmd, "resetpin"), r.Button("button.help", talk.Cmd, "help")}
	if kind == talk.Down {
		buttons = slices.Insert(buttons, 1, r.Button("button.await", talk.Await, "resetpin"))
	}
	answer := talk.Reply(r.Say(key, "again", h.Clock(h.TryAgain(r.Now), r.Now))+h.HelpdeskLine(r), buttons...)
	return talk.AboutReset.Of(kind.Answer(talk.At(understand.Down, answer))), nil
}
