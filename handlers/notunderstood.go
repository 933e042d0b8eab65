package handlers

import (
	"context"
	"encoding/json"
	"strings"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// doYouMean asks which of some meanings was meant.
func (h *Handlers) doYouMean(r request, res understand.Result) bot.Reply {
	var buttons []bot.Button
	for _, s := range res.Offers {
		buttons = append(buttons, bot.Button{Text: h.meaningLabel(r, s.Class), Action: bot.Action{Name: "mean", Arg: classArg(s.Class)}})
	}
	buttons = append(buttons, r.button("talk.none", "mean", ""))
	answer := reply(r.say("talk.mean"), buttons...)
	answer.Messages[0].Place = string(h.whereabouts(r)) // the place stays what it was
	return answer
}

// classArg writes a class with the signs that a button's argument may have.
func classArg(c understand.Class) string {
	return strings.NewReplacer(":", ".", "/", "-").Replace(string(c))
}

// argClass reads what classArg wrote.
func argClass(arg string) understand.Class {
	return understand.Class(strings.NewReplacer(".", ":", "-", "/").Replace(arg))
}

// meaningLabel says a meaning in the person's words: a guide's or page's title,
// or a text of its own.
func (h *Handlers) meaningLabel(r request, c understand.Class) string {
	kind, name, named := strings.Cut(string(c.Meaning()), ":")
	if !named {
		return r.say("mean." + kind)
	}
	switch kind {
	case "guide":
		return h.Guides.Title(name, r.language)
	case "page":
		if g, ok := h.Guides.Guide(resetGuide); ok {
			if view, err := g.View(name, h.situation(r)); err == nil {
				return view.Title
			}
		}
	case "browser":
		return r.say("browser." + name)
	}
	return r.say("mean." + name)
}

// meant does the meaning that was chosen, or leads on when it was none.
func (h *Handlers) meant(ctx context.Context, r request) (bot.Reply, error) {
	c := argClass(r.Action.Arg)
	if c == "" {
		return h.lostHere(ctx, r)
	}
	return h.mean(ctx, r, understand.Result{Meaning: c.Meaning(), Answer: c.Answer(), Score: 1})
}

// lostHere says kindly that nothing was understood, with the buttons of the
// place. The second time in a row a person is offered. Only the place is
// counted, never the words.
func (h *Handlers) lostHere(ctx context.Context, r request) (bot.Reply, error) {
	text := r.say("lost")
	if view, ok := h.stepHere(ctx, r); ok {
		text = r.say("lost.step", "title", view.Title)
	}
	answer := reply(text, h.placeButtons(ctx, r)...)
	answer.Missed = r.session.Offer.Missed + 1
	if answer.Missed > 1 {
		last := &answer.Messages[0]
		last.Text = r.say("lost.again") + h.helpdeskLine(r)
		last.Buttons = append(last.Buttons, []bot.Button{r.button("button.helpdesk", "helpdesk", "")})
	}
	answer.Messages[0].Place = r.session.Offer.Place
	return answer, h.audit(ctx, r, store.Event{Action: "lost", Outcome: string(h.whereabouts(r))})
}

// stepHere is the page of the walk's step, as it is now.
func (h *Handlers) stepHere(ctx context.Context, r request) (guides.View, bool) {
	g, ok := h.Guides.Guide(r.session.Walk.Guide)
	if !ok || !h.walking(r) {
		return guides.View{}, false
	}
	view, err := h.view(ctx, r, g, g.Settle(r.session.Walk.Step))
	return view, err == nil
}

// placeButtons are the buttons of the place where the person is: those of the
// step, or those that stood there last, or those of the start.
func (h *Handlers) placeButtons(ctx context.Context, r request) []bot.Button {
	if h.walking(r) {
		if view, ok := h.stepHere(ctx, r); ok {
			page := h.page(r, r.session.Walk, view)
			var buttons []bot.Button
			for _, row := range page.Buttons {
				buttons = append(buttons, row...)
			}
			return buttons
		}
	}
	var last []choice
	if r.session.Offer.Place != "" && r.session.Offer.Choices != "" && json.Unmarshal([]byte(r.session.Offer.Choices), &last) == nil && r.now.Sub(r.session.Offer.At) <= confirmationLifetime {
		var buttons []bot.Button
		for _, c := range last {
			if c.Action.Name != "mean" && c.Action.Name != "reset.ok" && c.Action.Name != "unlink.ok" { // a question is not made young again
				buttons = append(buttons, bot.Button{Text: c.Label, Action: c.Action})
			}
		}
		if len(buttons) > 0 {
			return buttons
		}
	}
	return h.homeButtons(r)
}
