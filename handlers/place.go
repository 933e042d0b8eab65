package handlers

import (
	"slices"
	"strconv"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/store"
)

// awayFor is after how long without a press a person's browser may be closed.
const awayFor = 20 * time.Minute

// interrupted tells whether the person is on a way, or stopped the reset's
// while its link may still be good.
func (h *Handlers) interrupted(r request) bool {
	w := r.session.Walk
	return h.walking(r) || w.Guide == resetGuide && w.State == store.WalkStopped && r.now.Sub(w.Moved) < walkOffer
}

// place names the step at which the person is: "langkah 3 dari 7: …". It is
// empty when they are on no way.
func (h *Handlers) place(r request) string {
	g, ok := h.Guides.Guide(r.session.Walk.Guide)
	if !ok || !h.interrupted(r) {
		return ""
	}
	view, err := g.View(guides.StepOf(g.Settle(r.session.Walk.Step)), h.situation(r))
	if err != nil || view.Total == 0 {
		return ""
	}
	return r.say("walk.place", "index", strconv.Itoa(view.Index), "total", strconv.Itoa(view.Total), "title", view.Title)
}

// resume is the button that leads back to where the person was.
func (h *Handlers) resume(r request) bot.Button { return r.primary("button.resume", "walk.here", "") }

// browserStep tells whether a step of the reset needs the browser's page open.
func (h *Handlers) browserStep(g *guides.Guide, at string) bool {
	steps := g.Steps()
	step := slices.Index(steps, guides.StepOf(g.Settle(at)))
	return g.Name() == resetGuide && step > slices.Index(steps, linkStep) && step < len(steps)-1
}
