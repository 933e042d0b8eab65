package reset

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/bsre"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/store"
	"strconv"
	"strings"
	"time"
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
	return store.Job{Kind: string(jobReset), Key: strconv.FormatInt(id, 10), Payload: payload}
}

// reset makes the one call to BSrE. Whoever moves the row from requested to
// asking calls; everybody else, a repeated job included, does nothing.
func (h *Room) reset(ctx context.Context, payload []byte) error {
	var p resetPayload
	if err := json.Unmarshal(payload, &p); err != nil {
		return fmt.Errorf("%w: read reset job: %w", store.ErrJobCancel, err)
	}
	row, mine, err := h.ledger.BeginReset(ctx, p.ID, h.Now())
	if err != nil {
		return fmt.Errorf("begin reset: %w", err)
	}
	if !mine {
		return nil
	}
	// From here on the row must reach its end even when the process is asked
	// to stop: the call may already be made.
	ctx = context.WithoutCancel(ctx)
	h.asking.take(row.ID)
	defer h.asking.leave(row.ID)
	state, told := h.askReset(ctx, row)
	return h.finish(ctx, row, state, told)
}

// ledgerBound is the most time for what the database is asked about a reset that
// must reach its end. BSrE's calls have bounds of their own.
const ledgerBound = 20 * time.Second

// askReset asks BSrE and names the outcome.
func (h *Room) askReset(ctx context.Context, row store.Reset) (store.ResetState, outcome) {
	told := outcome{ID: row.ID}
	read, cancel := context.WithTimeout(ctx, ledgerBound)
	e, err := h.ledger.Employee(read, row.NIP)
	cancel()
	if err != nil {
		h.Logger.ErrorContext(ctx, "the employee of a reset could not be read", "reset", row.ID, "error", err)
		told.Nothing = true
		return store.ResetRefused, told
	}
	told.Email = bsre.Mask(e.Email)
	got, err := h.portal.Reset(ctx, talk.Person(e))
	h.Met(ctx, talk.Portal, e.NIP, err)
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
	case h.Troubled(err) == talk.Lost:
		h.Logger.WarnContext(ctx, "BSrE's answer to a reset was lost", "reset", row.ID, "error", err)
		return store.ResetUnknown, told
	}
	h.Logger.WarnContext(ctx, "BSrE could not be asked for a reset", "reset", row.ID, "error", err)
	told.Nothing, told.Why = true, unprepared(talk.TroubleOf(err))
	return store.ResetRefused, told
}

// finish records the outcome together with the jobs that tell of it.
func (h *Room) finish(ctx context.Context, row store.Reset, state store.ResetState, told outcome) error {
	ctx, cancel := context.WithTimeout(ctx, ledgerBound)
	defer cancel()
	jobs, err := h.tellJobs(ctx, row, state, told)
	if err != nil {
		return err
	}
	if _, err := h.ledger.FinishReset(ctx, row.ID, state, told.detail(), h.Now(), jobs...); err != nil {
		return fmt.Errorf("finish reset: %w", err)
	}
	return nil
}

// tellJobs tells the account that asked and, when a mail may be on its way,
// everybody who should know of it: the official address and the employee's
// other accounts.
func (h *Room) tellJobs(ctx context.Context, row store.Reset, state store.ResetState, told outcome) ([]store.Job, error) {
	jobs := []store.Job{sayTold(row, told)}
	if state != store.ResetSent && state != store.ResetUnknown {
		return jobs, nil
	}
	letter, err := talk.NewJob(letters.JobMail, "", letters.Letter{NIP: row.NIP, Template: "reset", Language: row.Language, Platform: row.Account.Platform, At: row.Created})
	if err != nil {
		return nil, err
	}
	jobs = append(jobs, letter)
	links, err := h.ledger.Links(ctx, row.NIP)
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	for _, l := range links {
		if l.Account == row.Account {
			continue
		}
		jobs = append(jobs, talk.Tell("", talk.Push{To: bot.Account(l.Account), Key: "reset.alert",
			Values: []string{"platform", talk.PlatformName(row.Account.Platform), "time", h.Clock(row.Created, time.Time{})}}))
	}
	return jobs, nil
}

// sayOutcome is how a reset went.
const sayOutcome talk.SayKind = "outcome"

// sayTold is what tells of a reset where it was asked for.
func sayTold(row store.Reset, told outcome) store.Job {
	to := bot.Origin{Account: bot.Account(row.Account), Chat: row.Chat, Message: row.Message, Private: true}
	return talk.Words("reset "+strconv.FormatInt(row.ID, 10), to, sayOutcome, told)
}

