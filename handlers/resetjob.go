package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// resetPayload names the reset a job is for.
type resetPayload struct{ ID int64 }

// outcome is what is told of a reset, kept from the call to the telling.
type outcome struct {
	ID      int64
	Email   string // masked
	Message string // BSrE's own words when it refused
	Nothing bool   // BSrE was not asked: nothing happened
	Why     string `json:",omitempty"` // the text for what stood in the way when Nothing
	Product string `json:",omitempty"` // of the certificate, as BSrE names it
	Link    string `json:",omitempty"` // BSrE's linkAktif before the reset
}

// detail is what the audit trail keeps of an outcome: which certificate was
// meant, and what BSrE said of links that wait.
func (o outcome) detail() string {
	if o.Link == "" {
		return o.Product
	}
	return strings.TrimPrefix(o.Product+"; linkAktif "+o.Link, "; ")
}

func resetJob(id int64) store.Job {
	payload, err := json.Marshal(resetPayload{ID: id})
	if err != nil {
		panic(err) // a struct of one number
	}
	return store.Job{Kind: jobReset, Key: strconv.FormatInt(id, 10), Payload: payload}
}

// reset makes the one call to BSrE. Whoever moves the row from requested to
// asking calls; everybody else, a repeated job included, does nothing.
func (w *Worker) reset(ctx context.Context, payload []byte) error {
	var p resetPayload
	if err := json.Unmarshal(payload, &p); err != nil {
		return fmt.Errorf("%w: read reset job: %w", store.ErrJobCancel, err)
	}
	row, mine, err := w.Store.BeginReset(ctx, p.ID, w.Now())
	if err != nil {
		return fmt.Errorf("begin reset: %w", err)
	}
	if !mine {
		return nil
	}
	// From here on the row must reach its end even when the process is asked
	// to stop: the call may already be made.
	ctx = context.WithoutCancel(ctx)
	state, told := w.askReset(ctx, row)
	return w.finish(ctx, row, state, told)
}

// askReset asks BSrE and names the outcome.
func (w *Worker) askReset(ctx context.Context, row store.Reset) (store.ResetState, outcome) {
	told := outcome{ID: row.ID}
	e, err := w.Store.Employee(ctx, row.NIP)
	if err != nil {
		w.Logger.ErrorContext(ctx, "the employee of a reset could not be read", "reset", row.ID, "error", err)
		told.Nothing = true
		return store.ResetRefused, told
	}
	told.Email = bsre.Mask(e.Email)
	got, err := w.Resetter.Reset(ctx, person(e))
	told.Product, told.Link = got.Product, got.Link
	if got.Email != "" {
		told.Email = bsre.Mask(got.Email)
	}
	switch {
	case err == nil && got.Kind == bsre.OutcomeSent:
		return store.ResetSent, told
	case err == nil && got.Kind == bsre.OutcomePhone:
		return store.ResetPhone, told
	case err == nil:
		told.Message = got.Message
		return store.ResetRefused, told
	case errors.Is(err, bsre.ErrOutcomeUnknown):
		w.Logger.WarnContext(ctx, "BSrE's answer to a reset was lost", "reset", row.ID, "error", err)
		return store.ResetUnknown, told
	}
	w.Logger.WarnContext(ctx, "BSrE could not be asked for a reset", "reset", row.ID, "error", err)
	told.Nothing, told.Why = true, unprepared(err)
	return store.ResetRefused, told
}

// finish records the outcome together with the jobs that tell of it.
func (w *Worker) finish(ctx context.Context, row store.Reset, state store.ResetState, told outcome) error {
	jobs, err := w.tellJobs(ctx, row, state, told)
	if err != nil {
		return err
	}
	if _, err := w.Store.FinishReset(ctx, row.ID, state, told.detail(), w.Now(), jobs...); err != nil {
		return fmt.Errorf("finish reset: %w", err)
	}
	return nil
}

