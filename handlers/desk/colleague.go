package desk

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre/outside"
	"resetpin/handlers/talk"
	"resetpin/store"
)

const (
	// answerWithin is how long an employee on the telephone has to press.
	answerWithin = 5 * time.Minute
	// checksAnHour bounds how often one employee is asked.
	checksAnHour = 6
)

// jobSilent looks whether an employee has answered in time.
const jobSilent talk.JobKind = "phone-silent"

// The employee's buttons, and the officer's in a ticket.
const (
	callYes talk.Name = "desk.call.yes"
	callNo  talk.Name = "desk.call.no"
	callNow talk.Name = "desk.phone"
)

// callCode makes the code that both see: two numbers that are quickly said.
func callCode() (string, error) {
	var parts []string
	for range 2 {
		n, err := rand.Int(rand.Reader, big.NewInt(90))
		if err != nil {
			return "", fmt.Errorf("make a code: %w", err)
		}
		parts = append(parts, strconv.FormatInt(n.Int64()+10, 10))
	}
	return strings.Join(parts, " – "), nil
}

// calling asks an employee, by the NIP that an officer types, whether it is
// they who are on the telephone.
func (d *Desk) calling(ctx context.Context, r talk.Request) (bot.Reply, error) {
	subject := ""
	if r.Thread != "" {
		var err error
		if subject, err = d.subjectOf(ctx, r); err != nil {
			return bot.Reply{}, err
		}
	}
	if strings.TrimSpace(r.Text) == "" {
		return talk.Reply(d.say("desk.call.how", "command", d.Kernel.TypedHere(r, cmdCall))), nil
	}
	return d.ask(ctx, r, outside.Digits(r.Text), subject)
}

// callFromTicket asks the employee of a ticket.
func (d *Desk) callFromTicket(ctx context.Context, r talk.Request, id int64, _ string) (bot.Reply, error) {
	t, err := d.Store.Ticket(ctx, id)
	if err != nil {
		return bot.Reply{}, err //nolint:wrapcheck // the caller says what for
	}
	if err := mine(r, &t); err != nil {
		return bot.Reply{}, err
	}
	if t.NIP == "" {
		return bot.Reply{}, errOver
	}
	return d.ask(ctx, r, t.NIP, number(t))
}

// ask asks every chat account of an employee, once.
func (d *Desk) ask(ctx context.Context, r talk.Request, nip, subject string) (bot.Reply, error) {
	no := func(key string, values ...string) (bot.Reply, error) {
		if err := d.Store.Record(ctx, store.Event{At: r.Now, Account: r.Asker(), NIP: nip, Action: byOfficers, Outcome: "call " + strings.TrimPrefix(key, "desk.call.")}); err != nil {
			return bot.Reply{}, fmt.Errorf("write audit: %w", err)
		}
		return talk.Reply(d.say(key, values...)), nil
	}
	e, err := d.Store.Employee(ctx, nip)
	switch {
	case talk.NotFound(err):
		return no("desk.call.unknown")
	case err != nil:
		return bot.Reply{}, fmt.Errorf("read employee: %w", err)
	case !e.Active:
		return no("desk.call.inactive", "name", e.Name)
	}
	links, err := d.proven(ctx, nip, r.Now)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(links) == 0 {
		return no("desk.call.unlinked", "name", e.Name)
	}
	until, err := d.Store.Spend(ctx, nip, "phone check", r.Now, store.Budget{Most: checksAnHour, Within: time.Hour})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("ask an employee: %w", err)
	}
	if !until.IsZero() {
		return no("desk.call.many", "name", e.Name, "time", d.Kernel.Clock(until, r.Now))
	}
	code, err := callCode()
	if err != nil {
		return bot.Reply{}, err
	}
	wanted := store.PhoneCheck{NIP: nip, Officer: r.Asker(), Room: d.placeOf(r), Subject: subject, Code: code, Asked: r.Now}
	questions, err := d.questions(ctx, links, wanted)
	if err != nil {
		return bot.Reply{}, err
	}
	c, _, err := d.Store.AskPhoneCheck(ctx, wanted, r.Account.String()+" "+r.ID, r.Now.Add(-answerWithin), func(c store.PhoneCheck) store.Deed {
		silent := talk.PlainJob(jobSilent, c.ID)
		silent.Key, silent.RunAt = strconv.FormatInt(c.ID, 10), r.Now.Add(answerWithin)
		return store.Deed{
			Lines: []store.Event{r.Line(store.Event{NIP: nip, Action: byOfficers, Outcome: "call", Detail: subject})},
			Jobs:  append(questions(c), silent),
		}
	})
	if err != nil {
		return bot.Reply{}, fmt.Errorf("ask an employee: %w", err)
	}
	if c.Officer != r.Asker() {
		name, err := d.officer(ctx, d.language(), c.Officer)
		if err != nil {
			return bot.Reply{}, err
		}
		return no("desk.call.second", "name", e.Name, "officer", name)
	}
	return talk.Reply(d.say("desk.call.asked", "name", e.Name, "code", c.Code, "where", whereOf(links), "minutes", strconv.Itoa(int(answerWithin.Minutes())))), nil
}

// proven gives an employee's accounts whose link is not too old.
func (d *Desk) proven(ctx context.Context, nip string, now time.Time) ([]store.Link, error) {
	links, err := d.Store.Links(ctx, nip)
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	life := d.Kernel.Settings.LinkTTL
	return slices.DeleteFunc(links, func(l store.Link) bool { return life > 0 && now.Sub(l.Verified) > life }), nil
}

func whereOf(links []store.Link) string {
	var where []string
	for _, l := range links {
		where = append(where, talk.PlatformName(l.Account.Platform))
	}
	return strings.Join(where, ", ")
}

// placeOf is where an officer is told: their room, or the private chat of one
// who works elsewhere.
func (d *Desk) placeOf(r talk.Request) store.Account {
	if room := talk.Room(r.Update); slices.Contains(d.Rooms, room) {
		return store.Account(room)
	}
	return r.Asker()
}

// questions are what an employee is asked, in each account in its language.
func (d *Desk) questions(ctx context.Context, links []store.Link, c store.PhoneCheck) (func(store.PhoneCheck) []store.Job, error) {
	asked := make([]talk.Request, len(links))
	names := make([]string, len(links))
	for i, l := range links {
		var err error
		if asked[i], err = d.Kernel.Unasked(ctx, bot.Origin{Account: bot.Account(l.Account), Private: true}, ""); err != nil {
			return nil, err //nolint:wrapcheck // it says what was read
		}
		if names[i], err = d.officer(ctx, asked[i].Lang, c.Officer); err != nil {
			return nil, err
		}
	}
	return func(c store.PhoneCheck) []store.Job {
		var jobs []store.Job
		id := strconv.FormatInt(c.ID, 10)
		for i, r := range asked {
			question := talk.Reply(r.Say("desk.call.question", "officer", names[i], "code", c.Code), r.Primary("desk.call.yes", callYes, id), r.Danger("desk.call.no", callNo, id))
			jobs = append(jobs, talk.SayJob("", r.Origin, question))
		}
		return jobs
	}, nil
}
