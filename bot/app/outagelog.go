package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"resetpin/bot/mattermost/server"
	"resetpin/bot/telegram"
	"resetpin/handlers/bsre"
	"resetpin/store"
)

// outageLog lowers the lines about what an outage does to each and everybody:
// the log tells when it began, and when it is over.
type outageLog struct {
	slog.Handler
	outages *outages
}

// Handle writes a line, or lowers it.
func (h outageLog) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelWarn || !h.outages.lasts(systemsOf(r)...) {
		return h.Handler.Handle(ctx, r)
	}
	r = r.Clone()
	r.Level = slog.LevelDebug
	if !h.Enabled(ctx, r.Level) {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the handler.
func (h outageLog) WithAttrs(a []slog.Attr) slog.Handler {
	return outageLog{h.Handler.WithAttrs(a), h.outages}
}

// WithGroup keeps the handler.
func (h outageLog) WithGroup(name string) slog.Handler {
	return outageLog{h.Handler.WithGroup(name), h.outages}
}

// systemsOf gives the systems that may have failed for a line to be written.
func systemsOf(r slog.Record) []string {
	var all []string
	r.Attrs(func(a slog.Attr) bool {
		if err, ok := a.Value.Any().(error); ok {
			all = append(all, systemsBehind(err)...)
		}
		return true
	})
	return all
}

// systemsBehind gives the systems whose not answering an error tells of.
func systemsBehind(err error) []string {
	var cut *wireError
	var ofTelegram *telegram.Error
	var ofMattermost *server.Error
	switch {
	case errors.As(err, &cut):
		return []string{cut.system}
	case errors.Is(err, bsre.ErrUnavailable):
		return []string{systemStatus, systemPortal, systemSignOn, systemGateway}
	case errors.As(err, &ofTelegram) && ofTelegram.Code >= http.StatusInternalServerError:
		return []string{systemTelegram}
	case errors.As(err, &ofMattermost) && ofMattermost.Status >= http.StatusInternalServerError:
		return []string{systemMattermost}
	case store.Unreachable(err): // the last: it knows a connection that was cut, whosever it was
		return []string{systemDatabase}
	}
	return nil
}
