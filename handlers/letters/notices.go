package letters

import (
	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
	"time"
)

// JobMail and JobLinks are the kinds of durable jobs.
const (
	JobMail  talk.JobKind = "mail"  // a Letter
	JobLinks talk.JobKind = "links" // a NewLink, to the employee's other accounts
)

// NewLink is a link that was made, to be told to the accounts that were there
// before.
type NewLink struct {
	NIP string
	By  bot.Account
	At  time.Time
}

// Unlinker is who cut a link that was not their own chat's.
type Unlinker string

const (
	// ByOfficer is an officer, at the command line.
	ByOfficer Unlinker = "officer"
	// BySelf is the employee, from another account.
	BySelf Unlinker = "self"
)

// RevokedJobs tells the accounts that an officer cut, and the official
// address.
func RevokedJobs(nip string, accounts []store.Account, at time.Time) []store.Job {
	return UnlinkedJobs(nip, accounts, ByOfficer, "", at)
}

// UnlinkedJobs tells the accounts that were cut, and the official address.
func UnlinkedJobs(nip string, accounts []store.Account, by Unlinker, language string, at time.Time) []store.Job {
	jobs := []store.Job{talk.PlainJob(JobMail, Letter{NIP: nip, Template: "unlinked", Language: language, By: by, At: at})}
	for _, a := range accounts {
		jobs = append(jobs, talk.Tell("", talk.Push{To: bot.Account(a), Key: "link.wascut." + string(by)}))
	}
	return jobs
}

// FreedJob tells a chat that an officer let it ask for codes until a time, in
// the zone in which people are shown times.
func FreedJob(a store.Account, now, until time.Time, zone *time.Location) store.Job {
	return talk.Tell("", talk.Push{
		To: bot.Account(a), Key: "link.freed", Values: []string{"until", talk.Clock(zone, until, now)},
		Buttons: []talk.PushButton{{Key: "button.newcode", Action: talk.CodeAgain.With("")}},
	})
}
