package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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
func (h *Handlers) advice(r request, status string) (string, []bot.Button) {
	g, ok := h.Guides.Guide(statusGuide)
	if !ok {
		return "", h.homeButtons(r)
	}
	view, err := g.View(statusStep(status), h.situation(r))
	if err != nil {
		// Impossible: New has looked at every one of them.
		h.Logger.Error("no advice for a status", "status", word(status), "error", err)
		return "", h.homeButtons(r)
	}
	return "**" + view.Title + "**\n" + view.Body, append(adviceButtons(view.Choices), r.button("button.help", "cmd", "help"))
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
		b.Action = bot.Action{Name: "cmd", Arg: "resetpin"}
	case guides.ChoiceStatus:
		b.Action = bot.Action{Name: "cmd", Arg: "status"}
	case guides.ChoiceGuide:
		b.Action = bot.Action{Name: "walk.start", Arg: c.Target}
	case guides.ChoiceHelpdesk:
		b.Action = bot.Action{Name: "helpdesk"}
	case guides.ChoicePhone:
		b.Action = bot.Action{Name: "reset.phone"}
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
	if _, ok := h.Guides.Guide(resetGuide); !ok {
		return fmt.Errorf("guides: there is no guide %q", resetGuide)
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
		for _, lang := range []string{Indonesian, English} {
			if _, err := g.View(step, h.situation(request{language: lang, texts: h.Texts})); err != nil {
				return fmt.Errorf("guides: advice %q: %w", step, err)
			}
		}
	}
	return nil
}

// helpdesk is whom to ask, in words that fit into a sentence.
func (h *Handlers) helpdesk(r request) string {
	if h.Settings.HelpdeskContact != "" {
		return h.Settings.HelpdeskContact
	}
	return r.say("walk.someone")
}

// signingApp is where people sign, in words that fit into a sentence.
func (h *Handlers) signingApp(r request) string {
	return cmp.Or(h.Settings.SigningApp, r.say("walk.app"))
}

// mailbox is the employee's official address, masked, or the words for it.
func (h *Handlers) mailbox(r request) string {
	if r.session.Linked {
		return bsre.Mask(r.session.Employee.Email)
	}
	return r.say("walk.mailbox")
}

// stepTitle names the page that the person is at for the help desk, in its
// language; a dash when they are on no way.
func (h *Handlers) stepTitle(r request) string {
	if g, ok := h.Guides.Guide(r.session.Walk.Guide); ok && h.walking(r) {
		s := h.situation(r)
		s.Language = h.Settings.DefaultLanguage
		if view, err := g.View(r.session.Walk.Step, s); err == nil {
			return view.Title
		}
	}
	return "–"
}

// callHelp tells the help desk's chats that somebody is stuck, and the person
// whom they can ask themselves.
func (h *Handlers) callHelp(ctx context.Context, r request) (bot.Reply, error) {
	step := h.stepTitle(r)
	var jobs []store.Job
	for _, chat := range h.Settings.HelpdeskChats {
		if !r.session.Linked {
			break
		}
		job, err := newJob(jobPush, "help:"+owner(r)+":"+chat.String(), push{To: chat, Language: h.Settings.DefaultLanguage, Key: "walk.officer",
			Values: []string{"name", r.session.Employee.Name, "unit", dash(r.session.Employee.Unit), "step", step, "platform", platformName(r.Account.Platform)}})
		if err != nil {
			return bot.Reply{}, err
		}
		jobs = append(jobs, job)
	}
	nip, place := "…", cmp.Or(h.place(r), r.say("walk.begin"))
	if r.session.Linked {
		nip = r.session.Employee.NIP
	}
	text, outcome := r.say("walk.nohelp", "nip", nip, "place", place), "nobody"
	if len(jobs) > 0 {
		again, err := h.Store.Spend(ctx, r.session.Employee.NIP, helpCall, r.now, store.Budget{Most: 1, Within: 10 * time.Minute}, store.Budget{Most: 10, Within: 24 * time.Hour})
		if err != nil {
			return bot.Reply{}, fmt.Errorf("call help: %w", err)
		}
		text, outcome = r.say("walk.help", "nip", nip, "place", place), "called"
		if !again.IsZero() {
			text, outcome, jobs = r.say("walk.helptold", "time", h.clock(again, r.now)), "told before", nil
		}
	}
	if err := h.Store.Record(ctx, line(r, store.Event{Action: "help", Outcome: outcome, Detail: r.session.Walk.Step}), jobs...); err != nil {
		if outcome == "called" { // nobody was: the update is done again
			err = errors.Join(err, h.Store.Refund(context.WithoutCancel(ctx), r.session.Employee.NIP, helpCall, r.now))
		}
		return bot.Reply{}, fmt.Errorf("call help: %w", err)
	}
	return reply(text+h.helpdeskLine(r), h.homeButtons(r)...), nil
}

// helpCall is what a call for help spends: officers are told once in ten
// minutes of one employee, and ten times a day.
const helpCall = "help call"