// toldBefore says what an older version left as a job.
func (h *Room) toldBefore(ctx context.Context, payload []byte) error {
	told, err := talk.Payload[outcome](payload)
	if err != nil {
		return err
	}
	row, err := h.ledger.Reset(ctx, told.ID)
	if err != nil {
		return fmt.Errorf("read reset: %w", err)
	}
	return h.Store.Enqueue(ctx, sayTold(row, told))
}

// tell says how the reset went where it was asked for, and begins the walk.
func (h *Room) tell(ctx context.Context, to bot.Origin, payload []byte) (bot.Reply, error) {
	told, err := talk.Payload[outcome](payload)
	if err != nil {
		return bot.Reply{}, err
	}
	row, err := h.ledger.Reset(ctx, told.ID)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("read reset: %w", err)
	}
	r, err := h.Unasked(ctx, to, "")
	if err != nil {
		return bot.Reply{}, err
	}
	r.Lang = cmp.Or(row.Language, r.Lang) // in which it was asked for
	answer, err := h.outcomeReply(ctx, r, row, told)
	return talk.ForReader(r.Session.TextOnly, answer), err
}

// outcomeReply is the outcome in words, in the place of "working on it".
func (h *Room) outcomeReply(ctx context.Context, r talk.Request, row store.Reset, told outcome) (bot.Reply, error) {
	switch row.State {
	case store.ResetSent, store.ResetUnknown:
		key := "reset.sent"
		if row.State == store.ResetUnknown {
			key = "reset.unknown"
		}
		answer := talk.Replace(r.Say(key, "email", told.Email, "time", h.Clock(row.Updated, r.Now)))
		if row.State == store.ResetUnknown {
			answer.Messages[0].Buttons = talk.Rows([]bot.Button{r.Button("button.newlink", talk.ResetNew, "")})
		}
		step, err := h.walks.Begin(ctx, r, row)
		answer.Messages = append(answer.Messages, step...)
		return answer, err
	case store.ResetPhone:
		return talk.Replace(r.Say("reset.phone"), append([]bot.Button{r.Primary("button.go", talk.ResetNew, "")}, h.ButtonsFor(ctx, r, phoneGuide, "why")...)...), nil
	}
	if told.Nothing && told.Why != "" && told.Why != "reset.down" {
		return talk.Replace(r.Say("reset.none")+"\n\n"+r.Say(told.Why, "again", h.Clock(r.Now.Add(5*time.Minute), r.Now))+h.HelpdeskLine(r), r.Primary("button.again", talk.ResetNew, "")), nil
	}
	if told.Nothing {
		return talk.AboutReset.Of(talk.Replace(r.Say("reset.nothing")+h.HelpdeskLine(r), r.Primary("button.again", talk.Cmd, "resetpin"), r.Button("button.await", talk.Await, "resetpin"))), nil
	}
	text := r.Say("reset.refused", "nip", row.NIP)
	if words := strings.TrimSpace(told.Message); words != "" {
		text += "\n\n" + r.Say("reset.words", "message", words)
	}
	return talk.Replace(text+h.HelpdeskLine(r), r.Primary("button.person", talk.Helpdesk, ""), r.Button("button.status", talk.Cmd, "status")), nil
}

// Sweep brings resets to their end that a crash left open: a written-down one
// gets its job again, a begun call whose answer is lost becomes unknown.
// Which ones: not touched since before, and those that a process asked for that
// died. What this process asks for just now is left alone: it may have been
// stopped, and goes on.
func (h *Room) Sweep(ctx context.Context, before time.Time) error {
	open, err := h.ledger.OpenResets(ctx, before, h.Now())
	if err != nil {
		return fmt.Errorf("read open resets: %w", err)
	}
	for _, row := range open {
		if h.asking.has(row.ID) {
			continue
		}
		if row.State == store.ResetRequested {
			if err := h.Store.Enqueue(ctx, resetJob(row.ID)); err != nil {
				return fmt.Errorf("enqueue reset: %w", err)
			}
			continue
		}
		told := outcome{ID: row.ID}
		if e, err := h.ledger.Employee(ctx, row.NIP); err == nil {
			told.Email = bsre.Mask(e.Email)
		}
		if err := h.finish(ctx, row, store.ResetUnknown, told); err != nil {
			return err
		}
	}
	return nil
}
