package mattermost

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/server"
	"resetpin/bot/platform"
)

const (
	firstPause = 100 * time.Millisecond
	longPause  = 5 * time.Second
)

// postsAtOnce is how many posts are written at the same time. The server does not
// say how many it bears; what waits here is still in the bot's own order.
const postsAtOnce = 4

// inTurn is once for a call that writes: while more is to be written than may be
// at once, those come first whom platform.Turns puts first.
func (a *Adapter) inTurn(ctx context.Context, what string, call func(ctx context.Context) (*model.Response, error)) error {
	done, err := a.posting.Wait(ctx)
	if err != nil {
		return fmt.Errorf("wait for a turn to %s: %w", what, err)
	}
	defer done()
	return a.once(ctx, what, call)
}

// once makes a call. Its error is a *server.Error, in a *bot.Later when the
// server said when it takes the call again.
func (a *Adapter) once(ctx context.Context, what string, call func(ctx context.Context) (*model.Response, error)) error {
	return a.onceFor(ctx, a.c.Timing.Call, what, call)
}

// onceFor is once for a call that may take longer than others.
func (a *Adapter) onceFor(ctx context.Context, bound time.Duration, what string, call func(ctx context.Context) (*model.Response, error)) error {
	var r *model.Response
	err := platform.Within(ctx, bound, func(ctx context.Context) (err error) {
		r, err = call(ctx)
		return err
	})
	if r != nil {
		a.authority.hear(r.Header, a.c.Now())
	}
	if err == nil {
		return nil
	}
	e := server.Explain(what, r, err)
	a.health.heard(e)
	if wait := server.RetryAfter(r); wait > 0 {
		return &bot.Later{After: wait, Err: e}
	}
	return e
}

// try makes a call that brings no words, so that the engine does not try it
// again: it is repeated here for a while, unless it is refused. Its error is as
// once's.
func (a *Adapter) try(ctx context.Context, what string, call func(ctx context.Context) (*model.Response, error)) error {
	end := time.Now().Add(a.c.Timing.Retry)
	pauses := platform.Backoff(firstPause, longPause)
	for {
		err := a.once(ctx, what, call)
		var e *server.Error
		if err == nil || ctx.Err() != nil || errors.As(err, &e) && !e.Temporary() {
			return err
		}
		wait := max(pauses(), bot.WaitOf(err))
		if time.Now().Add(wait).After(end) || platform.Sleep(ctx, wait) != nil {
			return err
		}
	}
}
