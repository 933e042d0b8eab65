package words

import (
	"context"
	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"slices"
	"strings"
)

// offerGuide offers the guide that answers a question. It is not begun at
// once: that would end the one that is under way.
func (h *Room) offerGuide(r talk.Request, name string) bot.Reply {
	b := bot.Button{Text: h.Guides.Title(name, r.Lang), Action: talk.WalkStart.With(name), Style: bot.StylePrimary}
	return talk.Reply(r.Say("guide.offer"), append([]bot.Button{b}, h.HomeButtons(r)...)...)
}

// talk answers typed words by what they mean where the person is. Words are as
// good as buttons: they do what a press of the button would.
func (h *Room) talk(ctx context.Context, r talk.Request) (bot.Reply, error) {
	if strings.TrimSpace(understand.Clean(r.Text)) == "" {
		return h.lostHere(ctx, r)
	}
	res := r.Understood
	r = h.spokenLanguage(ctx, r)
	var answer bot.Reply
	var err error
	page, named := h.walks.NamedProblem(r)
	switch {
	case named:
		answer, err = h.meanPage(ctx, r, page)
	case res.Secret == understand.SecretMaybe && res.Meaning != understand.PIN:
		answer = talk.Reply(r.Say("guard.ask"), h.placeButtons(ctx, r)...)
	case res.Meaning == understand.Choice:
		answer, err = h.pressTyped(ctx, r, r.Offered()[res.Choice].Action)
	case res.Ask:
		return h.doYouMean(r, res), nil
	case res.Lost:
		return h.lostHere(ctx, r)
	default:
		answer, err = h.mean(ctx, r, res)
	}
	return typedAnswer(answer), err
}

// typedAnswer makes an answer to a press one to typed words: there is no
// message to change, and nothing pressed to show a notice at.
func typedAnswer(answer bot.Reply) bot.Reply {
	for i := range answer.Messages {
		answer.Messages[i].Replace = false
	}
	return answer
}

// pressTyped does what a press of the button does.
func (h *Room) pressTyped(ctx context.Context, r talk.Request, a bot.Action) (bot.Reply, error) {
	return h.Press(ctx, r, a)
}

// mean does what a sentence means.
func (h *Room) mean(ctx context.Context, r talk.Request, res understand.Result) (bot.Reply, error) {
	switch res.Meaning {
	case understand.NIP:
		return h.Mean(ctx, r, understand.NIP, res.Value)
	case understand.Code:
		return h.Mean(ctx, r, understand.Code, res.Value)
	case understand.Phone:
		return h.Mean(ctx, r, understand.Phone, res.Value)
	case understand.Thanks:
		return talk.Reply(r.Say("thanks")), nil
	case understand.Greeting:
		return h.RunCommand(ctx, r.WithoutText(), "start")
	case understand.Helpdesk:
		if res.Answer == "proxy" {
			return talk.Reply(r.Say("talk.proxy"), h.placeButtons(ctx, r)...), nil
		}
		return h.pressTyped(ctx, r, talk.Helpdesk.With(""))
	case understand.Problem:
		if res.Value != "" {
			return h.wrongNumber(ctx, r, res.Value)
		}
	case understand.TextOnly:
		return h.pressTyped(ctx, r, talk.Mode.With("text"))
	case understand.Unknown:
		return h.offTopic(ctx, r), nil
	}
	kind, name, _ := strings.Cut(string(res.Meaning), ":")
	switch kind {
	case "command":
		return h.meanCommand(ctx, r, name, res.Answer)
	case "guide":
		return h.meanGuide(ctx, r, name, res.Answer)
	case "page":
		return h.meanPage(ctx, r, name)
	case "browser":
		return h.pressTyped(ctx, r, talk.Browser.With(name))
	}
	return h.meanChoice(ctx, r, res.Meaning)
}

// wrongNumber says what is wrong with a number that is not the one awaited.
func (h *Room) wrongNumber(ctx context.Context, r talk.Request, number string) (bot.Reply, error) {
	r.Text = number
	switch r.Place() {
	case understand.AskCode:
		return h.Mean(ctx, r, understand.Code, number)
	case understand.AskPhone:
		return h.Mean(ctx, r, understand.Phone, number)
	}
	return h.Mean(ctx, r, understand.NIP, number)
}

// meanCommand runs a command as if it was typed. A language that was named is
// taken at once.
func (h *Room) meanCommand(ctx context.Context, r talk.Request, name, answer string) (bot.Reply, error) {
	if name == "bahasa" && answer != "" {
		return h.pressTyped(ctx, r, talk.Language.With(answer))
	}
	if !h.Table().Has(name) {
		return h.lostHere(ctx, r)
	}
	return h.RunCommand(ctx, r.WithoutText(), name)
}

// meanGuide answers a question: about fraud at once, else with the guide that
// does.
func (h *Room) meanGuide(ctx context.Context, r talk.Request, name, answer string) (bot.Reply, error) {
	given := r.Primary("talk.reset", talk.Cmd, "resetpin")
	call := r.Button("button.helpdesk", talk.Helpdesk, "")
	switch {
	case name == "phishing" && answer == "given":
		return talk.Reply(r.Say("talk.given"), given, call), nil
	case name == "phishing":
		return talk.Reply(r.Say("talk.fraud"), r.Button("talk.already", talk.Given, ""), call,
			bot.Button{Text: h.Guides.Title(name, r.Lang), Action: talk.WalkStart.With(name)}), nil
	}
	if _, ok := h.Guides.Guide(name); !ok {
		return talk.Reply(r.Say("lost"), h.placeButtons(ctx, r)...), nil
	}
	return h.offerGuide(r, name), nil
}

