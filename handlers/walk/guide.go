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
	"slices"
	"time"
)

// guide shows where the person stopped, or which guides there are.
func (h *Room) guide(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if _, ok := h.Guides.Guide(r.Session.Walk.Guide); ok && r.Walking() {
		return h.walkResume(ctx, r)
	}
	buttons, err := h.backToReset(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	for _, name := range h.Guides.Names() {
		if name == talk.ResetGuide && len(buttons) > 0 {
			continue
		}
		title := h.Guides.Title(name, r.Lang)
		buttons = append(buttons, bot.Button{Text: title, Action: talk.WalkStart.With(name)})
	}
	return talk.Reply(r.Say("walk.pick"), buttons...), nil
}

// backToReset is the button that leads back into a reset's walk which another
// guide has interrupted; none when there is no such walk.
func (h *Room) backToReset(ctx context.Context, r talk.Request) ([]bot.Button, error) {
	_, ok, err := h.Unfinished(ctx, r, talk.ResetGuide)
	if !ok || err != nil {
		return nil, err
	}
	return []bot.Button{r.Primary("button.toreset", talk.WalkStart, talk.ResetGuide)}, nil
}

// Unfinished is a walk through a guide that did not come to its end, while its
// link may still be good.
func (h *Room) Unfinished(ctx context.Context, r talk.Request, guide string) (store.Walk, bool, error) {
	w, err := h.db.GuideWalk(ctx, r.Owner(), guide)
	if talk.NotFound(err) {
		return store.Walk{}, false, nil
	}
	if err != nil {
		return store.Walk{}, false, fmt.Errorf("read walk: %w", err)
	}
	return w, w.State != store.WalkDone && r.Now.Sub(w.Moved) < talk.LinkOffer, nil
}

// walkStart begins a guide, or goes on where it was interrupted. The reset's
// guide begins with the link that was sent: without one, it is asked for.
func (h *Room) walkStart(ctx context.Context, r talk.Request) (bot.Reply, error) {
	g, ok := h.Guides.Guide(r.Action.Arg)
	if !ok {
		return h.Lost(r), nil
	}
	at := g.First()
	before, ok, err := h.Unfinished(ctx, r, g.Name())
	if err != nil {
		return bot.Reply{}, err
	}
	if ok {
		at = g.Settle(before.Step)
	}
	if g.Name() == talk.ResetGuide && !ok {
		return h.RunCommand(ctx, r, "resetpin")
	}
	w, err := h.startWalk(ctx, r.Owner(), g, at, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if w.Guide == talk.ResetGuide {
		if err := h.later.RemindLater(ctx, r, w); err != nil {
			return bot.Reply{}, err
		}
	}
	message, err := h.step(ctx, r, w)
	return bot.Reply{Messages: []bot.Message{message}}, err
}

func (h *Room) startWalk(ctx context.Context, owner string, g *guides.Guide, at string, r talk.Request) (store.Walk, error) {
	w, err := h.db.StartWalk(ctx, owner, g.Name(), at, r.Now, r.Line(store.Event{Action: "walk", Outcome: "started", Detail: g.Name()}))
	if err != nil {
		return store.Walk{}, fmt.Errorf("start walk: %w", err)
	}
	return w, nil
}

// Begin begins the walk of a reset whose mail is on its way, once.
func (h *Room) Begin(ctx context.Context, r talk.Request, row store.Reset) ([]bot.Message, error) {
	w, err := h.db.Walk(ctx, row.NIP)
	if err != nil && !talk.NotFound(err) {
		return nil, fmt.Errorf("read walk: %w", err)
	}
	if err != nil || w.Guide != talk.ResetGuide || w.Started.Before(row.Updated) {
		g, ok := h.Guides.Guide(talk.ResetGuide)
		if !ok {
			return nil, errors.New("there is no guide for the reset")
		}
		if w, err = h.startWalk(ctx, row.NIP, g, g.First(), r); err != nil {
			return nil, err
		}
	}
	if err := h.later.RemindLater(ctx, r, w); err != nil {
		return nil, err
	}
	message, err := h.step(ctx, r, w)
	return []bot.Message{message}, err
}

// noticePage is the reset's page for those who asked for their link in the
// office's portal.
const noticePage = "notice"

// walkOwn begins the reset's guide for somebody who has a link already that
// the bot did not ask for.
func (h *Room) walkOwn(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if answer, done, err := h.NeedLink(ctx, r); done || err != nil {
		return answer, err
	}
	g, ok := h.Guides.Guide(talk.ResetGuide)
	if !ok {
		return h.Lost(r), nil
	}
	w, err := h.startWalk(ctx, r.Owner(), g, g.Settle(g.First()+"+"+noticePage), r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.later.RemindLater(ctx, r, w); err != nil {
		return bot.Reply{}, err
	}
	message, err := h.step(ctx, r, w)
	return bot.Reply{Messages: []bot.Message{message}}, err
}

// walkResume shows the current step anew, and how to get there again when the
// browser may be closed by now.
func (h *Room) walkResume(ctx context.Context, r talk.Request) (bot.Reply, error) {
	g, known := h.Guides.Guide(r.Session.Walk.Guide)
	if !r.Walking() || !known {
		if r.Session.Walk.State != store.WalkStopped || !known {
			r.Action = bot.Action{}
			return h.guide(ctx, r)
		}
	}
	away := r.Now.Sub(r.Session.Walk.Moved)
	if err := h.backToStep(ctx, &r); err != nil {
		return bot.Reply{}, err
	}
	message, err := h.step(ctx, r, r.Session.Walk)
	if err != nil {
		return bot.Reply{}, err
	}
	if away >= awayFor && h.browserStep(g, r.Session.Walk.Step) {
		if err := h.leadIn(ctx, r, &message); err != nil {
			return bot.Reply{}, err
		}
	}
	return bot.Reply{Messages: []bot.Message{message}}, nil
}

// leadIn puts above a step how to get there with a closed browser: by the
// newest mail, or by a new link when that one may be dead.
func (h *Room) leadIn(ctx context.Context, r talk.Request, m *bot.Message) error {
	links, err := h.Asked(ctx, r)
	if err != nil {
		return err
	}
	key, sent := "walk.away", ""
	if len(links) > 0 {
		sent = h.Clock(links[0].Updated, r.Now)
	}
	if _, alive := h.LinkAlive(links, r.Now); !alive && r.Session.Linked {
		key = "walk.awaydead"
		m.Buttons = append(m.Buttons, []bot.Button{r.Button("button.newlink", talk.ResetNew, "")})
	}
	if sent == "" {
		sent = r.Say("walk.newest")
	}
	m.Text = r.Say(key, "sent", sent) + "\n\n" + m.Text
	return nil
}

// backToStep takes a walk that stopped up again, and leaves the page beside
// the step that is open. Whoever moved it meanwhile wins.
func (h *Room) backToStep(ctx context.Context, r *talk.Request) error {
	w := r.Session.Walk
	step := guides.StepOf(w.Step)
	if w.ID == 0 || w.State == store.WalkDone || w.State == store.WalkActive && step == w.Step {
		return nil
	}
	moved, err := h.db.MoveWalk(ctx, w.ID, w.Version, step, store.WalkActive, r.Now)
	if errors.Is(err, store.ErrStale) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("resume walk: %w", err)
	}
	r.Session.Walk = moved
	return nil
}

// awayFor is after how long without a press a person's browser may be closed.
const awayFor = 20 * time.Minute

// browserStep tells whether a step of the reset needs the browser's page open.
func (h *Room) browserStep(g *guides.Guide, at string) bool {
	steps := g.Steps()
	step := slices.Index(steps, guides.StepOf(g.Settle(at)))
	return g.Name() == talk.ResetGuide && step > slices.Index(steps, pages.LinkStep) && step < len(steps)-1
}