// tellJobs tells the account that asked and, when a mail may be on its way,
// everybody who should know of it: the official address and the employee's
// other accounts.
func (w *Worker) tellJobs(ctx context.Context, row store.Reset, state store.ResetState, told outcome) ([]store.Job, error) {
	tell, err := newJob(jobTell, strconv.FormatInt(row.ID, 10), told)
	if err != nil {
		return nil, err
	}
	jobs := []store.Job{tell}
	if state != store.ResetSent && state != store.ResetUnknown {
		return jobs, nil
	}
	letter, err := newJob(jobMail, "", mailPayload{NIP: row.NIP, Template: "reset", Language: row.Language, Platform: row.Account.Platform, At: row.Created})
	if err != nil {
		return nil, err
	}
	jobs = append(jobs, letter)
	links, err := w.Store.Links(ctx, row.NIP)
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	for _, l := range links {
		if l.Account == row.Account {
			continue
		}
		alert, err := newJob(jobPush, "", push{To: bot.Account(l.Account), Key: "reset.alert",
			Values: []string{"platform", platformName(row.Account.Platform), "time", w.clock(row.Created, time.Time{})}})
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, alert)
	}
	return jobs, nil
}

// tell says how the reset went where it was asked for, and begins the walk.
func (w *Worker) tell(ctx context.Context, payload []byte) error {
	var told outcome
	if err := json.Unmarshal(payload, &told); err != nil {
		return fmt.Errorf("%w: read outcome: %w", store.ErrJobCancel, err)
	}
	row, err := w.Store.Reset(ctx, told.ID)
	if err != nil {
		return fmt.Errorf("read reset: %w", err)
	}
	session, err := w.Store.Session(ctx, row.Account)
	if err != nil {
		return fmt.Errorf("read session: %w", err)
	}
	to := bot.Origin{Account: bot.Account(row.Account), Chat: row.Chat, Message: row.Message, Private: true}
	r := request{Update: bot.Update{Origin: to}, session: session, language: w.language(row.Language, ""), texts: w.Texts, now: w.Now()}
	answer, err := w.outcomeReply(ctx, r, row, told)
	if err != nil {
		return err
	}
	return w.deliver(ctx, to, forReader(session.TextOnly, answer))
}

// outcomeReply is the outcome in words, in the place of "working on it".
func (w *Worker) outcomeReply(ctx context.Context, r request, row store.Reset, told outcome) (bot.Reply, error) {
	switch row.State {
	case store.ResetSent, store.ResetUnknown:
		key := "reset.sent"
		if row.State == store.ResetUnknown {
			key = "reset.unknown"
		}
		answer := replace(r.say(key, "email", told.Email, "time", w.clock(row.Updated, r.now)))
		if row.State == store.ResetUnknown {
			answer.Messages[0].Buttons = rows([]bot.Button{r.button("button.newlink", "reset.new", "")})
		}
		step, err := w.beginWalk(ctx, r, row)
		answer.Messages = append(answer.Messages, step...)
		return answer, err
	case store.ResetPhone:
		return replace(r.say("reset.phone"), append([]bot.Button{r.primary("button.go", "reset.new", "")}, w.pageButtonsFor(ctx, r, phoneGuide, "why")...)...), nil
	}
	if told.Nothing && told.Why != "" && told.Why != "reset.down" {
		return replace(r.say("reset.none")+"\n\n"+r.say(told.Why, "again", w.clock(r.now.Add(5*time.Minute), r.now))+w.helpdeskLine(r), r.primary("button.again", "reset.new", "")), nil
	}
	if told.Nothing {
		return replace(r.say("reset.nothing")+w.helpdeskLine(r), r.primary("button.again", "cmd", "resetpin")), nil
	}
	text := r.say("reset.refused", "nip", row.NIP)
	if words := strings.TrimSpace(told.Message); words != "" {
		text += "\n\n" + r.say("reset.words", "message", words)
	}
	return replace(text+w.helpdeskLine(r), r.primary("button.person", "helpdesk", ""), r.button("button.status", "cmd", "status")), nil
}

// Sweep brings resets to their end that a crash left open: a written-down one
// gets its job again, a begun call whose answer is lost becomes unknown.
// Which ones: not touched since before.
func (w *Worker) Sweep(ctx context.Context, before time.Time) error {
	open, err := w.Store.OpenResets(ctx, before, w.Now())
	if err != nil {
		return fmt.Errorf("read open resets: %w", err)
	}
	for _, row := range open {
		if row.State == store.ResetRequested {
			if err := w.Store.Enqueue(ctx, resetJob(row.ID)); err != nil {
				return fmt.Errorf("enqueue reset: %w", err)
			}
			continue
		}
		told := outcome{ID: row.ID}
		if e, err := w.Store.Employee(ctx, row.NIP); err == nil {
			told.Email = bsre.Mask(e.Email)
		}
		if err := w.finish(ctx, row, store.ResetUnknown, told); err != nil {
			return err
		}
	}
	return nil
}
