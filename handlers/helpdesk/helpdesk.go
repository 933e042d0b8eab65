package helpdesk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
	"time"
)

// stepTitle names the page that the person is at for the help desk, in its
// language; a dash when they are on no way.
func (h *Room) stepTitle(r talk.Request) string {
	if g, ok := h.Guides.Guide(r.Session.Walk.Guide); ok && r.Walking() {
		s := h.Situation(r)
		s.Language = h.Settings.DefaultLanguage
		if view, err := g.View(r.Session.Walk.Step, s); err == nil {
			return view.Title
		}
	}
	return "–"
}

// callHelp tells the help desk's chats that somebody is stuck, and the person
// whom they can ask themselves.
func (h *Room) callHelp(ctx context.Context, r talk.Request) (bot.Reply, error) {
	step := h.stepTitle(r)
	var jobs []store.Job
	for _, chat := range h.Settings.HelpdeskChats {
		if !r.Session.Linked {
			break
		}
		jobs = append(jobs, talk.Tell("", talk.Push{To: chat, Language: h.Settings.DefaultLanguage, Key: "walk.officer",
			Values: []string{"name", r.Session.Employee.Name, "unit", talk.Dash(r.Session.Employee.Unit), "step", step, "platform", talk.PlatformName(r.Account.Platform)}}))
	}
	nip, place := "…", cmp.Or(h.PlaceWords(r), r.Say("walk.begin"))
	if r.Session.Linked {
		nip = r.Session.Employee.NIP
	}
	text, outcome := r.Say("walk.nohelp", "nip", nip, "place", place), "nobody"
	if len(jobs) > 0 {
		again, err := h.db.Spend(ctx, r.Session.Employee.NIP, helpCall, r.Now, store.Budget{Most: 1, Within: 10 * time.Minute}, store.Budget{Most: 10, Within: 24 * time.Hour})
		if err != nil {
			return bot.Reply{}, fmt.Errorf("call help: %w", err)
		}
		text, outcome = r.Say("walk.help", "nip", nip, "place", place), "called"
		if !again.IsZero() {
			text, outcome, jobs = r.Say("walk.helptold", "time", h.Clock(again, r.Now)), "told before", nil
		}
	}
	if err := h.db.Record(ctx, r.Line(store.Event{Action: "help", Outcome: outcome, Detail: r.Session.Walk.Step}), jobs...); err != nil {
		if outcome == "called" { // nobody was: the update is done again
			err = errors.Join(err, h.db.Refund(context.WithoutCancel(ctx), r.Session.Employee.NIP, helpCall, r.Now))
		}
		return bot.Reply{}, fmt.Errorf("call help: %w", err)
	}
	return talk.Reply(text+h.HelpdeskLine(r), h.HomeButtons(r)...), nil
}

// helpCall is what a call for help spends: officers are told once in ten
// minutes of one employee, and ten times a day.
const helpCall = "help call"
