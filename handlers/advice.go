package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"resetpin/handlers/talk"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// statusGuide holds the advice for every status, one step each, and one for
// a status that nobody knows.
const (
	statusGuide   = "status"
	unknownAdvice = "other"
)

// advice is what helps at a status, with the buttons that lead there.
func (h *Handlers) advice(r talk.Request, status string) (string, []bot.Button) {
	g, ok := h.Guides.Guide(statusGuide)
	if !ok {
		return "", h.HomeButtons(r)
	}
	view, err := g.View(statusStep(status), h.situation(r))
	if err != nil {
		// Impossible: New has looked at every one of them.
		h.Logger.Error("no advice for a status", "status", word(status), "error", err)
		return "", h.HomeButtons(r)
	}
	return "**" + view.Title + "**\n" + view.Body, append(adviceButtons(view.Choices), r.Button("button.help", talk.Cmd, "help"))
}

// adviceButtons makes the choices of a page that belongs to no walk into
// buttons.
func adviceButtons(choices []guides.Choice) []bot.Button {
	var buttons []bot.Button
	for _, c := range choices {
		if b, ok := adviceButton(c); ok {
			buttons = append(buttons, b)
		}
	}
	return buttons
}

// adviceSteps names the step of the status guide for each of BSrE's statuses.
func adviceSteps() map[string]string {
	return map[string]string{
		"ISSUE": "issue", "EXPIRED": "expired", "RENEW": "renew", "WAITING_FOR_VERIFICATION": "waiting", "NEW": "new",
		"NO_CERTIFICATE": "none", "NOT_REGISTERED": "unregistered", "SUSPEND": "suspend", "REVOKE": "revoke",
	}
}

// statusStep is the step of the status guide for a status.
func statusStep(status string) string { return cmp.Or(adviceSteps()[status], unknownAdvice) }

func adviceButton(c guides.Choice) (bot.Button, bool) {
	b := bot.Button{Text: c.Label}
	if c.Primary {
		b.Style = bot.StylePrimary
	}
	switch c.Kind {
	case guides.ChoiceReset:
		b.Action = talk.Cmd.With("resetpin")
	case guides.ChoiceStatus:
		b.Action = talk.Cmd.With("status")
	case guides.ChoiceGuide:
		b.Action = talk.WalkStart.With(c.Target)
	case guides.ChoiceHelpdesk:
		b.Action = talk.Helpdesk.With("")
	case guides.ChoicePhone:
		b.Action = talk.Phone.With("")
	default:
		return bot.Button{}, false
	}
	return b, true
}

// checkGuides makes sure at start-up that every status has its advice and
// that the reset has its guide, in every language.
func (h *Handlers) checkGuides() error {
	if len(h.Settings.ResetSites) == 0 || len(h.Settings.ResetSenders) == 0 {
		return fmt.Errorf("handlers: no reset site or sender is set")
	}
	if _, ok := h.Guides.Guide(talk.ResetGuide); !ok {
		return fmt.Errorf("guides: there is no guide %q", talk.ResetGuide)
	}
	g, ok := h.Guides.Guide(statusGuide)
	if !ok {
		return fmt.Errorf("guides: there is no guide %q", statusGuide)
	}
	steps := []string{unknownAdvice}
	for _, step := range adviceSteps() {
		steps = append(steps, step)
	}
	for _, step := range steps {
		for _, lang := range []string{talk.Indonesian, talk.English} {
			if _, err := g.View(step, h.situation(talk.Request{Lang: lang, Texts: h.Texts})); err != nil {
				return fmt.Errorf("guides: advice %q: %w", step, err)
			}
		}
	}
	return nil
}

// signingApp is where people sign, in words that fit into a sentence.
func (h *Handlers) signingApp(r talk.Request) string {
	return cmp.Or(h.Settings.SigningApp, r.Say("walk.app"))
}

// mailbox is the employee's official address, masked, or the words for it.
func (h *Handlers) mailbox(r talk.Request) string {
	if r.Session.Linked {
		return bsre.Mask(r.Session.Employee.Email)
	}
	return r.Say("walk.mailbox")
}

// stepTitle names the page that the person is at for the help desk, in its
// language; a dash when they are on no way.
func (h *Handlers) stepTitle(r talk.Request) string {
	if g, ok := h.Guides.Guide(r.Session.Walk.Guide); ok && r.Walking() {
		s := h.situation(r)
		s.Language = h.Settings.DefaultLanguage
		if view, err := g.View(r.Session.Walk.Step, s); err == nil {
			return view.Title
		}
	}
	return "–"
}

// callHelp tells the help desk's chats that somebody is stuck, and the person
// whom they can ask themselves.
func (h *Handlers) callHelp(ctx context.Context, r talk.Request) (bot.Reply, error) {
	step := h.stepTitle(r)
	var jobs []store.Job
	for _, chat := range h.Settings.HelpdeskChats {
		if !r.Session.Linked {
			break
		}
		job, err := talk.NewJob(talk.JobPush, "help:"+r.Owner()+":"+chat.String(), talk.Push{To: chat, Language: h.Settings.DefaultLanguage, Key: "walk.officer",
			Values: []string{"name", r.Session.Employee.Name, "unit", talk.Dash(r.Session.Employee.Unit), "step", step, "platform", talk.PlatformName(r.Account.Platform)}})
		if err != nil {
			return bot.Reply{}, err
		}
		jobs = append(jobs, job)
	}
	nip, place := "…", cmp.Or(h.place(r), r.Say("walk.begin"))
	if r.Session.Linked {
		nip = r.Session.Employee.NIP
	}
	text, outcome := r.Say("walk.nohelp", "nip", nip, "place", place), "nobody"
	if len(jobs) > 0 {
		again, err := h.Store.Spend(ctx, r.Session.Employee.NIP, helpCall, r.Now, store.Budget{Most: 1, Within: 10 * time.Minute}, store.Budget{Most: 10, Within: 24 * time.Hour})
		if err != nil {
			return bot.Reply{}, fmt.Errorf("call help: %w", err)
		}
		text, outcome = r.Say("walk.help", "nip", nip, "place", place), "called"
		if !again.IsZero() {
			text, outcome, jobs = r.Say("walk.helptold", "time", h.Clock(again, r.Now)), "told before", nil
		}
	}
	if err := h.Store.Record(ctx, r.Line(store.Event{Action: "help", Outcome: outcome, Detail: r.Session.Walk.Step}), jobs...); err != nil {
		if outcome == "called" { // nobody was: the update is done again
			err = errors.Join(err, h.Store.Refund(context.WithoutCancel(ctx), r.Session.Employee.NIP, helpCall, r.Now))
		}
		return bot.Reply{}, fmt.Errorf("call help: %w", err)
	}
	return talk.Reply(text+h.HelpdeskLine(r), h.HomeButtons(r)...), nil
}

// helpCall is what a call for help spends: officers are told once in ten
// minutes of one employee, and ten times a day.
const helpCall = "help call"
