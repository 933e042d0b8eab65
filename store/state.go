package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"time"
)

// Unreachable tells whether an error of the store is about PostgreSQL not
// answering, and not about what it was asked.
func Unreachable(err error) bool { return errors.Is(err, ErrUnreachable) || unreachable(err) }

// unreachable tells whether an error is about the way to the database and not
// about what it was asked. A time that was up is its caller's.
func unreachable(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return false
	}
	return mayAnswerLater(err) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		err != nil && saysUnreachable(err.Error()) // pgx has no type for a connection that broke before
}

// answered tells how the database answered what was asked when it began, and
// marks the error of one that did not.
func (s *Store) answered(ctx context.Context, began time.Time, err error) error {
	switch {
	case s.pool == nil, errors.Is(err, sql.ErrConnDone):
		// a file has no way to it; closed by us
	case err == nil:
		s.state(ctx, time.Since(began), nil)
	case unreachable(err):
		err = fmt.Errorf("%w: %w", ErrUnreachable, err)
		s.state(ctx, time.Since(began), err)
	}
	return err
}

// riverLog lets River's warnings and errors through, unless they are about the
// database not answering: that is told once for all.
type riverLog struct {
	quiet
	state func(ctx context.Context, took time.Duration, err error)
}

// Handle looks at what River says went wrong.
func (l riverLog) Handle(ctx context.Context, r slog.Record) error {
	words := ""
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "err" || a.Key == "error" {
			words = a.Value.String()
		}
		return words == ""
	})
	if !saysUnreachable(words) {
		return l.quiet.Handle(ctx, r)
	}
	err := fmt.Errorf("%w: %s", ErrUnreachable, words)
	l.state(ctx, 0, err)
	told := slog.NewRecord(r.Time, slog.LevelDebug, r.Message, r.PC)
	told.AddAttrs(slog.Any("error", err))
	if !l.Handler.Enabled(ctx, told.Level) {
		return nil
	}
	return l.Handler.Handle(ctx, told)
}

// WithAttrs keeps the handler.
func (l riverLog) WithAttrs(a []slog.Attr) slog.Handler {
	return riverLog{quiet{l.Handler.WithAttrs(a)}, l.state}
}

// WithGroup keeps the handler.
func (l riverLog) WithGroup(name string) slog.Handler {
	return riverLog{quiet{l.Handler.WithGroup(name)}, l.state}
}

// saysUnreachable is unreachable for errors of which River keeps the words
// alone.
func saysUnreachable(words string) bool {
	for _, sign := range []string{"failed to connect", "connection refused", "connection reset", "broken pipe", "unexpected EOF", "conn closed", "SQLSTATE 57P0", "SQLSTATE 08", "SQLSTATE 53300", "dial error", "closed pool"} {
		if strings.Contains(words, sign) {
			return true
		}
	}
	return false
}
