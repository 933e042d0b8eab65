package pages

import (
	"context"
	"resetpin/guides"
	"resetpin/handlers/talk"
	"slices"
	"strconv"
	"strings"
)

// PlaceWords names the step at which the person is: "langkah 3 dari 7: …". It is
// empty when they are on no way.
func (h *Pages) PlaceWords(r talk.Request) string {
	g, ok := h.Guides.Guide(r.Session.Walk.Guide)
	if !ok || !r.Interrupted() {
		return ""
	}
	view, err := g.View(guides.StepOf(g.Settle(r.Session.Walk.Step)), h.Situation(r))
	if err != nil || view.Total == 0 {
		return ""
	}
	return r.Say("walk.place", "index", strconv.Itoa(view.Index), "total", strconv.Itoa(view.Total), "title", view.Title)
}

// Standing tells what stands before somebody on a walk.
func (h *Pages) Standing(ctx context.Context, r talk.Request) (talk.Standing, bool) {
	g, ok := h.Guides.Guide(r.Session.Walk.Guide)
	if !ok {
		return talk.Standing{}, false
	}
	view, err := h.View(ctx, r, g, g.Settle(r.Session.Walk.Step))
	if err != nil {
		return talk.Standing{}, false
	}
	out := talk.Standing{Title: view.Title, Place: h.PlaceWords(r)}
	for _, row := range h.Page(r, r.Session.Walk, view).Buttons {
		out.Buttons = append(out.Buttons, row...)
	}
	i := slices.IndexFunc(view.Choices, func(c guides.Choice) bool { return c.Kind == guides.ChoiceProblem })
	if i >= 0 {
		problem := h.Choice(r.Session.Walk, view.Choices[i])
		out.Problem = &problem
	}
	return out, true
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
	var out strings.Builder
	for _, c := range site {
		switch c {
		case '.':
			out.WriteString(", " + r.Say("spell.dot") + ", ")
		case '-':
			out.WriteString(", " + r.Say("spell.dash") + ", ")
		case ':':
			out.WriteString(", " + r.Say("spell.colon") + ", ")
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}
