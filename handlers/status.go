package handlers

import (
	"context"
	"errors"
	"fmt"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// issue is the one status in which a certificate can sign and its passphrase
// can be reset.
const issue = "ISSUE"

// statusFresh: a kept status younger than this is not written again.
const statusFresh = time.Minute

// status tells what BSrE says of the employee's certificate, and what helps.
func (h *Handlers) status(ctx context.Context, r talk.Request) (bot.Reply, error) {
	answer, _, err := h.statusTold(ctx, r)
	return answer, err
}

// statusTold is status with the status itself; an empty one when BSrE did not
// tell it.
func (h *Handlers) statusTold(ctx context.Context, r talk.Request) (bot.Reply, store.Status, error) {
	if answer, done, err := h.NeedLinkFor(ctx, r, "status"); done || err != nil {
		return answer, store.Status{}, err
	}
	st, err := h.askStatus(ctx, r)
	if err != nil {
		answer, failed := h.statusUnreachable(ctx, r, err)
		return outageAnswer(answer, err), store.Status{}, failed
	}
	return h.statusAnswer(r, st, ""), st, nil
}

// statusInGuide tells the status to somebody who walks through a guide. An
// active certificate is what the last step of every guide but the reset's is
// for: that ends the walk.
func (h *Handlers) statusInGuide(ctx context.Context, r talk.Request) (bot.Reply, error) {
	answer, st, err := h.statusTold(ctx, r)
	w := r.Session.Walk
	g, ok := h.Guides.Guide(w.Guide)
	if err != nil || !ok || st.Value != issue || w.Guide == talk.ResetGuide || g.Settle(w.Step) != g.Steps()[len(g.Steps())-1] {
		return answer, err
	}
	if _, err := h.Store.MoveWalk(ctx, w.ID, w.Version, w.Step, store.WalkDone, r.Now, ended(r, w, store.WalkDone)...); err != nil && !errors.Is(err, store.ErrStale) {
		return bot.Reply{}, fmt.Errorf("end walk: %w", err)
	}
	return answer, nil
}

// askStatus asks BSrE and keeps the answer for the day on which BSrE is out
// of reach.
func (h *Handlers) askStatus(ctx context.Context, r talk.Request) (store.Status, error) {
	e := r.Session.Employee
	got, err := h.Status.Status(ctx, person(e))
	if err != nil {
		return store.Status{}, fmt.Errorf("ask status: %w", err)
	}
	st := store.Status{Value: got.Value, Message: got.Message, Asked: r.Now}
	kept := r.Session.Status
	if kept.Value != st.Value || r.Now.Sub(kept.Asked) > statusFresh {
		if err := h.Store.SaveStatus(ctx, e.NIP, st); err != nil {
			return store.Status{}, fmt.Errorf("keep status: %w", err)
		}
	}
	if err := h.Audit(ctx, r, store.Event{Action: "status", Outcome: "told", Detail: word(st.Value)}); err != nil {
		return store.Status{}, err
	}
	return h.withEnd(ctx, r, st)
}

// statusUnreachable shows the last known status, honestly marked, when BSrE
// does not answer; any other error is not the person's to know.
func (h *Handlers) statusUnreachable(ctx context.Context, r talk.Request, err error) (bot.Reply, error) {
	if !errors.Is(err, bsre.ErrUnavailable) && !errors.Is(err, bsre.ErrCredentials) {
		return bot.Reply{}, err
	}
	h.Logger.WarnContext(ctx, "BSrE did not tell a status", "error", err)
	if err := h.Audit(ctx, r, store.Event{Action: "status", Outcome: "unreachable"}); err != nil {
		return bot.Reply{}, err
	}
	again := h.Clock(h.outage.again(r.Now), r.Now)
	retry := r.Primary("button.again", talk.Cmd, "status")
	down, old := "status.down", "status.old"
	if errors.Is(err, bsre.ErrCredentials) { // trying again helps nobody
		down, old = "status.closed", "status.oldclosed"
	}
	kept := r.Session.Status
	if kept.Value == "" {
		return talk.Reply(r.Say(down, "again", again)+h.closedLine(r, err), retry), nil
	}
	kept, err = h.withEnd(ctx, r, kept)
	if err != nil {
		return bot.Reply{}, err
	}
	note := r.Say(old, "time", h.Clock(kept.Asked, r.Now), "again", again)
	if kept.Value == issue { // its advice would lead to what cannot be done now
		return talk.Reply(note+"\n\n"+h.statusHead(r, kept)+"\n\n"+r.Say("status.later"), retry), nil
	}
	answer := h.statusAnswer(r, kept, note)
	answer.Messages[0].Buttons = talk.Rows([]bot.Button{retry})
	return answer, nil
}

// statusAnswer is BSrE's own sentence with its colour, when it was asked, the
// advice for the status and the next button.
func (h *Handlers) statusAnswer(r talk.Request, st store.Status, note string) bot.Reply {
	parts := []string{h.statusHead(r, st)}
	if note != "" {
		parts = append([]string{note}, parts...)
	}
	advice, buttons := h.advice(r, st.Value)
	parts = append(parts, advice)
	return talk.At(statusPlace(st.Value), talk.Reply(strings.Join(parts, "\n\n"), buttons...))
}

// statusHead is BSrE's own sentence with its colour, and until when the
// certificate is good.
func (h *Handlers) statusHead(r talk.Request, st store.Status) string {
	head := r.Say("status.head", "colour", colour(st.Value), "status", h.statusName(r, st.Value), "sentence", sentence(r, st), "time", h.Clock(st.Asked, r.Now))
	if key := endKey(st.Value); !st.EndDate.IsZero() && key != "" {
		head += "\n" + r.Say(key, "date", h.Day(st.EndDate))
	}
	return head
}

// endKey is the text that tells the end of a certificate with a status.
func endKey(status string) string {
	switch status {
	case issue:
		return "status.end"
	case "EXPIRED":
		return "status.ended"
	}
	return ""
}

// closedLine says whom to ask when the bot itself is not let in.
func (h *Handlers) closedLine(r talk.Request, err error) string {
	if errors.Is(err, bsre.ErrCredentials) {
		return h.HelpdeskLine(r)
	}
	return ""
}

// statusName is a status in plain words; one that nobody knows is shown as
// it came.
func (h *Handlers) statusName(r talk.Request, value string) string {
	if key := "status.name." + value; h.Texts.Has(key) {
		return r.Say(key)
	}
	return value
}

// sentence is BSrE's sentence, or its word where it said nothing. One that only
// names its own word ISSUE is told in people's words.
func sentence(r talk.Request, st store.Status) string {
	if st.Value == issue && strings.Contains(st.Message, issue) {
		return r.Say("status.sentence.ISSUE")
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

// statusPlace is the place after a status was told, or "" when nothing is to
// be done about it.
func statusPlace(status string) understand.Place {
	switch status {
	case "EXPIRED":
		return understand.StatusExpired
	case "NOT_REGISTERED":
		return understand.StatusUnregistered
	case "NEW":
		return understand.StatusNew
	case "NO_CERTIFICATE":
		return understand.StatusNoCert
	case "SUSPEND", "REVOKE":
		return understand.StatusSuspend
	}
	return ""
}
