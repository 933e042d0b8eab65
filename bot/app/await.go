package app

import (
	"context"
	"errors"
	"time"

	"github.com/sethvargo/go-retry"

	"resetpin/bot/settings"
	"resetpin/store"
)

// The pauses between looks for a database that does not answer yet.
const (
	firstLook = 250 * time.Millisecond
	mostPause = 5 * time.Second
)

// openStore opens the database to serve it. A PostgreSQL that does not answer
// is waited for, as Telegram and Mattermost are: after a power cut everything
// starts at once, in no order. What waiting does not mend, a wrong password
// for example, is an error. It ends with ctx.
func openStore(ctx context.Context, s settings.Settings, o store.Options) (*store.Store, error) {
	pauses := retry.WithJitterPercent(20, retry.WithCappedDuration(mostPause, retry.NewExponential(firstLook)))
	began, waits := time.Now(), false
	return retry.DoValue(ctx, pauses, func(ctx context.Context) (*store.Store, error) {
		db, err := store.Open(ctx, s.DatabaseURL.Reveal(), o)
		switch {
		case errors.Is(err, store.ErrUnreachable):
			if !waits {
				o.Logger.WarnContext(ctx, "the database does not answer; waiting for it", "error", err)
			}
			waits = true
			return nil, retry.RetryableError(err)
		case err == nil && waits:
			o.Logger.InfoContext(ctx, "the database answers", "waited", time.Since(began).Round(time.Second).String())
		}
		return db, err
	})
}
