package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// issue is the one status in which a certificate can sign and its passphrase
// can be reset.
const issue = "ISSUE"

const (
	statusFresh  = time.Minute     // a kept status younger than this is not written again
	endDateFresh = 24 * time.Hour  // the end of a certificate is asked for once a day
	endDateWait  = 3 * time.Second // and never waited for longer
)

// status tells what BSrE says of the employee's certificate, and what helps.
func (h *Handlers) status(ctx context.Context, r request) (bot.Reply, error) {
	answer, _, err := h.statusTold(ctx, r)
	return answer, err
}

// statusTold is status with the status itself; an empty one when BSrE did not
// tell it.
func (h *Handlers) statusTold(ctx context.Context, r request) (bot.Reply, store.Status, error) {
	if answer, done, err := h.needLinkFor(ctx, r, "status"); done || err != nil {
		return answer, store.Status{}, err
	}
	st, err := h.askStatus(ctx, r)
	if err != nil {
		answer, err := h.statusUnreachable(ctx, r, err)
		return answer, store.Status{}, err
	}
	return h.statusAnswer(r, st, ""), st, nil
}

// statusInGuide tells the status to somebody who walks through a guide. An
// active certificate is what the last step of every guide but the reset's is
// for: that ends the walk.
func (h *Handlers) statusInGuide(ctx context.Context, r request) (bot.Reply, error) {
	answer, st, err := h.statusTold(ctx, r)
	w := r.session.Walk
	g, ok := h.Guides.Guide(w.Guide)
	if err != nil || !ok || st.Value != issue || w.Guide == resetGuide || g.Settle(w.Step) != g.Steps()[len(g.Steps())-1] {
		return answer, err
	}
	if _, err := h.Store.MoveWalk(ctx, w.ID, w.Version, w.Step, store.WalkDone, r.now); err != nil && !errors.Is(err, store.ErrStale) {
		return bot.Reply{}, fmt.Errorf("end walk: %w", err)
	}
	return answer, h.audit(ctx, r, store.Event{Action: "walk", Outcome: string(store.WalkDone), Detail: placeOf(w)})
}

// askStatus asks BSrE and keeps the answer for the day on which BSrE is out
// of reach.
func (h *Handlers) askStatus(ctx context.Context, r request) (store.Status, error) {
	e := r.session.Employee
	end := h.endDate(ctx, r)
	got, err := h.Status.Status(ctx, person(e))
	st := store.Status{Value: got.Value, Message: got.Message, Asked: r.now, EndDate: got.EndDate}
	if known, ok := <-end; ok && st.EndDate.IsZero() {
		st.EndDate = known
	}
	if err != nil {
		return store.Status{}, fmt.Errorf("ask status: %w", err)
	}
	kept := r.session.Status
	if kept.Value != st.Value || !kept.EndDate.Equal(st.EndDate) || r.now.Sub(kept.Asked) > statusFresh {
		if err := h.Store.SaveStatus(ctx, e.NIP, st); err != nil {
			return store.Status{}, fmt.Errorf("keep status: %w", err)
		}
	}
	return st, h.audit(ctx, r, store.Event{Action: "status", Outcome: "told", Detail: word(st.Value)})
}

// endDate gives the end of the certificate as it is kept, or asks the portal
// beside the status when that was not done today. The channel is closed
// without a value when nobody tells.
func (h *Handlers) endDate(ctx context.Context, r request) <-chan time.Time {
	out := make(chan time.Time, 1)
	kept := r.session.Status
	if !kept.EndDate.IsZero() && r.now.Sub(kept.Asked) < endDateFresh {
		out <- kept.EndDate
		close(out)
		return out
	}
	finder, ok := h.Resetter.(interface{ KnowsEndDate() bool })
	if !ok || !finder.KnowsEndDate() {
		close(out)
		return out
	}
	go func() {
		defer close(out)
		ctx, cancel := context.WithTimeout(ctx, endDateWait)
		defer cancel()
		subject, err := h.Resetter.Lookup(ctx, person(r.session.Employee))
		if err != nil {
			h.Logger.DebugContext(ctx, "the portal did not tell the certificate's end", "error", err)
			return
		}
		if !subject.EndDate.IsZero() {
			out <- subject.EndDate
		}
	}()
	return out
}

