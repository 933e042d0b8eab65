package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"resetpin/guides"
	"resetpin/handlers/talk"
)

// awayFor is after how long without a press a person's browser may be closed.
const awayFor = 20 * time.Minute

// place names the step at which the person is: "langkah 3 dari 7: …". It is
// empty when they are on no way.
func (h *Handlers) place(r talk.Request) string {
	g, ok := h.Guides.Guide(r.Session.Walk.Guide)
	if !ok || !r.Interrupted() {
		return ""
	}
	view, err := g.View(guides.StepOf(g.Settle(r.Session.Walk.Step)), h.situation(r))
	if err != nil || view.Total == 0 {
		return ""
	}
	return r.Say("walk.place", "index", strconv.Itoa(view.Index), "total", strconv.Itoa(view.Total), "title", view.Title)
}

// here tells what stands before somebody on a walk.
func (h *Handlers) here(ctx context.Context, r talk.Request) (talk.Standing, bool) {
	g, ok := h.Guides.Guide(r.Session.Walk.Guide)
	if !ok {
		return talk.Standing{}, false
	}
	view, err := h.view(ctx, r, g, g.Settle(r.Session.Walk.Step))
	if err != nil {
		return talk.Standing{}, false
	}
	out := talk.Standing{Title: view.Title, Place: h.place(r)}
	for _, row := range h.page(r, r.Session.Walk, view).Buttons {
		out.Buttons = append(out.Buttons, row...)
	}
	i := slices.IndexFunc(view.Choices, func(c guides.Choice) bool { return c.Kind == guides.ChoiceProblem })
	if i >= 0 {
		problem := h.choice(r.Session.Walk, view.Choices[i])
		out.Problem = &problem
	}
	return out, true
}

// browserStep tells whether a step of the reset needs the browser's page open.
func (h *Handlers) browserStep(g *guides.Guide, at string) bool {
	steps := g.Steps()
	step := slices.Index(steps, guides.StepOf(g.Settle(at)))
	return g.Name() == talk.ResetGuide && step > slices.Index(steps, linkStep) && step < len(steps)-1
}

// mode is how pages are shown to the person, in the guides' words.
func mode(r talk.Request) string {
	if r.Session.TextOnly {
		return "text"
	}
	return "pictures"
}

// spelled gives an address in groups that can be heard.
func spelled(r talk.Request, site string) string {
	comma := strings.NewReplacer(".", ", "+r.Say("spell.dot")+", ", "-", ", "+r.Say("spell.dash")+", ", ":", ", "+r.Say("spell.colon")+", ")
	return comma.Replace(site)
}
