package handlers

import (
	"context"
	"encoding/json"
	"fmt"
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
func (h *Handlers) linkJobs(_ context.Context, r request) func(nip string, displaced []store.Account) []store.Job {
	return func(nip string, displaced []store.Account) []store.Job {
		jobs := []store.Job{
			plainJob(jobLinks, newLink{NIP: nip, By: r.Account, At: r.now}),
			plainJob(jobMail, mailPayload{NIP: nip, Template: "linked", Language: r.language, Platform: r.Account.Platform, Chat: h.Store.Reference(r.account()), At: r.now}),
		}
		for _, a := range displaced {
			jobs = append(jobs, plainJob(jobPush, push{To: bot.Account(a), Key: "link.displaced"}))
		}
		return jobs
	}
}

// tellLinked tells the employee's other accounts, which can cut the new one.
func (w *Worker) tellLinked(ctx context.Context, payload []byte) error {
	var n newLink
	if err := json.Unmarshal(payload, &n); err != nil {
		return fmt.Errorf("%w: read new link: %w", store.ErrJobCancel, err)
	}
	links, err := w.Store.Links(ctx, n.NIP)
	if err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	platform := platformName(n.By.Platform)
	var jobs []store.Job
	for _, l := range links {
		if bot.Account(l.Account) == n.By {
			continue
		}
		jobs = append(jobs, plainJob(jobPush, push{
			To: bot.Account(l.Account), Key: "link.elsewhere",
			Values:  []string{"platform", platform, "time", w.clock(n.At, w.Now()), "chat", w.Store.Reference(store.Account(n.By))},
			Buttons: []pushButton{{Key: "link.cut", Values: []string{"platform", platform}, Action: bot.Action{Name: "link.cut", Arg: n.By.Platform}}},
		}))
	}
	if len(jobs) == 0 {
		return nil
	}
	if err := w.Store.Enqueue(ctx, jobs...); err != nil {
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
	jobs := []store.Job{plainJob(jobMail, mailPayload{NIP: nip, Template: "unlinked", Language: language, By: by, At: at})}
	for _, a := range accounts {
		jobs = append(jobs, plainJob(jobPush, push{To: bot.Account(a), Key: "link.wascut." + string(by)}))
	}
	return jobs
}

// FreedJob tells a chat that an officer let it ask for codes until a time, in
// the zone in which people are shown times.
func FreedJob(a store.Account, now, until time.Time, zone *time.Location) store.Job {
	return plainJob(jobPush, push{
		To: bot.Account(a), Key: "link.freed", Values: []string{"until", clock(zone, until, now)},
		Buttons: []pushButton{{Key: "button.newcode", Action: bot.Action{Name: "code.again"}}},
	})
}
