package followup

import (
	"context"
	"encoding/json"
	"fmt"
	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"slices"
	"strconv"
	"time"
)

// followUp is a walk that the bot comes back to, and with whom.
type followUp struct {
	Walk     int64
	NIP      string
	Account  bot.Account
	Language string `json:",omitempty"` // as the platform told, for who chose none
	Last     bool   `json:",omitempty"` // the last call before the link's day is over
}

func newFollowUp(r talk.Request, w store.Walk) followUp {
	return followUp{Walk: w.ID, NIP: w.Owner, Account: r.Account, Language: r.Lang}
}

// key names what is said of a walk on a day, so that a job that is done again
// says it once.
func (f followUp) key(now time.Time) string {
	return fmt.Sprintf("walk %d %v %s", f.Walk, f.Last, now.UTC().Format(time.DateOnly))
}

func followUpJob(kind talk.JobKind, f followUp, at time.Time) (store.Job, error) {
	key := strconv.FormatInt(f.Walk, 36) + "." + strconv.FormatInt(at.Unix(), 36)
	job, err := talk.NewJob(kind, key, f)
	job.RunAt = at
	return job, err
}

// RemindLater sees to it that a walk that gets no further is remembered: once
// soon, and once before the link's day is over.
func (h *Room) RemindLater(ctx context.Context, r talk.Request, w store.Walk) error {
	f := newFollowUp(r, w)
	soon, err := followUpJob(jobRemind, f, talk.Awake(h.Settings.Zone, w.Moved.Add(h.reminder)))
	if err != nil {
		return err
	}
	jobs := []store.Job{soon}
	if at := talk.LastCall(h.Settings.Zone, w.Moved); at.After(w.Moved.Add(2 * h.reminder)) {
		f.Last = true
		last, err := followUpJob(jobRemind, f, at)
		if err != nil {
			return err
		}
		jobs = append(jobs, last)
	}
	if err := h.Store.Enqueue(ctx, jobs...); err != nil {
		return fmt.Errorf("remind later: %w", err)
	}
	return nil
}

// AskLater sees to it that somebody who walked to the end is asked once
// whether signing worked. Asking for the same walk again changes nothing.
func (h *Room) AskLater(ctx context.Context, r talk.Request, w store.Walk) error {
	if w.Guide != talk.ResetGuide || !r.Session.Linked {
		return nil
	}
	job, err := followUpJob(jobAsk, newFollowUp(r, w), talk.Awake(h.Settings.Zone, w.Moved.Add(h.question)))
	if err != nil {
		return err
	}
	if err := h.Store.Enqueue(ctx, job); err != nil {
		return fmt.Errorf("ask later: %w", err)
	}
	return nil
}

// remind tells somebody that a link waits, unless they went on, ended the
// walk, or want no reminders.
func (h *Room) remind(ctx context.Context, payload []byte) error {
	f, r, walk, err := h.followed(ctx, payload)
	if err != nil || walk.ID != f.Walk || !h.linkWaits(walk) {
		return err
	}
	left := r.Session.Walk.ID != walk.ID // for another guide, which stops the reset's walk
	if walk.State == store.WalkStopped && !left && !f.Last {
		return nil
	}
	due := r.Now
	if !f.Last {
		due = later(walk.Moved, r.Session.Walk.Moved).Add(h.reminder)
	}
	if at := talk.Awake(h.Settings.Zone, later(due, r.Now)); at.After(r.Now) {
		again, err := followUpJob(jobRemind, f, at)
		if err != nil {
			return err
		}
		return h.Store.Enqueue(ctx, again)
	}
	sent, err := h.linkSent(ctx, walk)
	if err != nil {
		return err
	}
	if sent.In(h.Settings.Zone).YearDay() != r.Now.In(h.Settings.Zone).YearDay() {
		if f.Last {
			return nil // the other reminder says that the link is dead
		}
		return h.Remind(ctx, f.key(r.Now), r.Origin, told(r, r.Say("remind.late"), r.Primary("button.newlink", talk.ResetNew, ""), r.Button("quiet.on", talk.Quiet, "on")))
	}
	key := "remind.soon"
	if f.Last {
		key = "remind.last"
	}
	return h.Remind(ctx, f.key(r.Now), r.Origin, told(r, r.Say(key, "until", h.Moment(h.LinkUntil(sent))), pages.ResumeReset(r), r.Button("quiet.on", talk.Quiet, "on")))
}

