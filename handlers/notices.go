package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"resetpin/handlers/talk"
	"time"

	"resetpin/bot"
	"resetpin/store"
)

// newLink is a link that was made, to be told to the accounts that were there
// before.
type newLink struct {
	NIP string
	By  bot.Account
	At  time.Time
}

// linkJobs tells of a new link whom it concerns: the account that the
// employee used before on this platform, their accounts elsewhere, and the
// official address.
func (h *Handlers) linkJobs(_ context.Context, r talk.Request) func(nip string, displaced []store.Account) []store.Job {
	return func(nip string, displaced []store.Account) []store.Job {
		jobs := []store.Job{
			talk.PlainJob(jobLinks, newLink{NIP: nip, By: r.Account, At: r.Now}),
			talk.PlainJob(jobMail, mailPayload{NIP: nip, Template: "linked", Language: r.Lang, Platform: r.Account.Platform, Chat: h.Store.Reference(r.Asker()), At: r.Now}),
		}
		for _, a := range displaced {
			jobs = append(jobs, talk.PlainJob(talk.JobPush, talk.Push{To: bot.Account(a), Key: "link.displaced"}))
		}
		return jobs
	}
}

// tellLinked tells the employee's other accounts, which can cut the new one.
func (h *Handlers) tellLinked(ctx context.Context, payload []byte) error {
	var n newLink
	if err := json.Unmarshal(payload, &n); err != nil {
		return fmt.Errorf("%w: read new link: %w", store.ErrJobCancel, err)
	}
	links, err := h.Store.Links(ctx, n.NIP)
	if err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	platform := talk.PlatformName(n.By.Platform)
	var jobs []store.Job
	for _, l := range links {
		if bot.Account(l.Account) == n.By {
			continue
		}
		jobs = append(jobs, talk.PlainJob(talk.JobPush, talk.Push{
			To: bot.Account(l.Account), Key: "link.elsewhere",
			Values:  []string{"platform", platform, "time", h.Clock(n.At, h.Now()), "chat", h.Store.Reference(store.Account(n.By))},
			Buttons: []talk.PushButton{{Key: "link.cut", Values: []string{"platform", platform}, Action: talk.LinkCut.With(n.By.Platform)}},
		}))
	}
	if len(jobs) == 0 {
		return nil
	}
	if err := h.Store.Enqueue(ctx, jobs...); err != nil {
		return fmt.Errorf("tell of a new link: %w", err)
	}
	return nil
}

// unlinker is who cut a link that was not their own chat's.
type unlinker string

const (
	byOfficer unlinker = "officer"
	bySelf    unlinker = "self" // the employee, from another account
)

// RevokedJobs tells the accounts that an officer cut, and the official
// address.
func RevokedJobs(nip string, accounts []store.Account, at time.Time) []store.Job {
	return unlinkedJobs(nip, accounts, byOfficer, "", at)
}

func unlinkedJobs(nip string, accounts []store.Account, by unlinker, language string, at time.Time) []store.Job {
	jobs := []store.Job{talk.PlainJob(jobMail, mailPayload{NIP: nip, Template: "unlinked", Language: language, By: by, At: at})}
	for _, a := range accounts {
		jobs = append(jobs, talk.PlainJob(talk.JobPush, talk.Push{To: bot.Account(a), Key: "link.wascut." + string(by)}))
	}
	return jobs
}

// FreedJob tells a chat that an officer let it ask for codes until a time, in
// the zone in which people are shown times.
func FreedJob(a store.Account, now, until time.Time, zone *time.Location) store.Job {
	return talk.PlainJob(talk.JobPush, talk.Push{
		To: bot.Account(a), Key: "link.freed", Values: []string{"until", talk.Clock(zone, until, now)},
		Buttons: []talk.PushButton{{Key: "button.newcode", Action: talk.CodeAgain.With("")}},
	})
}
