package words

import (
	"context"
	"encoding/json"
	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"strings"
)

// doYouMean asks which of some meanings was meant.
func (h *Room) doYouMean(r talk.Request, res understand.Result) bot.Reply {
	var buttons []bot.Button
	for _, s := range res.Offers {
		buttons = append(buttons, bot.Button{Text: h.meaningLabel(r, s.Class), Action: talk.Mean.With(classArg(s.Class))})
	}
	buttons = append(buttons, r.Button("talk.none", talk.Mean, ""))
	answer := talk.Reply(r.Say("talk.mean"), buttons...)
	answer.Messages[0].Place = string(r.Place()) // the place stays what it was
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
func (h *Room) meaningLabel(r talk.Request, c understand.Class) string {
	kind, name, named := strings.Cut(string(c.Meaning()), ":")
	if !named {
		return r.Say("mean." + kind)
	}
	switch kind {
	case "guide":
		return h.Guides.Title(name, r.Lang)
	case "page":
		if g, ok := h.Guides.Guide(talk.ResetGuide); ok {
			if view, err := g.View(name, h.Situation(r)); err == nil {
				return view.Title
			}
		}
	case "browser":
		return r.Say("browser." + name)
	}
	return r.Say("mean." + name)
}

// meant does the meaning that was chosen, or leads on when it was none.
func (h *Room) meant(ctx context.Context, r talk.Request) (bot.Reply, error) {
	c := argClass(r.Action.Arg)
	if c == "" {
		return h.lostHere(ctx, r)
	}
	return h.mean(ctx, r, understand.Result{Meaning: c.Meaning(), Answer: c.Answer(), Score: 1})
}

// lostHere says kindly that nothing was understood, with the buttons of the
// place. The second time in a row a person is offered. Only the place is
// counted, never the words.
func (h *Room) lostHere(ctx context.Context, r talk.Request) (bot.Reply, error) {
	text := r.Say("lost")
	if here, ok := h.Here(ctx, r); ok {
		text = r.Say("lost.step", "title", here.Title)
	}
	answer := talk.AboutAny.Of(h.missed(ctx, r, text, r.Say("lost.again")))
	return answer, h.Audit(ctx, r, store.Event{Action: "lost", Outcome: string(r.Place())})
}

// offTopic says that a sentence is about nothing that the bot does. Whoever
// hears it twice may have been misunderstood, and is offered a person as well.
func (h *Room) offTopic(ctx context.Context, r talk.Request) bot.Reply {
	text := r.Say("talk.offtopic")
	return h.missed(ctx, r, text, text)
}

// missed leaves the person where they are, with its buttons. The second time in
// a row it says again, and offers a person.
func (h *Room) missed(ctx context.Context, r talk.Request, text, again string) bot.Reply {
	answer := talk.Reply(text, h.placeButtons(ctx, r)...)
	answer.Missed = r.Session.Offer.Missed + 1
	only := &answer.Messages[0]
	if answer.Missed > 1 {
		only.Text = again + h.HelpdeskLine(r)
		only.Buttons = append(only.Buttons, []bot.Button{r.Button("button.helpdesk", talk.Helpdesk, "")})
	}
	only.Place = r.Session.Offer.Place
	return answer
}

// placeButtons are the buttons of the place where the person is: those of the
// step, or those that stood there last, or those of the start.
func (h *Room) placeButtons(ctx context.Context, r talk.Request) []bot.Button {
	if here, ok := h.Here(ctx, r); ok {
		return here.Buttons
	}
	var last []talk.Choice
	if r.Session.Offer.Place != "" && r.Session.Offer.Choices != "" && json.Unmarshal([]byte(r.Session.Offer.Choices), &last) == nil && r.Now.Sub(r.Session.Offer.At) <= confirmationLifetime {
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
	return h.HomeButtons(r)
}
