package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"resetpin/bot"
)

// getUpdates is a poll (https://core.telegram.org/bots/api#getupdates).
type getUpdates struct {
	Offset  int64    `json:"offset,omitempty"`
	Limit   int      `json:"limit"`
	Timeout int      `json:"timeout"` // seconds
	Allowed []string `json:"allowed_updates"`
}

// pollGrace is how much longer than its timeout a poll may take.
const pollGrace = 15 * time.Second

// Poll receives updates by long polling until ctx ends, then returns nil. A
// webhook is taken away first; updates that wait for it are kept. An update
// counts as received when the Receiver took it over, not before.
func (a *Adapter) Poll(ctx context.Context) error {
	a.pollUntil(ctx)
	a.health.polled(nil)
	return nil
}

func (a *Adapter) pollUntil(ctx context.Context) {
	var offset int64
	prepared := false
	pauses := backoff(500*time.Millisecond, 30*time.Second)
	for ctx.Err() == nil {
		var err error
		if !prepared {
			err = a.prepare(ctx)
			prepared = err == nil
		}
		if prepared {
			offset, err = a.pollOnce(ctx, offset)
		}
		if ctx.Err() != nil {
			return
		}
		a.health.polled(err)
		if err == nil {
			pauses = backoff(500*time.Millisecond, 30*time.Second)
			continue
		}
		pause, _ := pauses.Next() // never ends
		pause = a.judge(err, pause)
		if e := refusal(err); e != nil && e.Code == http.StatusConflict {
			prepared = false
		}
		if sleep(ctx, pause) != nil {
			return
		}
	}
}

// prepare finds out the bot's name and takes a webhook away.
func (a *Adapter) prepare(ctx context.Context) error {
	if _, err := a.Me(ctx); err != nil {
		return err
	}
	if err := a.deleteWebhook(ctx); err != nil {
		return fmt.Errorf("take the webhook away: %w", err)
	}
	return nil
}

// judge logs an error of polling and gives how long to pause.
func (a *Adapter) judge(err error, pause time.Duration) time.Duration {
	if what := advice(err); what != "" {
		a.c.Logger.Error(what, "error", err)
		return max(pause, 3*time.Second)
	}
	var e *Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		pause = max(pause, e.RetryAfter)
	}
	a.c.Logger.Warn("no updates can be received", "error", err, "pause", pause.Round(time.Millisecond).String())
	return pause
}

// pollOnce waits for updates and hands them over. It gives the next offset,
// which moves only past updates that were taken over.
func (a *Adapter) pollOnce(ctx context.Context, offset int64) (int64, error) {
	params := &getUpdates{Offset: offset, Limit: 100, Timeout: int(a.c.PollTimeout.Seconds()), Allowed: allowedUpdates}
	wait, cancel := context.WithTimeout(ctx, a.c.PollTimeout+pollGrace)
	defer cancel()
	var batch []json.RawMessage
	if err := a.api.call(wait, "getUpdates", params, &batch); err != nil {
		return offset, err
	}
	a.health.worked(time.Now())
	if len(batch) == 0 {
		return offset, nil
	}
	updates := make([]bot.Update, 0, len(batch))
	next := offset
	for _, raw := range batch {
		w, err := decode(raw)
		if err != nil {
			a.c.Logger.Error("an update cannot be read and is skipped", "error", err)
		}
		next = max(next, w.ID+1)
		if u, ok := a.accept(ctx, w); ok {
			updates = append(updates, u)
		}
	}
	if err := a.receive(ctx, updates...); err != nil {
		return offset, err
	}
	return next, nil
}

// decode reads an update. On an error its ID is set all the same, if it has
// one at all.
func decode(raw []byte) (*wireUpdate, error) {
	w := &wireUpdate{}
	err := json.Unmarshal(raw, w)
	if err == nil && w.ID == 0 {
		return w, errors.New("decode update: no update_id")
	}
	if err == nil {
		return w, nil
	}
	var only struct {
		ID int64 `json:"update_id"`
	}
	if json.Unmarshal(raw, &only) != nil {
		return &wireUpdate{}, fmt.Errorf("decode update: %w", err)
	}
	return &wireUpdate{ID: only.ID}, fmt.Errorf("decode update: %w", err)
}

// accept maps an update and answers a forged press. It gives false for an
// update that is none for this bot.
func (a *Adapter) accept(ctx context.Context, w *wireUpdate) (bot.Update, bool) {
	m := mapper{signer: a.c.Signer, now: a.c.Now()}
	if me := a.me.Load(); me != nil {
		m.username = me.Username
	}
	u, err := m.update(w)
	if errors.Is(err, errForged) {
		a.refusePress(ctx, u)
	}
	return u, err == nil
}

// refusePress tells somebody politely that a button is not for them. A flood
// of such presses is left unanswered.
func (a *Adapter) refusePress(ctx context.Context, u bot.Update) {
	_, query := splitHandle(u.Handle)
	select {
	case a.stray <- struct{}{}:
	default:
		return
	}
	ctx = context.WithoutCancel(ctx)
	go func() {
		defer func() { <-a.stray }()
		if a.answers.claim(query) {
			a.answerPress(ctx, query, cutText(a.c.StaleButton(ctx, u), MaxNotice))
		}
	}()
}
