package mattermost

import (
	"context"
	"fmt"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

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

// inTurn is try for a call that writes: while more is to be written than may be
// at once, those come first whom platform.Turns puts first.
func (a *Adapter) inTurn(ctx context.Context, what string, call func(ctx context.Context) (*model.Response, error)) error {
	done, err := a.posting.Wait(ctx)
	if err != nil {
		return fmt.Errorf("wait for a turn to %s: %w", what, err)
	}
	defer done()
	return a.try(ctx, what, call)
}

// try makes a call until it succeeds, is refused, or the time for retrying is
// over. Its error is a *server.Error.
func (a *Adapter) try(ctx context.Context, what string, call func(ctx context.Context) (*model.Response, error)) error {
	return a.tryFor(ctx, a.c.Timing.Call, what, call)
}

// tryFor is try for a call that may take longer than others.
func (a *Adapter) tryFor(ctx context.Context, bound time.Duration, what string, call func(ctx context.Context) (*model.Response, error)) error {
	end := time.Now().Add(a.c.Timing.Retry)
	pauses := platform.Backoff(firstPause, longPause)
	for {
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
		if !e.Temporary() || ctx.Err() != nil {
			return e
		}
		wait := max(server.RetryAfter(r), pauses())
		if time.Now().Add(wait).After(end) {
			return e
		}
		if platform.Sleep(ctx, wait) != nil {
			return e
		}
	}
}
