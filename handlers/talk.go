package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// talk answers typed words by what they mean where the person is. Words are as
// good as buttons: they do what a press of the button would.
func (h *Handlers) talk(ctx context.Context, r request) (bot.Reply, error) {
	if strings.TrimSpace(understand.Clean(r.Text)) == "" {
		return h.lostHere(ctx, r)
	}
	res := r.understood
	r = h.spokenLanguage(ctx, r)
	var answer bot.Reply
	var err error
	page, named := h.problemNamed(r)
	switch {
	case named:
		answer, err = h.meanPage(ctx, r, page)
	case res.Secret == understand.SecretMaybe && res.Meaning != understand.PIN:
		answer = reply(r.say("guard.ask"), h.placeButtons(ctx, r)...)
	case res.Meaning == understand.Choice:
		answer, err = h.pressTyped(ctx, r, offered(r)[res.Choice].Action)
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
func (h *Handlers) pressTyped(ctx context.Context, r request, a bot.Action) (bot.Reply, error) {
	r.Action, r.Text = a, ""
	return h.action(ctx, r)
}

// mean does what a sentence means.
func (h *Handlers) mean(ctx context.Context, r request, res understand.Result) (bot.Reply, error) {
	switch res.Meaning {
	case understand.NIP:
		return h.enterNIP(ctx, r, res.Value)
	case understand.Code:
		return h.enterCode(ctx, r, res.Value)
	case understand.Phone:
		r.Text = res.Value
		return h.enterPhone(ctx, r)
	case understand.Thanks:
		return reply(r.say("thanks")), nil
	case understand.Greeting:
		return h.start(ctx, noText(r))
	case understand.Helpdesk:
		if res.Answer == "proxy" {
			return reply(r.say("talk.proxy"), h.placeButtons(ctx, r)...), nil
		}
		return h.pressTyped(ctx, r, bot.Action{Name: "helpdesk"})
	case understand.Problem:
		if res.Value != "" {
			return h.wrongNumber(ctx, r, res.Value)
		}
	case understand.TextOnly:
		return h.pressTyped(ctx, r, bot.Action{Name: "mode", Arg: "text"})
	case understand.Unknown:
		return reply(r.say("talk.offtopic"), h.placeButtons(ctx, r)...), nil
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
		return h.pressTyped(ctx, r, bot.Action{Name: "browser", Arg: name})
	}
	return h.meanChoice(ctx, r, res.Meaning)
}

// wrongNumber says what is wrong with a number that is not the one awaited.
func (h *Handlers) wrongNumber(ctx context.Context, r request, number string) (bot.Reply, error) {
	r.Text = number
	switch h.whereabouts(r) {
	case understand.AskCode:
		return h.enterCode(ctx, r, number)
	case understand.AskPhone:
		return h.enterPhone(ctx, r)
	}
	return h.enterNIP(ctx, r, number)
}

func noText(r request) request {
	r.Text, r.Command = "", ""
	return r
}

// meanCommand runs a command as if it was typed. A language that was named is
// taken at once.
func (h *Handlers) meanCommand(ctx context.Context, r request, name, answer string) (bot.Reply, error) {
	if name == "bahasa" && answer != "" {
		return h.pressTyped(ctx, r, bot.Action{Name: "lang", Arg: answer})
	}
	c := h.findCommand(name)
	if c == nil {
		return h.lostHere(ctx, r)
	}
	return c.run(h, ctx, noText(r))
}

// meanGuide answers a question: about fraud at once, else with the guide that
// does.
func (h *Handlers) meanGuide(ctx context.Context, r request, name, answer string) (bot.Reply, error) {
	given := r.primary("talk.reset", "cmd", "resetpin")
	call := r.button("button.helpdesk", "helpdesk", "")
	switch {
	case name == "phishing" && answer == "given":
		return reply(r.say("talk.given"), given, call), nil
	case name == "phishing":
		return reply(r.say("talk.fraud"), r.button("talk.already", "given", ""), call,
			bot.Button{Text: h.Guides.Title(name, r.language), Action: bot.Action{Name: "walk.start", Arg: name}}), nil
	}
	if _, ok := h.Guides.Guide(name); !ok {
		return reply(r.say("lost"), h.placeButtons(ctx, r)...), nil
	}
	return h.offerGuide(r, name), nil
}

// givenAway tells what to do after a secret was given away.
func (h *Handlers) givenAway(ctx context.Context, r request) (bot.Reply, error) {
	return h.meanGuide(ctx, r, "phishing", "given")
}

// meanPage opens a page about a trouble beside the step where the person is,
// or shows it by itself to somebody who is on no way.
func (h *Handlers) meanPage(ctx context.Context, r request, page string) (bot.Reply, error) {
	g, ok := h.Guides.Guide(resetGuide)
	if !ok || !g.Has(page) {
		return h.lostHere(ctx, r)
	}
	w := r.session.Walk
	if h.walking(r) && w.Guide == resetGuide && !r.Wish {
		moved, err := h.Store.MoveWalk(ctx, w.ID, w.Version, guides.StepOf(w.Step)+"+"+page, store.WalkActive, r.now)
		if err != nil {
			return bot.Reply{}, fmt.Errorf("open page: %w", err)
		}
		r.session.Walk = moved
		return h.shown(ctx, r)
	}
	view, err := h.view(ctx, r, g, page)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("show page: %w", err)
	}
	return reply("**"+view.Title+"**\n\n"+view.Body, append(adviceButtons(view.Choices), h.homeButtons(r)...)...), nil
}

// problemNamed gives the page of the present step's problem that was typed in
// the words of its button, which may not stand in the chat yet.
func (h *Handlers) problemNamed(r request) (page string, ok bool) {
	g, ok := h.Guides.Guide(resetGuide)
	w := r.session.Walk
	if !ok || !h.walking(r) || w.Guide != resetGuide {
		return "", false
	}
	s := h.situation(r)
	list, _, err := g.Move(guides.StepOf(g.Settle(w.Step)), guides.ChoiceProblem, "", s)
	if err != nil {
		return "", false
	}
	view, err := g.View(list, s)
	if err != nil {
		return "", false
	}
	plain := func(text string) string { return strings.Trim(understand.Clean(text), " .!?") }
	i := slices.IndexFunc(view.Choices, func(c guides.Choice) bool {
		return c.Kind == guides.ChoicePage && strings.EqualFold(plain(r.Text), plain(c.Label))
	})
	if i < 0 {
		return "", false
	}
	return view.Choices[i].Target, true
}

// meanChoice does what yes, no, next, back and their like mean where the
// person is.
func (h *Handlers) meanChoice(ctx context.Context, r request, m understand.Meaning) (bot.Reply, error) {
	if a, ok := h.choiceFor(r, m); ok {
		return h.pressTyped(ctx, r, a)
	}
	switch m {
	case understand.Stop, understand.No:
		if r.Wish {
			return h.wishedHere(r), nil
		}
		if err := h.Store.SetPrompt(ctx, r.account(), store.PromptNone, r.now); err != nil {
			return bot.Reply{}, fmt.Errorf("set prompt: %w", err)
		}
		return h.cancel(ctx, r)
	case understand.Back, understand.Again, understand.Problem:
		return h.againHere(ctx, r, m)
	}
	return h.lostHere(ctx, r)
}

// choiceFor finds the button that a meaning presses.
func (h *Handlers) choiceFor(r request, m understand.Meaning) (bot.Action, bool) {
	find := func(names ...bot.Action) (bot.Action, bool) {
		for _, c := range offered(r) {
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
		a, ok = find(bot.Action{Name: "reset.ok"}, bot.Action{Name: "unlink.ok"}, bot.Action{Name: "worked", Arg: "yes"})
	case understand.No, understand.Stop:
		a, ok = find(bot.Action{Name: "cancel"}, bot.Action{Name: "worked", Arg: "no"})
	case understand.Again:
		a, ok = find(bot.Action{Name: "reset.new"}, bot.Action{Name: "cmd", Arg: "resetpin"})
		ok = ok && slices.Contains([]understand.Place{understand.Down, understand.Limited}, h.whereabouts(r))
	}
	if ok || !h.walking(r) {
		return a, ok
	}
	kind, ok := walkChoice(m)
	w := r.session.Walk
	if w.Step != guides.StepOf(w.Step) && (kind == guides.ChoiceNext || kind == guides.ChoiceDone) {
		kind = guides.ChoiceBack // from a page beside it, the way on is the step
	}
	return bot.Action{Name: "walk", Arg: press{walk: w.ID, version: w.Version, kind: kind}.arg()}, ok
}

// walkChoice is the choice of a step that a meaning makes.
func walkChoice(m understand.Meaning) (guides.ChoiceKind, bool) {
	kind, ok := map[understand.Meaning]guides.ChoiceKind{
		understand.Next: guides.ChoiceNext, understand.Back: guides.ChoiceBack, understand.Stop: guides.ChoiceStop,
		understand.Problem: guides.ChoiceProblem, understand.No: guides.ChoiceProblem, understand.Yes: guides.ChoiceDone,
	}[m]
	return kind, ok
}

// againHere says once more what stands before the person.
func (h *Handlers) againHere(ctx context.Context, r request, m understand.Meaning) (bot.Reply, error) {
	switch h.whereabouts(r) {
	case understand.AskNIP:
		return h.askNIP(ctx, r, "link.ask")
	case understand.AskCode:
		if m == understand.Back {
			return h.askNIP(ctx, r, "link.ask")
		}
		return reply(r.say("talk.code"), r.primary("button.newcode", "code.again", ""), r.button("button.othernip", "code.nip", ""), r.button("button.helpdesk", "helpdesk", "")), nil
	case understand.AskPhone:
		return reply(r.say("phone.shape"), r.button("button.cancel", "cancel", "")), nil
	case understand.ConfirmReset:
		return h.resetAnew(ctx, r)
	}
	if h.walking(r) {
		return h.walkResume(ctx, r)
	}
	return reply(r.say("talk.here"), h.placeButtons(ctx, r)...), nil
}

// spokenLanguage answers in the language of a sentence that is plainly in the
// other one. Who has chosen none keeps it.
func (h *Handlers) spokenLanguage(ctx context.Context, r request) request {
	spoken := r.understood.Language
	if spoken == "" || spoken == r.language {
		return r
	}
	if r.session.Language == "" && !r.Wish {
		if err := h.Store.SetLanguage(ctx, r.account(), spoken); err != nil {
			h.Logger.WarnContext(ctx, "the language of a sentence could not be kept", "error", err)
		}
	}
	r.language = spoken
	return r
}
