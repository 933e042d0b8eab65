package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/talk"
	"resetpin/store"
)

const (
	several    = 3                // people whom a system failed one after the other: it is wrong for everybody
	within     = 10 * time.Minute // of each other
	aloneAfter = 10 * time.Minute // employees are told without an officer's word
	calm       = 2 * time.Minute  // it served, and failed nobody: it is over
	noteEvery  = 30 * time.Second // while it lasts
)

// health is how a system serves people, as this process sees it.
type health struct {
	failed, served time.Time // last
	noted          time.Time // when a failure was written down last
	failing        bool      // since somebody was served last
	lasts          bool      // a disturbance, as this process knows
}

func (h *Room) healthOf(s talk.System) *health {
	one := h.systems[s]
	if one == nil {
		one = &health{}
		h.systems[s] = one
	}
	return one
}

// Failed hears that a system failed somebody; see talk.Watch.
func (h *Room) Failed(ctx context.Context, s talk.System, who string) {
	now := h.Now()
	h.mu.Lock()
	one := h.healthOf(s)
	one.failed, one.failing = now, true
	note := !one.lasts || now.Sub(one.noted).Abs() >= noteEvery
	if note {
		one.noted = now
	}
	h.mu.Unlock()
	if !note {
		return
	}
	_, err := h.db.NoteFailure(ctx, string(s), who, now, now.Add(-within), several, func(d store.Disturbance) store.Deed {
		id := strconv.FormatInt(d.ID, 10)
		text := h.say("notice.seen", "what", h.system(d), "count", strconv.Itoa(several), "time", h.Clock(d.Began, now), "minutes", strconv.Itoa(int(aloneAfter.Minutes())))
		if s == talk.Session {
			text += "\n\n" + h.say("notice.seen.session")
		}
		return store.Deed{
			Lines: []store.Event{{At: now, Action: audited, Outcome: "seen", Detail: d.What}},
			Jobs:  h.tellRooms("gangguan seen "+id, bot.Account{}, talk.Reply(text, h.button("notice.button.tell", announce, id), h.button("notice.button.hide", hide, id))),
		}
	})
	if err != nil {
		h.Logger.ErrorContext(ctx, "it could not be noted whom a system failed", "system", s, "error", err)
	}
}

// Served hears that a system served somebody; see talk.Watch.
func (h *Room) Served(ctx context.Context, s talk.System) {
	h.mu.Lock()
	one := h.healthOf(s)
	one.served = h.Now()
	forget := one.failing && !one.lasts
	one.failing = false
	h.mu.Unlock()
	if !forget {
		return
	}
	if err := h.db.ForgetFailures(ctx, string(s)); err != nil {
		h.Logger.ErrorContext(ctx, "it could not be noted that a system serves people again", "system", s, "error", err)
	}
}

// public tells whether employees are told of a disturbance now.
func (h *Room) public(d store.Disturbance, now time.Time) bool {
	return !d.Hidden && !d.Began.After(now) && (!d.Confirmed.IsZero() || now.Sub(d.Began) >= aloneAfter)
}

// words is what an employee is told of what is wrong for everybody with what
// they ask for; see talk.Notice. What was served this moment is not told of:
// it works again.
func (h *Room) words(ctx context.Context, r talk.Request, about talk.Concern) (string, error) {
	all, err := h.db.Disturbances(ctx)
	if err != nil {
		return "", fmt.Errorf("read disturbances: %w", err)
	}
	all = slices.DeleteFunc(all, func(d store.Disturbance) bool {
		return !slices.Contains(about.Systems(), talk.System(d.What)) || !h.public(d, r.Now)
	})
	byOfficer := slices.IndexFunc(all, func(d store.Disturbance) bool { return d.Source == store.ByOfficer })
	if byOfficer >= 0 { // they know more than the bot
		all = slices.DeleteFunc(all, func(d store.Disturbance) bool { return d.Source == store.ByBot })
	} else {
		all = slices.DeleteFunc(all, func(d store.Disturbance) bool { return h.servesNow(talk.System(d.What)) })
	}
	var told []string
	for _, d := range all {
		told = append(told, h.toEmployee(r.Lang, d, r))
	}
	return strings.Join(told, "\n\n"), nil
}

