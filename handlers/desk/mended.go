package desk

import (
	"strconv"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// reasonAddress is the reason of a ticket about an old address in the
// directory: the argument of a guide's "go: person address".
const reasonAddress = "address"

// MendedJobs tells of an address that an import has mended whom it kept from
// linking, and officers who have a thread about it. What it says shows neither
// the address nor whose it is. language is the officers'.
func MendedJobs(m store.Mended, language string) []store.Job {
	n := strconv.FormatInt(m.Ticket.ID, 10)
	jobs := []store.Job{talk.Tell("mended "+n, talk.Push{
		To: bot.Account(m.Ticket.Account), Language: m.Ticket.Language, Key: "desk.mended",
		Buttons: []talk.PushButton{{Key: "button.newcode", Action: talk.CodeAgain.With("")}},
	})}
	for _, room := range m.Rooms {
		jobs = append(jobs, talk.Tell("mended "+n, talk.Push{
			To: bot.Account(room), Where: &bot.Origin{Subject: n}, Language: language, Key: "desk.mended.officers", Values: []string{"number", n},
		}))
	}
	return jobs
}
