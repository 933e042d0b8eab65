package status

import (
	"context"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/store"
	"strings"
	"time"
)

// statusFresh: a kept status younger than this is not written again.
const statusFresh = time.Minute

// status tells what BSrE says of the employee's certificate, and what helps.
func (h *Room) status(ctx context.Context, r talk.Request) (bot.Reply, error) {
	answer, _, err := h.Told(ctx, r)
	return answer, err
}

// Told is status with the status itself; an empty one when BSrE did not
// tell it.
func (h *Room) Told(ctx context.Context, r talk.Request) (bot.Reply, store.Status, error) {
	if answer, done, err := h.NeedLinkFor(ctx, r, "status"); done || err != nil {
		return answer, store.Status{}, err
	}
	st, err := h.Ask(ctx, r)
	if err != nil {
		answer, failed := h.statusUnreachable(ctx, r, err)
		return answer, store.Status{}, failed
	}
	return h.Answer(r, st, ""), st, nil
}

// Ask asks BSrE and keeps the answer for the day on which BSrE is out
// of reach.
func (h *Room) Ask(ctx context.Context, r talk.Request) (store.Status, error) {
	e := r.Session.Employee
	got, err := h.client.Status(ctx, talk.Person(e))
	h.Met(ctx, talk.BSrE, e.NIP, err)
	if err != nil {
		return store.Status{}, fmt.Errorf("ask status: %w", err)
	}
	st := store.Status{Value: got.Value, Message: got.Message, Asked: r.Now}
	kept := r.Session.Status
	if kept.Value != st.Value || r.Now.Sub(kept.Asked) > statusFresh {
		if err := h.db.SaveStatus(ctx, e.NIP, st); err != nil {
			return store.Status{}, fmt.Errorf("keep status: %w", err)
		}
	}
	if err := h.Audit(ctx, r, store.Event{Action: "status", Outcome: "told", Detail: pages.StatusWord(st.Value)}); err != nil {
		return store.Status{}, err
	}
	return h.withEnd(ctx, r, st)
}

// statusUnreachable shows the last known status, honestly marked, when BSrE
// does not answer; any other error is not the person's to know.
func (h *Room) statusUnreachable(ctx context.Context, r talk.Request, err error) (bot.Reply, error) {
	kind := h.Troubled(err)
	if kind != talk.Down && kind != talk.Closed {
		return bot.Reply{}, err
	}
	h.Logger.WarnContext(ctx, "BSrE did not tell a status", "error", err)
	if err := h.Audit(ctx, r, store.Event{Action: "status", Outcome: "unreachable"}); err != nil {
		return bot.Reply{}, err
	}
	again := h.Clock(h.TryAgain(r.Now), r.Now)
	retry := []bot.Button{r.Primary("button.again", talk.Cmd, "status"), r.Button("button.await", talk.Await, "status")}
	down, old := "status.down", "status.old"
	if kind == talk.Closed { // trying again helps nobody
		down, old = "status.closed", "status.oldclosed"
	}
	kept := r.Session.Status
	if kept.Value == "" {
		text := r.Say(down, "again", again)
		if kind == talk.Closed {
			text += h.HelpdeskLine(r)
		}
		return kind.Answer(talk.Reply(text, retry...)), nil
	}
	kept, err = h.withEnd(ctx, r, kept)
	if err != nil {
		return bot.Reply{}, err
	}
	note := r.Say(old, "time", h.Clock(kept.Asked, r.Now), "again", again)
	if kept.Value == pages.Issue { // its advice would lead to what cannot be done now
		return kind.Answer(talk.Reply(note+"\n\n"+h.statusHead(r, kept)+"\n\n"+r.Say("status.later"), retry...)), nil
	}
	answer := h.Answer(r, kept, note)
	answer.Messages[0].Buttons = talk.Rows(retry)
	return kind.Answer(answer), nil
}

// Answer is BSrE's own sentence with its colour, when it was asked, the
// advice for the status and the next button.
func (h *Room) Answer(r talk.Request, st store.Status, note string) bot.Reply {
	parts := []string{h.statusHead(r, st)}
	if note != "" {
		parts = append([]string{note}, parts...)
	}
	advice, buttons := h.advice(r, st.Value)
	parts = append(parts, advice)
	return talk.At(pages.StatusPlace(st.Value), talk.Reply(strings.Join(parts, "\n\n"), buttons...))
}

// statusHead is BSrE's own sentence with its colour, and until when the
// certificate is good.
func (h *Room) statusHead(r talk.Request, st store.Status) string {
	head := r.Say("status.head", "colour", pages.Light(st.Value), "status", h.StatusName(r.Lang, st.Value), "sentence", sentence(r, st), "time", h.Clock(st.Asked, r.Now))
	if key := endKey(st.Value); !st.EndDate.IsZero() && key != "" {
		head += "\n" + r.Say(key, "date", h.Day(st.EndDate))
	}
	return head
}

// endKey is the text that tells the end of a certificate with a status.
func endKey(status string) string {
	switch status {
	case pages.Issue:
		return "status.end"
	case "EXPIRED":
		return "status.ended"
	}
	return ""
}

// sentence is BSrE's sentence, or its word where it said nothing. One that only
// names its own word ISSUE is told in people's words.
func sentence(r talk.Request, st store.Status) string {
	if st.Value == pages.Issue && strings.Contains(st.Message, pages.Issue) {
		return r.Say("status.sentence.ISSUE")
	}
	if strings.TrimSpace(st.Message) == "" {
		return st.Value
	}
	return st.Message
}
