package handlers

import (
	"context"
	"errors"
	"fmt"
	"resetpin/handlers/talk"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/store"
)

// walkMove answers a press on a step: it moves the walk on when the step is
// the current one, and leads there politely when it is an old one.
func (h *Handlers) walkMove(ctx context.Context, r talk.Request) (bot.Reply, error) {
	p, ok := parsePress(r.Action.Arg)
	if !ok {
		return h.Lost(r), nil
	}
	w := r.Session.Walk
	if w.ID != p.walk || w.State == store.WalkDone && w.Version != p.version+1 {
		return h.oldStep(ctx, r)
	}
	g, ok := h.Guides.Guide(w.Guide)
	if !ok || g.Settle(w.Step) != w.Step {
		return h.oldStep(ctx, r)
	}
	if w.Version != p.version {
		return h.pressedAgain(ctx, r, p)
	}
	s := h.situation(r)
	if !p.kind.Always() {
		var err error
		if s, err = h.situationAt(ctx, r, g, w.Step); err != nil {
			return bot.Reply{}, fmt.Errorf("look at step: %w", err)
		}
	}
	next, end, err := g.Move(w.Step, p.kind, p.target, s)
	if err != nil {
		return h.changed(ctx, r)
	}
	if p.kind.Asks() {
		return h.walkAsks(ctx, r, p)
	}
	moved, err := h.Store.MoveWalk(ctx, w.ID, w.Version, next, stateAt(end), r.Now, ended(r, w, stateAt(end))...)
	if errors.Is(err, store.ErrStale) {
		return h.oldStep(ctx, r)
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("move walk: %w", err)
	}
	r.Session.Walk = moved
	return h.shown(ctx, r)
}

// ended gives the line of the audit trail about a walk that ends in a state;
// none for one that goes on.
func ended(r talk.Request, w store.Walk, st store.WalkState) []store.Event {
	if st == store.WalkActive {
		return nil
	}
	return []store.Event{r.Line(store.Event{Action: "walk", Outcome: string(st), Detail: placeOf(w)})}
}

// placeOf names a walk's position in the audit trail. Only the reset's goes by
// its step alone.
func placeOf(w store.Walk) string {
	if w.Guide == talk.ResetGuide {
		return w.Step
	}
	return w.Guide + "/" + w.Step
}

func stateAt(end guides.End) store.WalkState {
	switch end {
	case guides.EndDone:
		return store.WalkDone
	case guides.EndStopped:
		return store.WalkStopped
	}
	return store.WalkActive
}

// shown is the walk's position in the place of the step that was pressed.
func (h *Handlers) shown(ctx context.Context, r talk.Request) (bot.Reply, error) {
	switch r.Session.Walk.State {
	case store.WalkStopped:
		return talk.TopicWalk.Reply(h.walkStopped(ctx, r))
	case store.WalkDone:
		return talk.TopicWalk.Reply(h.walkDone(ctx, r))
	}
	message, err := h.step(ctx, r, r.Session.Walk)
	message.Replace = true
	return bot.Reply{Messages: []bot.Message{message}}, err
}

// walkStopped says how to go on.
func (h *Handlers) walkStopped(ctx context.Context, r talk.Request) (bot.Reply, error) {
	var buttons []bot.Button
	var err error
	if r.Session.Walk.Guide != talk.ResetGuide {
		buttons, err = h.backToReset(ctx, r)
	}
	buttons = append(buttons, talk.Resume(r), r.Button("button.guides", talk.Cmd, "panduan"))
	return talk.Replace(r.Say("walk.stopped", "place", h.place(r), "panduan", h.Typed(r.Account.Platform, "panduan")), buttons...), err
}

// walkDone ends a walk; the reset's is asked after a day later.
func (h *Handlers) walkDone(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if err := h.askLater(ctx, r, r.Session.Walk); err != nil {
		return bot.Reply{}, err
	}
	if r.Session.Walk.Guide == talk.ResetGuide {
		// No button for another reset: this one has just succeeded.
		return talk.Replace(r.Say("walk.done"), r.Button("button.guides", talk.Cmd, "panduan"), r.Button("button.help", talk.Cmd, "help")), nil
	}
	buttons, err := h.backToReset(ctx, r)
	buttons = append(buttons, h.HomeButtons(r)...)
	return talk.Replace(r.Say("walk.read"), append(buttons, r.Button("button.guides", talk.Cmd, "panduan"))...), err
}

