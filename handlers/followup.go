package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/understand"
	"resetpin/store"
)

// linkStep is the step of the reset's guide at which the mail's link is
// opened. Before it a link lies unused, and the day ends its life.
const linkStep = "link"

// stuckPage is the reset's page for those whose new PIN does not work.
const stuckPage = "stillwrong"

// resetsLookedAt is among how many of the latest resets the one is sought that
// sent the link.
const resetsLookedAt = 10

// followUp is a walk that the bot comes back to, and with whom.
type followUp struct {
	Walk     int64
	NIP      string
	Account  bot.Account
	Language string `json:",omitempty"` // as the platform told, for who chose none
	Last     bool   `json:",omitempty"` // the last call before the link's day is over
}

func newFollowUp(r request, w store.Walk) followUp {
	return followUp{Walk: w.ID, NIP: w.Owner, Account: r.Account, Language: r.language}
}

func followUpJob(kind string, f followUp, at time.Time) (store.Job, error) {
	key := strconv.FormatInt(f.Walk, 36) + "." + strconv.FormatInt(at.Unix(), 36)
	job, err := newJob(kind, key, f)
	job.RunAt = at
	return job, err
}

// remindLater sees to it that a walk that gets no further is remembered: once
// soon, and once before the link's day is over.
func (h *Handlers) remindLater(ctx context.Context, r request, w store.Walk) error {
	f := newFollowUp(r, w)
	soon, err := followUpJob(jobRemind, f, awake(h.Settings.Zone, w.Moved.Add(h.Settings.Reminder)))
	if err != nil {
		return err
	}
	jobs := []store.Job{soon}
	if at := lastCall(h.Settings.Zone, w.Moved); at.After(w.Moved.Add(2 * h.Settings.Reminder)) {
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

// askLater sees to it that somebody who walked to the end is asked once
// whether signing worked. Asking for the same walk again changes nothing.
func (h *Handlers) askLater(ctx context.Context, r request, w store.Walk) error {
	if w.Guide != resetGuide || !r.session.Linked {
		return nil
	}
	job, err := followUpJob(jobAsk, newFollowUp(r, w), awake(h.Settings.Zone, w.Moved.Add(h.Settings.Question)))
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
func (w *Worker) remind(ctx context.Context, payload []byte) error {
	f, r, walk, err := w.followed(ctx, payload)
	if err != nil || walk.ID != f.Walk || !w.linkWaits(walk) {
		return err
	}
	left := r.session.Walk.ID != walk.ID // for another guide, which stops the reset's walk
	if walk.State == store.WalkStopped && !left && !f.Last {
		return nil
	}
	due := r.now
	if !f.Last {
		due = later(walk.Moved, r.session.Walk.Moved).Add(w.Settings.Reminder)
	}
	if at := awake(w.Settings.Zone, later(due, r.now)); at.After(r.now) {
		again, err := followUpJob(jobRemind, f, at)
		if err != nil {
			return err
		}
		return w.Store.Enqueue(ctx, again)
	}
	sent, err := w.linkSent(ctx, walk)
	if err != nil {
		return err
	}
	if sent.In(w.Settings.Zone).YearDay() != r.now.In(w.Settings.Zone).YearDay() {
		if f.Last {
			return nil // the other reminder says that the link is dead
		}
		return w.deliver(ctx, r.Origin, told(r, r.say("remind.late"), r.primary("button.newlink", "reset.new", ""), r.button("quiet.on", "quiet", "on")))
	}
	key := "remind.soon"
	if f.Last {
		key = "remind.last"
	}
	return w.deliver(ctx, r.Origin, told(r, r.say(key, "until", w.moment(w.linkUntil(sent))), w.resumeReset(r), r.button("quiet.on", "quiet", "on")))
}

// linkSent tells when the link was sent that a walk is about: one that was
// taken up again later began after that.
func (w *Worker) linkSent(ctx context.Context, walk store.Walk) (time.Time, error) {
	resets, err := w.Store.Resets(ctx, walk.Owner, resetsLookedAt)
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
func (w *Worker) linkWaits(walk store.Walk) bool {
	g, ok := w.Guides.Guide(walk.Guide)
	if !ok || walk.Guide != resetGuide || walk.State == store.WalkDone {
		return false
	}
	steps := g.Steps()
	return slices.Index(steps, guides.StepOf(g.Settle(walk.Step))) <= slices.Index(steps, linkStep)
}

// ask asks whether signing worked, unless the employee is at it again.
func (w *Worker) ask(ctx context.Context, payload []byte) error {
	f, r, walk, err := w.followed(ctx, payload)
	if err != nil || walk.ID != f.Walk || walk.State != store.WalkDone {
		return err
	}
	if at := awake(w.Settings.Zone, r.now); at.After(r.now) {
		again, err := followUpJob(jobAsk, f, at)
		if err != nil {
			return err
		}
		return w.Store.Enqueue(ctx, again)
	}
	return w.deliver(ctx, r.Origin, at(understand.WorkedQuestion, told(r, r.say("worked.ask"),
		r.primary("worked.yes", "worked", "yes"), r.button("worked.no", "worked", "no"), r.button("quiet.on", "quiet", "on"))))
}

// told is a reply as the person wants replies.
func told(r request, text string, buttons ...bot.Button) bot.Reply {
	return forReader(r.session.TextOnly, reply(text, buttons...))
}

// followed reads what a job is about, and the employee's latest walk through
// the reset: the one they are at may lead through another guide. The walk is
// zero when there is nobody to speak to any more, or they want to be let be.
func (w *Worker) followed(ctx context.Context, payload []byte) (followUp, request, store.Walk, error) {
	var f followUp
	if err := json.Unmarshal(payload, &f); err != nil {
		return f, request{}, store.Walk{}, fmt.Errorf("%w: read follow-up: %w", store.ErrJobCancel, err)
	}
	session, err := w.Store.Session(ctx, store.Account(f.Account))
	if err != nil {
		return f, request{}, store.Walk{}, fmt.Errorf("read session: %w", err)
	}
	r := request{Update: bot.Update{Origin: bot.Origin{Account: f.Account, Private: true}}, session: session,
		language: w.language(session.Language, f.Language), texts: w.Texts, now: w.Now()}
	if session.Quiet || !session.Linked || session.Employee.NIP != f.NIP {
		return f, r, store.Walk{}, nil
	}
	walk, err := w.Store.GuideWalk(ctx, f.NIP, resetGuide)
	if isNotFound(err) {
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
func (h *Handlers) workedAnswered(ctx context.Context, r request) (bot.Reply, error) {
	outcome := "no"
	if r.Action.Arg == "yes" {
		outcome = "yes"
	}
	if err := h.audit(ctx, r, store.Event{Action: "signed", Outcome: outcome}); err != nil {
		return bot.Reply{}, err
	}
	if outcome == "yes" {
		return replace(r.say("worked.thanks")), nil
	}
	g, ok := h.Guides.Guide(resetGuide)
	if !ok {
		return h.lost(r), nil
	}
	view, err := h.view(ctx, r, g, stuckPage)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("show what helps: %w", err)
	}
	return replace("**"+view.Title+"**\n\n"+view.Body, pageButtons(g, view.Choices)...), nil
}

// quietChosen switches reminders and questions off and on.
func (h *Handlers) quietChosen(ctx context.Context, r request) (bot.Reply, error) {
	quiet := r.Action.Arg == "on"
	if err := h.Store.SetQuiet(ctx, r.account(), quiet); err != nil {
		return bot.Reply{}, fmt.Errorf("set quiet: %w", err)
	}
	r.session.Quiet = quiet
	key := "quiet.isoff"
	if quiet {
		key = "quiet.ison"
	}
	return replace(r.say(key), quietButton(r)), nil
}

// quietButton offers the other of on and off.
func quietButton(r request) bot.Button {
	if r.session.Quiet {
		return r.button("quiet.off", "quiet", "off")
	}
	return r.button("quiet.on", "quiet", "on")
}
