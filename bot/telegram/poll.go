package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"resetpin/bot"
	"resetpin/bot/platform"
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
// counts as received when it was taken over, not before.
func (a *Adapter) Poll(ctx context.Context, to bot.Receiver) error {
	a.pollUntil(ctx, to)
	a.health.polled(nil)
	return nil
}

func (a *Adapter) pollUntil(ctx context.Context, to bot.Receiver) {
	var at cursor
	prepared, failed := false, 0
	pauses := platform.Backoff(500*time.Millisecond, 30*time.Second)
	for ctx.Err() == nil {
		var err error
		if !prepared {
			err = a.prepare(ctx)
			prepared = err == nil
		}
		if prepared {
			err = a.pollOnce(ctx, to, &at)
			at.brief = err != nil
		}
		if ctx.Err() != nil {
			return
		}
		a.health.polled(err)
		if err == nil {
			pauses, failed = platform.Backoff(500*time.Millisecond, 30*time.Second), 0
			continue
		}
		pause := pauses()
		pause = a.classify(err, pause, failed)
		failed++
		if e := refusal(err); e != nil && e.Code == http.StatusConflict {
			prepared = false
		}
		if platform.Sleep(ctx, pause) != nil {
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

// classify logs an error of polling and gives how long to pause. One that comes
// alone is nothing to tell of; before were so many in a row.
func (a *Adapter) classify(err error, pause time.Duration, before int) time.Duration {
	if what := advice(err); what != "" {
		a.c.Logger.Error(what, "error", err)
		return max(pause, 3*time.Second)
	}
	var e *Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		pause = max(pause, e.RetryAfter)
	}
	level := slog.LevelWarn
	if before == 0 {
		level = slog.LevelDebug
	}
	a.c.Logger.Log(context.Background(), level, "no updates can be received", "error", err, "pause", pause.Round(time.Millisecond).String())
	return pause
}

// cursor is where polling stands in Telegram's queue. After a week without
// updates their ids are drawn anew at random, so a later one may be lower
// (https://core.telegram.org/bots/api#update).
type cursor struct {
	first int64 // id of the first update of the last batch that was taken over
	next  int64 // the id after its last: what getUpdates confirms up to; 0: nothing was taken over yet
	brief bool  // the next poll does not wait: it is to show whether trouble is over
}

// errRepeated says that a confirmed batch came once more.
var errRepeated = errors.New("telegram brings the same updates again and does not take their confirmation")

// pollOnce waits for updates and hands them over. The cursor moves only past
// updates that were taken over. It gives errRepeated, wrapped, when the batch
// was confirmed before; what is new in it was handed over all the same.
func (a *Adapter) pollOnce(ctx context.Context, to bot.Receiver, at *cursor) error {
	params := &getUpdates{Offset: at.next, Limit: 100, Timeout: int(a.c.PollTimeout.Seconds()), Allowed: allowedUpdates}
	if at.brief {
		params.Timeout = 0
	}
	wait, cancel := context.WithTimeout(ctx, a.c.PollTimeout+pollGrace)
	defer cancel()
	var batch []json.RawMessage
	if err := a.api.call(wait, "getUpdates", params, &batch); err != nil {
		return err
	}
	a.health.worked(time.Now())
	var updates []bot.Update
	var got cursor
	for _, raw := range batch {
		w, err := decode(raw)
		if err != nil {
			a.c.Logger.Error("an update cannot be read and is skipped", "error", err)
		}
		got.add(w.ID)
		if u, ok := a.accept(ctx, w); ok {
			updates = append(updates, u)
		}
	}
	if err := a.receive(ctx, to, updates...); err != nil {
		return err
	}
	if got.next == 0 {
		return nil // nothing that could be confirmed
	}
	again := got.first >= at.first && got.first < at.next
	*at = got
	if again {
		return fmt.Errorf("receive updates: %w", errRepeated)
	}
	return nil
}

// add takes an update's id into a batch; 0 is none.
func (c *cursor) add(id int64) {
	if id == 0 {
		return
	}
	if c.next == 0 {
		c.first = id
	}
	c.next = max(c.next, id+1)
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
	m := mapper{signer: a.c.Signer, now: a.c.Now(), rooms: a.rooms}
	if me := a.me.Load(); me != nil {
		m.username = me.Username
	}
	if w.Message != nil && w.Message.MigratedTo != 0 {
		a.moved(ctx, strconv.FormatInt(w.Message.Chat.ID, 10), w.Message.MigratedTo)
	}
	u, err := m.update(w)
	if errors.Is(err, errForged) {
		a.c.Refused(ctx, bot.RefusedPress, "a press of a button that the bot did not make for the presser")
		a.refusePress(u)
	}
	return u, err == nil
}

// refusePress tells somebody politely that a button is not for them. A flood
// of such presses is left unanswered.
func (a *Adapter) refusePress(u bot.Update) {
	_, query := splitHandle(u.Handle)
	select {
	case a.stray <- struct{}{}:
	default:
		return
	}
	if !a.aside.Go(func(ctx context.Context) {
		defer func() { <-a.stray }()
		if a.answers.claim(query) {
			a.answerPress(ctx, query, cutText(a.c.StaleButton(ctx, u), MaxNotice))
		}
	}) {
		<-a.stray
	}
}