// givenAway tells what to do after a secret was given away.
func (h *Room) givenAway(ctx context.Context, r talk.Request) (bot.Reply, error) {
	return h.meanGuide(ctx, r, "phishing", "given")
}

// meanChoice does what yes, no, next, back and their like mean where the
// person is.
func (h *Room) meanChoice(ctx context.Context, r talk.Request, m understand.Meaning) (bot.Reply, error) {
	if a, ok := h.choiceFor(r, m); ok {
		return h.pressTyped(ctx, r, a)
	}
	switch m {
	case understand.Stop, understand.No:
		if r.Wish {
			return h.WishedHere(r), nil
		}
		if err := h.Await(ctx, r, store.PromptNone); err != nil {
			return bot.Reply{}, err
		}
		return h.Press(ctx, r, talk.Cancel.With(""))
	case understand.Back, understand.Again, understand.Problem:
		return h.againHere(ctx, r, m)
	}
	return h.lostHere(ctx, r)
}

// choiceFor finds the button that a meaning presses.
func (h *Room) choiceFor(r talk.Request, m understand.Meaning) (bot.Action, bool) {
	find := func(names ...bot.Action) (bot.Action, bool) {
		for _, c := range r.Offered() {
			for _, n := range names {
				if c.Action.Name == n.Name && (n.Arg == "" || n.Arg == c.Action.Arg) {
					return c.Action, true
				}
			}
		}
		return bot.Action{}, false
	}
	var a bot.Action
	var ok bool
	switch m {
	case understand.Yes:
		a, ok = find(talk.ResetOK.With(""), talk.UnlinkOK.With(""), talk.Worked.With("yes"))
	case understand.No, understand.Stop:
		a, ok = find(talk.Cancel.With(""), talk.Worked.With("no"))
	case understand.Again:
		a, ok = find(talk.ResetNew.With(""), talk.Cmd.With("resetpin"))
		ok = ok && slices.Contains([]understand.Place{understand.Down, understand.Limited}, r.Place())
	}
	if ok || !r.Walking() {
		return a, ok
	}
	kind, ok := walkChoice(m)
	w := r.Session.Walk
	if w.Step != guides.StepOf(w.Step) && (kind == guides.ChoiceNext || kind == guides.ChoiceDone) {
		kind = guides.ChoiceBack // from a page beside it, the way on is the step
	}
	return talk.Walk.With(pages.Press{Walk: w.ID, Version: w.Version, Kind: kind}.Arg()), ok
}

// walkChoice is the choice of a step that a meaning makes.
func walkChoice(m understand.Meaning) (guides.ChoiceKind, bool) {
	kind, ok := map[understand.Meaning]guides.ChoiceKind{
		understand.Next: guides.ChoiceNext, understand.Back: guides.ChoiceBack, understand.Stop: guides.ChoiceStop,
		understand.Problem: guides.ChoiceProblem, understand.No: guides.ChoiceProblem, understand.Yes: guides.ChoiceDone,
	}[m]
	return kind, ok
}

// meanPage shows a page about a trouble.
func (h *Room) meanPage(ctx context.Context, r talk.Request, page string) (bot.Reply, error) {
	answer, known, err := h.walks.OpenPage(ctx, r, page)
	if !known {
		return h.lostHere(ctx, r)
	}
	return answer, err
}

// againHere says once more what stands before the person.
func (h *Room) againHere(ctx context.Context, r talk.Request, m understand.Meaning) (bot.Reply, error) {
	switch r.Place() {
	case understand.AskNIP:
		return h.Do(ctx, r, talk.OtherNIP.With(""))
	case understand.AskCode:
		if m == understand.Back {
			return h.Do(ctx, r, talk.OtherNIP.With(""))
		}
		return talk.Reply(r.Say("talk.code"), r.Primary("button.newcode", talk.CodeAgain, ""), r.Button("button.othernip", talk.OtherNIP, ""), r.Button("button.helpdesk", talk.Helpdesk, "")), nil
	case understand.AskPhone:
		return talk.Reply(r.Say("phone.shape"), r.Button("button.cancel", talk.Cancel, "")), nil
	case understand.ConfirmReset:
		return h.Do(ctx, r, talk.ResetNew.With(""))
	}
	if r.Walking() {
		return h.Do(ctx, r, talk.WalkHere.With(""))
	}
	return talk.Reply(r.Say("talk.here"), h.placeButtons(ctx, r)...), nil
}

// spokenLanguage answers in the language of a sentence that is plainly in the
// other one. Who has chosen none keeps it.
func (h *Room) spokenLanguage(ctx context.Context, r talk.Request) talk.Request {
	spoken := r.Understood.Language
	if spoken == "" || spoken == r.Lang {
		return r
	}
	if r.Session.Language == "" && !r.Wish {
		if err := h.db.SetLanguage(ctx, r.Asker(), spoken); err != nil {
			h.Logger.WarnContext(ctx, "the language of a sentence could not be kept", "error", err)
		}
	}
	r.Lang = spoken
	return r
}