// pressedAgain answers a press whose move is done already (a double tap, or
// an update that was redone after a crash) with where it led, and any other
// old press with the current step.
func (h *Handlers) pressedAgain(ctx context.Context, r talk.Request, p press) (bot.Reply, error) {
	if r.Session.Walk.Version == p.version+1 {
		return h.shown(ctx, r)
	}
	return h.oldStep(ctx, r)
}

// oldStep leads from a step that is behind to the current one.
func (h *Handlers) oldStep(ctx context.Context, r talk.Request) (bot.Reply, error) {
	var answer bot.Reply
	var err error
	if r.Walking() {
		answer, err = h.walkResume(ctx, r)
	} else {
		answer, err = h.guide(ctx, r)
	}
	key := "walk.old"
	if !r.Walking() {
		key = "walk.over" // what follows is no step
	}
	answer.Notice = r.Say(key)
	return answer, err
}

// changed shows the step anew to somebody who pressed what it does not offer
// any more: the site's certificate or the guide has changed since.
func (h *Handlers) changed(ctx context.Context, r talk.Request) (bot.Reply, error) {
	answer, err := h.shown(ctx, r)
	answer.Notice = r.Say("walk.changed")
	return answer, err
}

// walkAsks does what a choice asks of the bot rather than of the guide.
func (h *Handlers) walkAsks(ctx context.Context, r talk.Request, p press) (bot.Reply, error) {
	switch p.kind {
	case guides.ChoiceReset:
		return h.resetAnew(ctx, r)
	case guides.ChoiceStatus:
		return h.statusInGuide(ctx, r)
	case guides.ChoiceHelpdesk:
		return h.callHelp(ctx, r)
	case guides.ChoiceBrowser:
		question := h.askBrowser(r)
		question.Replace = true
		return bot.Reply{Messages: []bot.Message{question}}, nil
	case guides.ChoicePhone:
		return h.phoneVerified(ctx, r)
	case guides.ChoiceGuide:
		r.Action.Arg = p.target
		return h.walkStart(ctx, r)
	}
	return h.Lost(r), nil
}

// page renders a page of a walk with its buttons.
func (h *Handlers) page(r talk.Request, w store.Walk, view guides.View) bot.Message {
	return Page(h.Texts, r.Lang, view, func(c guides.Choice) bot.Button { return h.choice(w, c) })
}

// choice is the button of a choice at a walk's position.
func (h *Handlers) choice(w store.Walk, c guides.Choice) bot.Button {
	return bot.Button{Text: c.Label, Action: talk.Walk.With(press{walk: w.ID, version: w.Version, kind: c.Kind, target: c.Target}.arg())}
}

// situation is what a step's text depends on.
func (h *Handlers) situation(r talk.Request) guides.Situation {
	s := guides.Situation{
		Language: r.Lang, Platform: r.Account.Platform, Browser: r.Session.Browser, Mode: mode(r), Site: "usual",
		Vars: map[string]string{
			"site":     h.Settings.ResetSites[0],
			"sender":   h.Settings.ResetSenders[0],
			"subject":  "[eSign] Reset Passphrase",
			"helpdesk": h.Helpdesk(r),
			"email":    h.mailbox(r),

			"app":     h.signingApp(r),
			"nip":     talk.Dash(r.Session.Employee.NIP),
			"spelled": spelled(r, h.Settings.ResetSites[0]),

			"fingerprint": "–",                             // until the site was looked at
			"sent":        "–", "asked": "–", "until": "–", // until the links were
		},
	}
	if h.Settings.ResetSites[0] != picturedSite {
		s.Site = "other"
	}
	if r.Session.Status.Value != "" {
		s.Status = statusStep(r.Session.Status.Value)
	}
	return s
}

// picturedSite is the address that the guides' pictures show.
const picturedSite = "esign-bsre.bssn.go.id"
