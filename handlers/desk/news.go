package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// Telegram lets a bot say 20 things a minute in a group, all topics together
// (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
// A new ticket is two of them, so officers are told of new ones at most every
// newsEvery, and not while the room is behind with what else is said in it:
// carried words go first. What has come meanwhile is told in one message.
const (
	newsEvery = 12 * time.Second
	behind    = 2               // so many messages wait in a room
	newsAtAll = 2 * time.Minute // a ticket waits no longer for the words of others
)

// newsTold bounds how many tickets one message tells of.
const newsTold = 20

// newsJob tells of new tickets, at a time; zero: at once. Several calls are
// one job.
func newsJob(at time.Time) store.Job {
	key := "now"
	if !at.IsZero() {
		key = "later"
	}
	return store.Job{Kind: string(jobNews), Key: key, RunAt: at, Payload: []byte("{}")}
}

// news tells officers of the tickets that they have not been told of.
func (d *Desk) news(ctx context.Context, _ []byte) error {
	all, err := d.Store.OpenTickets(ctx)
	if err != nil {
		return fmt.Errorf("read tickets: %w", err)
	}
	var fresh []store.Ticket
	var last time.Time
	for _, t := range all {
		if t.State == store.TicketWaiting && t.Announced.IsZero() {
			fresh = append(fresh, t)
		}
		if t.Announced.After(last) {
			last = t.Announced
		}
	}
	now := d.Now()
	switch wait := last.Add(newsEvery).Sub(now); {
	case len(fresh) == 0:
		return nil
	case wait > 0 && wait <= newsEvery: // told a moment ago
		if err := d.Store.Record(ctx, store.Event{At: now, Action: audited, Outcome: "gathered", Detail: strconv.Itoa(len(fresh))}, newsJob(now.Add(wait))); err != nil {
			return fmt.Errorf("tell of tickets later: %w", err)
		}
		return nil
	}
	if now.Sub(fresh[0].Opened) < newsAtAll {
		full, err := d.behind(ctx)
		if err != nil {
			return err
		}
		if full {
			return d.Store.Record(ctx, store.Event{At: now, Action: audited, Outcome: "gathered", Detail: strconv.Itoa(len(fresh))}, newsJob(now.Add(newsEvery))) //nolint:wrapcheck // it says what was written
		}
	}
	return d.announce(ctx, fresh, now)
}

// behind tells whether a room has not been told yet what is to be said there.
func (d *Desk) behind(ctx context.Context) (bool, error) {
	for _, room := range d.Rooms {
		waiting, err := d.Store.AccountInbox(ctx, room.String(), behind)
		if err != nil {
			return false, fmt.Errorf("look how far a room is behind: %w", err)
		}
		if len(waiting) >= behind {
			return true, nil
		}
	}
	return false, nil
}

// announce tells of one ticket in its own thread, of several in one message:
// the others get their thread when somebody takes them.
func (d *Desk) announce(ctx context.Context, fresh []store.Ticket, now time.Time) error {
	fresh = fresh[:min(len(fresh), newsTold)]
	var lines []string
	var buttons []bot.Button
	for _, t := range fresh {
		lines = append(lines, d.line(t, now))
		buttons = append(buttons, bot.Button{Text: d.Kernel.Texts.Plain(d.language(), "desk.button.takenumber", "number", number(t)), Action: take.With(number(t) + ".l")})
	}
	text := d.say("desk.news", "count", strconv.Itoa(len(fresh))) + "\n\n" + strings.Join(lines, "\n")
	var jobs []store.Job
	for _, room := range d.Rooms {
		switch {
		case len(fresh) == 1 && d.Members[room.Platform] == nil: // no threads there
			card, err := d.card(ctx, fresh[0])
			if err != nil {
				return err
			}
			jobs = append(jobs, toThread(fresh[0], room, bot.Reply{Messages: []bot.Message{card}}))
			continue
		case len(fresh) == 1:
			jobs = append(jobs, toThread(fresh[0], room, bot.Reply{})) // its card opens the thread
			continue
		}
		jobs = append(jobs, talk.SayJob("", bot.Origin{Account: room}, talk.Reply(text, buttons...)))
	}
	var ids []int64
	for _, t := range fresh {
		ids = append(ids, t.ID)
	}
	err := d.Store.AnnounceTickets(ctx, ids, now, jobs...)
	if errors.Is(err, store.ErrStale) { // another replica tells of them, or somebody has taken one
		return nil
	}
	if err != nil {
		return fmt.Errorf("tell of tickets: %w", err)
	}
	return nil
}

// line is a ticket in a list.
func (d *Desk) line(t store.Ticket, now time.Time) string {
	f := read(t)
	return "- " + d.say("desk.line", "number", number(t), "name", d.whose(t), "unit", talk.Dash(f.Unit), "age", d.age(now.Sub(t.Opened)))
}

// age says how long something has waited.
func (d *Desk) age(long time.Duration) string {
	switch {
	case long < time.Minute:
		return d.say("desk.now")
	case long < time.Hour:
		return d.say("desk.minutes", "count", strconv.Itoa(int(long.Minutes())))
	case long < 48*time.Hour:
		return d.say("desk.hoursold", "count", strconv.Itoa(int(long.Hours())))
	}
	return d.say("desk.days", "count", strconv.Itoa(int(long.Hours()/24)))
}

// How long tickets wait before officers are reminded of them, once.
const (
	untaken = 30 * time.Minute // of office hours
	silent  = 24 * time.Hour
)

// Look brings up tickets that nobody takes or speaks in, and tells of new ones
// whose job was lost.
func (d *Desk) Look(ctx context.Context) error {
	if len(d.Rooms) == 0 {
		return nil
	}
	all, err := d.Store.OpenTickets(ctx)
	if err != nil {
		return fmt.Errorf("read tickets: %w", err)
	}
	now := d.Now()
	for _, t := range all {
		if key := d.due(t, now); key != "" {
			if err := d.raise(ctx, t.ID, key, now); err != nil {
				return err
			}
		}
	}
	return d.news(ctx, nil)
}

// due tells what is to be said about a ticket that nobody cares for; "" when
// nothing is.
func (d *Desk) due(t store.Ticket, now time.Time) string {
	switch {
	case t.Announced.IsZero() || !t.Raised.IsZero():
		return ""
	case t.State == store.TicketWaiting && d.Hours.Between(t.Spoken, now) >= untaken:
		return "desk.raise.untaken"
	case t.State == store.TicketTaken && now.Sub(latest(t.Spoken, t.Taken)) >= silent:
		return "desk.raise.silent"
	}
	return ""
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (d *Desk) raise(ctx context.Context, id int64, key string, now time.Time) error {
	_, err := d.Store.ChangeTicket(ctx, id, func(t *store.Ticket) (store.TicketDeed, error) {
		if d.due(*t, now) != key {
			return store.TicketDeed{}, nil
		}
		t.Raised = now
		deed := store.TicketDeed{Key: "raised " + strconv.FormatInt(t.Spoken.UnixMilli(), 10), Lines: []store.Event{{At: now, NIP: t.NIP, Action: audited, Outcome: "raised", Detail: number(*t)}}}
		for _, room := range d.Rooms {
			deed.Jobs = append(deed.Jobs, toThread(*t, room, talk.Reply(d.say(key, "number", number(*t), "name", d.whose(*t), "age", d.age(now.Sub(t.Spoken))), d.cardButtons(*t)...)))
		}
		return deed, nil
	})
	if err != nil {
		return fmt.Errorf("bring ticket %d up: %w", id, err)
	}
	return nil
}
