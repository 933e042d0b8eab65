package bot

import (
	"context"
	"log/slog"
	"slices"
	"time"
)

// Chain wraps a handler in middleware, the first being the outermost.
func Chain(h Handler, m ...Middleware) Handler {
	for _, wrap := range slices.Backward(m) {
		h = wrap(h)
	}
	return h
}

// Log writes a line per update at debug level: platform, kind, name of the
// command or button, how it ended and how long it took. It never writes what
// was typed: a command is named only when it is one of commands, because
// people also type secrets behind a slash.
func Log(log *slog.Logger, commands ...string) Middleware {
	return func(next Handler) Handler {
		return func(ctx context.Context, u Update) (Reply, error) {
			if !log.Enabled(ctx, slog.LevelDebug) {
				return next(ctx, u)
			}
			began, outcome := time.Now(), "panic"
			defer func() {
				log.LogAttrs(ctx, slog.LevelDebug, "update", slog.String("platform", u.Account.Platform),
					slog.String("kind", string(u.Kind)), slog.String("name", nameOf(u, commands)),
					slog.String("outcome", outcome), slog.Duration("took", time.Since(began)))
			}()
			r, err := next(ctx, u)
			outcome = "ok"
			if err != nil {
				outcome = "error"
			}
			return r, err
		}
	}
}

// nameOf gives an update a name that holds nothing typed.
func nameOf(u Update, commands []string) string {
	switch {
	case u.Kind != KindCommand:
		return u.Action.Name
	case slices.Contains(commands, u.Command):
		return u.Command
	}
	return "other"
}