// statusUnreachable shows the last known status, honestly marked, when BSrE
// does not answer; any other error is not the person's to know.
func (h *Handlers) statusUnreachable(ctx context.Context, r request, err error) (bot.Reply, error) {
	if !errors.Is(err, bsre.ErrUnavailable) && !errors.Is(err, bsre.ErrCredentials) {
		return bot.Reply{}, err
	}
	h.Logger.WarnContext(ctx, "BSrE did not tell a status", "error", err)
	if err := h.audit(ctx, r, store.Event{Action: "status", Outcome: "unreachable"}); err != nil {
		return bot.Reply{}, err
	}
	again := h.clock(h.outage.again(r.now), r.now)
	retry := r.primary("button.again", "cmd", "status")
	kept := r.session.Status
	if kept.Value == "" {
		return reply(r.say("status.down", "again", again), retry), nil
	}
	note := r.say("status.old", "time", h.clock(kept.Asked, r.now), "again", again)
	if kept.Value == issue { // its advice would lead to what cannot be done now
		return reply(note+"\n\n"+h.statusHead(r, kept)+"\n\n"+r.say("status.later"), retry), nil
	}
	answer := h.statusAnswer(r, kept, note)
	answer.Messages[0].Buttons = rows([]bot.Button{retry})
	return answer, nil
}

// statusAnswer is BSrE's own sentence with its colour, when it was asked, the
// advice for the status and the next button.
func (h *Handlers) statusAnswer(r request, st store.Status, note string) bot.Reply {
	parts := []string{h.statusHead(r, st)}
	if note != "" {
		parts = append([]string{note}, parts...)
	}
	advice, buttons := h.advice(r, st.Value)
	parts = append(parts, advice)
	return reply(strings.Join(parts, "\n\n"), buttons...)
}

// statusHead is BSrE's own sentence with its colour, and until when the
// certificate is good.
func (h *Handlers) statusHead(r request, st store.Status) string {
	head := r.say("status.head", "colour", colour(st.Value), "status", h.statusName(r, st.Value), "sentence", sentence(r, st), "time", h.clock(st.Asked, r.now))
	if !st.EndDate.IsZero() {
		head += "\n" + r.say("status.end", "date", h.day(st.EndDate))
	}
	return head
}

// statusName is a status in plain words; one that nobody knows is shown as
// it came.
func (h *Handlers) statusName(r request, value string) string {
	if key := "status.name." + value; h.Texts.Has(key) {
		return r.say(key)
	}
	return value
}

// sentence is BSrE's sentence, or its word where it said nothing. One that only
// names its own word ISSUE is told in people's words.
func sentence(r request, st store.Status) string {
	if st.Value == issue && strings.Contains(st.Message, issue) {
		return r.say("status.sentence.ISSUE")
	}
	if strings.TrimSpace(st.Message) == "" {
		return st.Value
	}
	return st.Message
}

// colour marks a status the way a traffic light does.
func colour(status string) string {
	switch status {
	case issue:
		return "🟢"
	case "RENEW", "WAITING_FOR_VERIFICATION", "NEW":
		return "🟡"
	case "EXPIRED", "NO_CERTIFICATE", "NOT_REGISTERED", "SUSPEND", "REVOKE":
		return "🔴"
	}
	return "⚪"
}

// word bounds a status for the audit trail: BSrE's word, never free text.
func word(status string) string {
	if colour(status) == "⚪" {
		return "OTHER"
	}
	return status
}

func person(e store.Employee) bsre.Person {
	return bsre.Person{NIK: e.NIK, NIP: e.NIP, Email: e.Email}
}
