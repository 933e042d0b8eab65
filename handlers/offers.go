package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// Sentences tells what typed words mean, and gives PINs away.
type Sentences interface {
	Understand(in understand.Input) understand.Result
}

// offerLifetime is how long words answer what was offered last.
const offerLifetime = time.Hour

// choice is a button that stands before a person.
type choice struct {
	Label  string     `json:"l"`
	Action bot.Action `json:"a"`
}

// offered gives the choices of the last message, while words still answer it.
// Whether a press of one is too old is for its action to say.
func offered(r request) []choice {
	o := r.session.Offer
	var out []choice
	if o.Choices == "" || r.now.Sub(o.At) > offerLifetime || json.Unmarshal([]byte(o.Choices), &out) != nil {
		return nil
	}
	for i := range out {
		out[i].Action.At = o.At
	}
	return out
}

// remember keeps where a reply leaves the person: its place and the buttons of
// its last message that has some. A reply without any leaves all as it was.
func (h *Handlers) remember(ctx context.Context, a bot.Account, before store.Offer, answer bot.Reply, now time.Time) error {
	next := before
	next.Missed = answer.Missed
	for _, m := range answer.Messages {
		var choices []choice
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Action.Name != "" {
					choices = append(choices, choice{Label: b.Text, Action: b.Action})
				}
			}
		}
		if len(choices) == 0 && m.Place == "" || stillAsked(before, m, choices) {
			continue
		}
		data, err := json.Marshal(choices)
		if err != nil {
			return fmt.Errorf("keep what was offered: %w", err)
		}
		next.Place, next.Choices, next.At = m.Place, string(data), now
	}
	if next == before {
		return nil
	}
	if err := h.Store.SetOffer(ctx, store.Account(a), next); err != nil {
		return fmt.Errorf("keep what was offered: %w", err)
	}
	return nil
}

// stillAsked tells whether a message leaves the question about a reset standing
// that was asked before it.
func stillAsked(before store.Offer, m bot.Message, choices []choice) bool {
	confirm := string(understand.ConfirmReset)
	return m.Place == confirm && before.Place == confirm && !slices.ContainsFunc(choices, func(c choice) bool { return c.Action.Name == "reset.ok" })
}

// at names the place that a reply leaves the person at.
func at(place understand.Place, answer bot.Reply) bot.Reply {
	if n := len(answer.Messages); n > 0 {
		answer.Messages[n-1].Place = string(place)
	}
	return answer
}

// whereabouts is where the person is: what was asked for, what the last message
// says, the step of the walk, or at home.
func (h *Handlers) whereabouts(r request) understand.Place {
	if r.session.Prompt != store.PromptNone && r.now.Sub(r.session.PromptAt) <= promptLifetime && !r.session.Offer.At.After(r.session.PromptAt.Add(time.Minute)) {
		switch r.session.Prompt {
		case store.PromptNIP:
			return understand.AskNIP
		case store.PromptCode:
			return understand.AskCode
		case store.PromptPhone:
			return understand.AskPhone
		}
	}
	if r.session.Offer.Place != "" && r.now.Sub(r.session.Offer.At) <= offerLifetime {
		return understand.Place(r.session.Offer.Place)
	}
	if h.walking(r) {
		return stepPlace(r.session.Walk)
	}
	if r.session.Walk.Guide == resetGuide && r.session.Walk.State == store.WalkDone && r.now.Sub(r.session.Walk.Moved) < offerLifetime {
		return understand.StepDone // people look back for a while, and have a new PIN in mind
	}
	if r.session.Linked {
		return understand.HomeLinked
	}
	return understand.HomeUnlinked
}

// stepPlace is the place of a walk's step. Steps that have none of their own
// are like the first.
func stepPlace(w store.Walk) understand.Place {
	step := guides.StepOf(w.Step)
	if p, err := understand.ParsePlace("step:" + step); err == nil && w.Guide == resetGuide {
		return p
	}
	if w.Guide == resetGuide {
		return understand.StepMail
	}
	return understand.StepMailbox
}

// statusPlace is the place after a status was told, or "" when nothing is to
// be done about it.
func statusPlace(status string) understand.Place {
	switch status {
	case "EXPIRED":
		return understand.StatusExpired
	case "NOT_REGISTERED":
		return understand.StatusUnregistered
	case "NEW":
		return understand.StatusNew
	case "NO_CERTIFICATE":
		return understand.StatusNoCert
	case "SUSPEND", "REVOKE":
		return understand.StatusSuspend
	}
	return ""
}
