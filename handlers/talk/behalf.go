package talk

import (
	"context"
	"fmt"

	"resetpin/bot"
	"resetpin/store"
)

// Jobs that an officer starts for an employee. Each is done by one capability.
const (
	JobNumber JobKind = "behalf-number" // ask BSrE to verify a phone number, and lead the employee on
	JobCode   JobKind = "behalf-code"   // mail a new code to the official address
)

// Behalf is what an officer starts for an employee, and who is told of it.
type Behalf struct {
	NIP      string
	Account  bot.Account // of the employee, who is led on there if it is still theirs
	Language string      // for an employee who chose none
	Number   string      // the whole phone number, in digits, where one is meant
	Begin    string      // a text key: how the employee is told what the officer did
	Officers bot.Origin  // where the outcome is told
	Key      string      // names the deed: it is told once
}

// BehalfJob makes a job of it.
func BehalfJob(kind JobKind, b Behalf) store.Job {
	job := PlainJob(kind, b)
	job.Key = b.Key
	return job
}

// Of gives the request of the employee that a behalf is for. It is false when
// the account is somebody else's by now, of which officers are told.
func (k *Kernel) Of(ctx context.Context, b Behalf) (Request, bool, error) {
	r, err := k.Unasked(ctx, bot.Origin{Account: b.Account, Private: true}, b.Language)
	if err != nil {
		return Request{}, false, err
	}
	r.ID = b.Key
	if r.Session.Linked && r.Session.Employee.NIP == b.NIP {
		return r, true, nil
	}
	return r, false, nil
}

// Officers tells officers what came of what they started.
func (k *Kernel) Officers(ctx context.Context, b Behalf, key string, values ...string) error {
	return k.Deliver(ctx, b.Key+" officers", b.Officers, Reply(k.Texts.Get(k.Settings.DefaultLanguage, key, values...)))
}

// LeadOn tells an employee what an officer did, and what comes now.
func (k *Kernel) LeadOn(ctx context.Context, b Behalf, r Request, answer bot.Reply) error {
	if len(answer.Messages) == 0 {
		answer = Reply(r.Say(b.Begin))
	} else {
		answer.Messages[0].Text = r.Say(b.Begin) + "\n\n" + answer.Messages[0].Text
		answer.Messages[0].Replace = false
	}
	if err := k.Deliver(ctx, b.Key+" employee", r.Origin, answer); err != nil {
		return fmt.Errorf("lead on: %w", err)
	}
	return nil
}
