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
	e.At, e.Account = r.now, r.account()
	if e.NIP == "" {
		e.NIP = r.session.Employee.NIP
	}
	if err := h.Store.Audit(ctx, e); err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	return nil
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// clock shows a time of today as "14.05 WIB", and of another day with its
// date. Times are shown in western Indonesian time.
func clock(t, now time.Time) string {
	wib := time.FixedZone("WIB", 7*60*60)
	t, now = t.In(wib), now.In(wib)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return t.Format("15.04 WIB")
	}
	return t.Format("02-01-2006 15.04 WIB")
}

// day shows a date.
func day(t time.Time) string {
	return t.In(time.FixedZone("WIB", 7*60*60)).Format("02-01-2006")
}
