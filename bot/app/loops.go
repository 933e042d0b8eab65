package app

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"resetpin/bot"
	"resetpin/bot/platform"
	"resetpin/bot/telegram"
	"resetpin/handlers"
)

const (
	sweepEvery = 15 * time.Second
	aliveEvery = time.Second
	purgeEvery = 6 * time.Hour
	setupPause = 10 * time.Second
)

// resetPatience is how long after it was begun a reset's call counts as lost:
// longer than every way a call can take. A reset has a few calls of at most
// BSRE_TIMEOUT each.
func (a *App) resetPatience() time.Duration { return 8*a.s.BSrETimeout + 30*time.Second }

// loops starts what is done at a pace of its own until ctx ends. BSrE is asked
// apart from all else: one that is silent must keep nothing waiting.
func (a *App) loops(ctx context.Context, group *errgroup.Group) {
	at := func(pace time.Duration, do func(context.Context)) {
		group.Go(func() error { every(ctx, pace, do); return nil })
	}
	atOnce := func(pace time.Duration, do func(context.Context)) {
		group.Go(func() error { do(ctx); every(ctx, pace, do); return nil })
	}
	at(sweepEvery, a.tidy)
	atOnce(purgeEvery, a.purge)
	at(a.lookEvery, a.telling("those who wait for BSrE could not be looked at", a.handlers.Recovered))
	if !a.store.SingleProcess() { // others may die, and leave what they had in their hands
		at(aliveEvery, a.telling("what a dead process left could not be taken over", a.takeOver))
	}
	if a.guides.dir != "" {
		at(guidesLook, a.guides.refresh)
	}
	if a.site != nil {
		atOnce(siteEvery, func(ctx context.Context) { a.site.Find(ctx) })
	}
}

// every does something at a pace until ctx ends.
func every(ctx context.Context, pace time.Duration, do func(context.Context)) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do(ctx)
		}
	}
}

// telling logs the errors of what is done under the words of failure.
func (a *App) telling(failure string, do func(context.Context) error) func(context.Context) {
	return func(ctx context.Context) {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			a.log.ErrorContext(ctx, failure, "error", err)
		}
	}
}

// tidy looks whether the database answers, and ends what crashes left open.
func (a *App) tidy(ctx context.Context) {
	a.refusals.tell(ctx)
	if err := a.store.Ping(ctx); err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "the database cannot be used", "error", err)
	}
	a.telling("open resets could not be looked at", a.sweep)(ctx)
	a.telling("open tickets could not be looked at", a.handlers.Desk().Look)(ctx)
}

func (a *App) takeOver(ctx context.Context) error {
	left, err := a.store.AdoptDead(ctx)
	if left.Processes == 0 {
		return err
	}
	a.log.InfoContext(ctx, "what another process left is taken over", "processes", left.Processes, "updates", len(left.Updates))
	a.engine.Adopt(items(left.Updates)...)
	return errors.Join(err, a.sweep(ctx))
}

// sweep ends the resets that a crash left open.
func (a *App) sweep(ctx context.Context) error {
	return a.handlers.Sweep(ctx, a.now().Add(-a.resetPatience()))
}

func (a *App) purge(ctx context.Context) {
	if _, err := a.store.PurgeTickets(ctx, a.now().Add(-a.s.TicketRetention)); err != nil && ctx.Err() == nil {
		a.log.ErrorContext(ctx, "the words of old tickets could not be deleted", "error", err)
	}
	n, err := a.store.Purge(ctx, a.now().Add(-a.s.Retention))
	switch {
	case err != nil && ctx.Err() == nil:
		a.log.ErrorContext(ctx, "old rows could not be deleted", "error", err)
	case n > 0:
		a.log.InfoContext(ctx, "old rows were deleted", "rows", n)
	}
}

// runTelegram sets the menu and receives until ctx ends. Telegram may be out
// of reach when the program starts.
func (a *App) runTelegram(ctx context.Context, t *telegram.Adapter, to bot.Receiver) error {
	steps := []func(context.Context) error{
		func(ctx context.Context) error { _, err := t.Me(ctx); return err },
		func(ctx context.Context) error {
			return t.SetCommands(ctx, menu(handlers.Commands(a.handlers.Texts)))
		},
	}
	if a.s.TelegramMode != "webhook" {
		var setUp sync.WaitGroup
		defer setUp.Wait()
		setUp.Go(func() { a.untilDone(ctx, steps) })
		return t.Poll(ctx, to)
	}
	steps = append(steps, func(ctx context.Context) error {
		return t.SetWebhook(ctx, a.s.PublicURL+"/telegram/webhook")
	})
	a.untilDone(ctx, steps)
	<-ctx.Done()
	return nil
}

// untilDone does each step, again and again until it succeeds.
func (a *App) untilDone(ctx context.Context, steps []func(context.Context) error) {
	for _, step := range steps {
		for {
			err := step(ctx)
			if err == nil || ctx.Err() != nil {
				break
			}
			var refused *telegram.Error
			if errors.As(err, &refused) && refused.Code < http.StatusInternalServerError {
				a.log.ErrorContext(ctx, "Telegram refuses", "error", err)
			} else {
				a.log.DebugContext(ctx, "Telegram cannot be reached yet", "error", err) // the outage has a line of its own
			}
			if platform.Sleep(ctx, setupPause) != nil {
				return
			}
		}
	}
}
