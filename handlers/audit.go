package handlers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"resetpin/store"
)

// audit writes a line of the audit trail about what the person just did.
func (h *Handlers) audit(ctx context.Context, r request, e store.Event) error {
	if err := h.Store.Audit(ctx, line(r, e)); err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	return nil
}

// line fills in who did it, when, and the employee of their account.
func line(r request, e store.Event) store.Event {
	e.At, e.Account = r.now, r.account()
	if e.NIP == "" {
		e.NIP = r.session.Employee.NIP
	}
	return e
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// clock shows a time of today as "14.05 WIB", and of another day with its
// date, in a zone of Indonesia.
func clock(zone *time.Location, t, now time.Time) string {
	t, now = t.In(zone), now.In(zone)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("15.04 MST")
	}
	return t.Format("02-01-2006 15.04 MST")
}

func (h *Handlers) clock(t, now time.Time) string { return clock(h.Settings.Zone, t, now) }

// day shows a date.
func (h *Handlers) day(t time.Time) string { return t.In(h.Settings.Zone).Format("02-01-2006") }
