package walk

import (
	"context"
	"errors"
	"fmt"
	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// walkMove answers a press on a step: it moves the walk on when the step is
// the current one, and leads there politely when it is an old one.
func (h *Room) walkMove(ctx context.Context, r talk.Request) (bot.Reply, error) {
	p, ok := pages.ParsePress(r.Action.Arg)
	if !ok {
		return h.Lost(r), nil
	}
	w := r.Session.Walk
	if w.ID != p.Walk || w.State == store.WalkDone && w.Version != p.Version+1 {
		return h.oldStep(ctx, r)
	}
	g, ok := h.Guides.Guide(w.Guide)
	if !ok || g.Settle(w.Step) != w.Step {
		return h.oldStep(ctx, r)
	}
	if w.Version != p.Version {
		return h.pressedAgain(ctx, r, p)
	}
	s := h.Situation(r)
	if !p.Kind.Always() {
		var err error
		if s, err = h.SituationAt(ctx, r, g, w.Step); err != nil {
			return bot.Reply{}, fmt.Errorf("look at step: %w", err)
		}
	}
	next, end, err := g.Move(w.Step, p.Kind, p.Target, s)
	if err != nil {
		return h.changed(ctx, r)
	}
	if p.Kind.Asks() {
		return h.walkAsks(ctx, r, p)
	}
	moved, err := h.db.MoveWalk(ctx, w.ID, w.Version, next, stateAt(end), r.Now, ended(r, w, stateAt(end))...)
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
func (h *Room) shown(ctx context.Context, r talk.Request) (bot.Reply, error) {
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
func (h *Room) walkStopped(ctx context.Context, r talk.Request) (bot.Reply, error) {
	var buttons []bot.Button
	var err error
	if r.Session.Walk.Guide != talk.ResetGuide {
		buttons, err = h.backToReset(ctx, r)
	}
	buttons = append(buttons, talk.Resume(r), r.Button("button.guides", talk.Cmd, "panduan"))
	return talk.Replace(r.Say("walk.stopped", "place", h.PlaceWords(r), "panduan", h.Typed(r.Account.Platform, "panduan")), buttons...), err
}

// walkDone ends a walk; the reset's is asked after a day later.
func (h *Room) walkDone(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if err := h.later.AskLater(ctx, r, r.Session.Walk); err != nil {
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
func (h *Room) pressedAgain(ctx context.Context, r talk.Request, p pages.Press) (bot.Reply, error) {
	if r.Session.Walk.Version == p.Version+1 {
		return h.shown(ctx, r)
	}
	return h.oldStep(ctx, r)
}

// oldStep leads from a step that is behind to the current one.
func (h *Room) oldStep(ctx context.Context, r talk.Request) (bot.Reply, error) {
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
func (h *Room) changed(ctx context.Context, r talk.Request) (bot.Reply, error) {
	answer, err := h.shown(ctx, r)
	answer.Notice = r.Say("walk.changed")
	return answer, err
}

// walkAsks does what a choice asks of the bot rather than of the guide.
func (h *Room) walkAsks(ctx context.Context, r talk.Request, p pages.Press) (bot.Reply, error) {
	switch p.Kind {
	case guides.ChoiceReset:
		return h.Do(ctx, r, talk.ResetNew.With(""))
	case guides.ChoiceStatus:
		return h.statusInGuide(ctx, r)
	case guides.ChoiceHelpdesk:
		return h.Do(ctx, r, talk.Helpdesk.With(p.Target))
	case guides.ChoiceBrowser:
		question := h.askBrowser(r)
		question.Replace = true
		return bot.Reply{Messages: []bot.Message{question}}, nil
	case guides.ChoicePhone:
		return h.Do(ctx, r, talk.Phone.With(""))
	case guides.ChoiceNumber:
		return h.Do(ctx, r, talk.Number.With(""))
	case guides.ChoiceGuide:
		r.Action.Arg = p.Target
		return h.walkStart(ctx, r)
	}
	return h.Lost(r), nil
}
