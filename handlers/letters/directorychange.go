package letters

import (
	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// ChangeJobs gives what tells an employee's chat accounts of a change that an
// import of the directory makes: of another address, to which their codes and
// links go from then on, of another NIP, or that they are no longer active.
func ChangeJobs(c store.LinkedChange) ([]store.Job, error) {
	p := talk.Push{Key: "directory.address", Values: []string{"email", bsre.Mask(c.After.Email)}}
	switch {
	case c.Now != "":
		p = talk.Push{Key: "directory.replaced"}
	case c.Before.Active && !c.After.Active:
		p = talk.Push{Key: "directory.inactive"}
	case c.Before.Email == c.After.Email:
		return nil, nil // active again, which needs no word
	}
	var jobs []store.Job
	for _, a := range c.Accounts {
		p.To = bot.Account(a)
		jobs = append(jobs, talk.Tell("", p))
	}
	return jobs, nil
}
