package talk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"resetpin/bot"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// Choice is a button that stands before a person.
type Choice struct {
	Label  string     `json:"l"`
	Action bot.Action `json:"a"`
}

// Offered gives the choices of the last message, while words still answer it.
// Whether a press of one is too old is for its action to say.
func (r Request) Offered() []Choice {
	o := r.Session.Offer
	var out []Choice
	if o.Choices == "" || r.Now.Sub(o.At) > OfferLifetime || json.Unmarshal([]byte(o.Choices), &out) != nil {
		return nil
	}
	for i := range out {
		out[i].Action.At = o.At
	}
	return out
}

// remember keeps where a reply leaves the person: its place and the buttons of
// its last message that has some. A reply without any leaves all as it was.
func (k *Kernel) remember(ctx context.Context, u bot.Update, before store.Offer, answer bot.Reply, now time.Time) error {
	next := before
	next.Missed = answer.Missed
	for _, m := range answer.Messages {
		var choices []Choice
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Action.Name != "" {
					choices = append(choices, Choice{Label: b.Text, Action: b.Action})
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
	next.By = u.ID
	keep := k.Store.QueueOffer
	if u.Kind == bot.KindAction { // a press does what cannot be done again: who pressed hears that the rest failed
		keep = k.Store.SetOffer
	}
	if err := keep(ctx, store.Account(u.Account), next); err != nil {
		return fmt.Errorf("keep what was offered: %w", err)
	}
	return nil
}

// stillAsked tells whether a message leaves the question about a reset standing
// that was asked before it.
func stillAsked(before store.Offer, m bot.Message, choices []Choice) bool {
	confirm := string(understand.ConfirmReset)
	return m.Place == confirm && before.Place == confirm && !slices.ContainsFunc(choices, func(c Choice) bool { return c.Action.Name == string(ResetOK) })
}

// At names the place that a reply leaves the person at.
func At(place understand.Place, answer bot.Reply) bot.Reply {
	if n := len(answer.Messages); n > 0 {
		answer.Messages[n-1].Place = string(place)
	}
	return answer
}