func (h *Room) servesNow(s talk.System) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := h.systems[s]
	return one != nil && !one.failing && !one.served.IsZero() && !one.served.Before(one.failed)
}

// toEmployee is a disturbance in an employee's language.
func (h *Room) toEmployee(lang string, d store.Disturbance, r talk.Request) string {
	text := h.Texts.Get(lang, "notice.head", "what", h.Texts.Get(lang, "notice.for."+d.What), "time", h.Clock(d.Began, r.Now))
	if d.Until.After(r.Now) {
		text += " " + h.Texts.Get(lang, "notice.until", "time", h.Clock(d.Until, r.Now))
	}
	var own inWords
	if len(d.Words) > 0 && json.Unmarshal(d.Words, &own) != nil {
		own = nil // of a later version
	}
	switch said := own[lang]; {
	case said != "":
		return text + "\n" + guides.Verbatim(said)
	case d.Source == store.ByBot:
		return text + "\n" + h.Texts.Get(lang, "notice.officersknow")
	}
	return text + "\n" + h.Texts.Get(lang, "notice.standard")
}

// watchOver ends disturbances that are over, and reminds of announcements that
// have outlived their expected end.
func (h *Room) watchOver(ctx context.Context) error {
	all, err := h.db.Disturbances(ctx)
	if err != nil {
		return fmt.Errorf("read disturbances: %w", err)
	}
	h.mu.Lock()
	for s, one := range h.systems {
		one.lasts = slices.ContainsFunc(all, func(d store.Disturbance) bool { return d.Source == store.ByBot && d.What == string(s) })
	}
	h.mu.Unlock()
	var mistakes []error
	for _, d := range all {
		switch now := h.Now(); {
		case d.Source == store.ByBot:
			mistakes = append(mistakes, h.overAgain(ctx, d, now))
		case !d.Until.IsZero() && !d.Until.After(now):
			mistakes = append(mistakes, h.remind(ctx, d, now))
		}
	}
	return errors.Join(mistakes...)
}

// remind tells officers once of an announcement that has outlived its expected
// end.
func (h *Room) remind(ctx context.Context, d store.Disturbance, now time.Time) error {
	h.mu.Lock()
	done := h.overdue[d.ID]
	h.overdue[d.ID] = true
	h.mu.Unlock()
	if done {
		return nil
	}
	id := strconv.FormatInt(d.ID, 10)
	answer := talk.Reply(h.say("notice.overdue", "what", h.system(d), "time", h.Clock(d.Until, now)), h.button("notice.button.off", end, id))
	if err := h.db.Enqueue(ctx, h.tellRooms("gangguan overdue "+id, bot.Account{}, answer)...); err != nil {
		return fmt.Errorf("remind of an announcement: %w", err)
	}
	return nil
}

// overAgain ends what the bot saw once it serves people and has failed nobody
// for a while, and tells officers.
func (h *Room) overAgain(ctx context.Context, d store.Disturbance, now time.Time) error {
	h.mu.Lock()
	one := h.healthOf(talk.System(d.What))
	served, failed := one.served, one.failed
	h.mu.Unlock()
	if !served.After(failed) || now.Sub(failed) < calm {
		return nil
	}
	last, err := h.db.LastFailure(ctx, d.What) // of other replicas too
	if err != nil || !served.After(last) || now.Sub(last) < calm {
		return err //nolint:wrapcheck // it says what was read
	}
	lasts, err := h.db.ChangeDisturbance(ctx, d.ID, func(d *store.Disturbance) (store.Deed, error) {
		d.Ended = now
		id := strconv.FormatInt(d.ID, 10)
		return store.Deed{
			Lines: []store.Event{{At: now, Action: audited, Outcome: "over", Detail: d.What}},
			Jobs:  h.tellRooms("gangguan over "+id, bot.Account{}, talk.Reply(h.say("notice.over", "what", h.system(*d), "from", h.Clock(d.Began, now), "to", h.Clock(served, now)))),
		}, nil
	})
	if err != nil || !lasts {
		return err //nolint:wrapcheck // it says what was done
	}
	if err := h.db.ForgetFailures(ctx, d.What); err != nil {
		return fmt.Errorf("after a disturbance: %w", err)
	}
	return nil
}