// linkSent tells when the link was sent that a walk is about: one that was
// taken up again later began after that.
func (h *Room) linkSent(ctx context.Context, walk store.Walk) (time.Time, error) {
	resets, err := h.db.Resets(ctx, walk.Owner, resetsLookedAt)
	if err != nil {
		return time.Time{}, fmt.Errorf("read resets: %w", err)
	}
	for _, row := range resets {
		if row.State == store.ResetSent || row.State == store.ResetUnknown {
			return row.Updated, nil
		}
	}
	return walk.Started, nil
}

// linkWaits tells whether a walk is at a step before the link was opened.
func (h *Room) linkWaits(walk store.Walk) bool {
	g, ok := h.Guides.Guide(walk.Guide)
	if !ok || walk.Guide != talk.ResetGuide || walk.State == store.WalkDone {
		return false
	}
	steps := g.Steps()
	return slices.Index(steps, guides.StepOf(g.Settle(walk.Step))) <= slices.Index(steps, pages.LinkStep)
}

// ask asks whether signing worked, unless the employee is at it again.
func (h *Room) ask(ctx context.Context, payload []byte) error {
	f, r, walk, err := h.followed(ctx, payload)
	if err != nil || walk.ID != f.Walk || walk.State != store.WalkDone {
		return err
	}
	if at := talk.Awake(h.Settings.Zone, r.Now); at.After(r.Now) {
		again, err := followUpJob(jobAsk, f, at)
		if err != nil {
			return err
		}
		return h.Store.Enqueue(ctx, again)
	}
	return h.Remind(ctx, "worked "+f.key(r.Now), r.Origin, talk.At(understand.WorkedQuestion, told(r, r.Say("worked.ask"),
		r.Primary("worked.yes", talk.Worked, "yes"), r.Button("worked.no", talk.Worked, "no"), r.Button("quiet.on", talk.Quiet, "on"))))
}

// told is a reply as the person wants replies.
func told(r talk.Request, text string, buttons ...bot.Button) bot.Reply {
	return talk.ForReader(r.Session.TextOnly, talk.Reply(text, buttons...))
}

// followed reads what a job is about, and the employee's latest walk through
// the reset: the one they are at may lead through another guide. The walk is
// zero when there is nobody to speak to any more, or they want to be let be.
func (h *Room) followed(ctx context.Context, payload []byte) (followUp, talk.Request, store.Walk, error) {
	var f followUp
	if err := json.Unmarshal(payload, &f); err != nil {
		return f, talk.Request{}, store.Walk{}, fmt.Errorf("%w: read follow-up: %w", store.ErrJobCancel, err)
	}
	r, err := h.Unasked(ctx, bot.Origin{Account: f.Account, Private: true}, f.Language)
	if err != nil {
		return f, talk.Request{}, store.Walk{}, err
	}
	if r.Session.Quiet || !r.Session.Linked || r.Session.Employee.NIP != f.NIP {
		return f, r, store.Walk{}, nil
	}
	walk, err := h.db.GuideWalk(ctx, f.NIP, talk.ResetGuide)
	if talk.NotFound(err) {
		return f, r, store.Walk{}, nil
	}
	return f, r, walk, err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// workedAnswered thanks, or leads to what helps.
func (h *Room) workedAnswered(ctx context.Context, r talk.Request) (bot.Reply, error) {
	outcome := "no"
	if r.Action.Arg == "yes" {
		outcome = "yes"
	}
	if err := h.Audit(ctx, r, store.Event{Action: "signed", Outcome: outcome}); err != nil {
		return bot.Reply{}, err
	}
	if outcome == "yes" {
		return talk.Replace(r.Say("worked.thanks")), nil
	}
	g, ok := h.Guides.Guide(talk.ResetGuide)
	if !ok {
		return h.Lost(r), nil
	}
	view, err := h.View(ctx, r, g, pages.StuckPage)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("show what helps: %w", err)
	}
	return talk.Replace("**"+view.Title+"**\n\n"+view.Body, pages.Buttons(g, view.Choices)...), nil
}
