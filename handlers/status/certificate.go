package status

import (
	"context"
	"fmt"
	"resetpin/bot/platform"
	"resetpin/handlers/bsre"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/store"
	"time"
)

// certificateFresh is how long what the portal told of a certificate is good
// enough: the end of one hardly ever changes.
const certificateFresh = 24 * time.Hour

// withEnd gives a status the end of the certificate that is kept, where the
// two do not contradict each other, and has it looked up for the next time
// when that was long ago. Nobody waits for it here.
func (h *Room) withEnd(ctx context.Context, r talk.Request, st store.Status) (store.Status, error) {
	kept, err := h.db.Certificate(ctx, r.Session.Employee.NIP)
	if err != nil {
		return st, fmt.Errorf("read certificate: %w", err)
	}
	fits := endFits(st.Value, kept.EndDate, r.Now)
	if age := r.Now.Sub(kept.Looked); age >= certificateFresh || age < -talk.ClockSkew || !fits && !kept.EndDate.IsZero() && age > time.Minute {
		h.ends.want(r.Session.Employee)
	}
	if fits {
		st.EndDate = kept.EndDate
	}
	return st, nil
}

// endFits tells whether a certificate can have this status and this end. What
// contradicts BSrE's word is not shown beside it.
func endFits(status string, end, now time.Time) bool {
	switch status {
	case pages.Issue:
		return end.After(now)
	case "EXPIRED":
		return !end.IsZero() && !end.After(now)
	}
	return false
}

// Keep keeps what the portal told.
func (h *Room) Keep(ctx context.Context, nip string, s bsre.Subject, now time.Time) error {
	phone := store.PhoneUnverified
	if s.PhoneVerified {
		phone = store.PhoneVerified
	}
	err := h.db.SaveCertificate(ctx, nip, store.Certificate{Looked: now, EndDate: s.EndDate, Product: s.Product, Link: s.Link, Phone: phone, Number: s.Phone})
	if err != nil {
		return fmt.Errorf("keep certificate: %w", err)
	}
	return nil
}

const (
	endsMost = 64          // employees whose end is to be looked up; more are asked for another time
	endsRest = time.Minute // after a failure
)

// endLookups are the ends of certificates that are looked up for the next
// time. They are nobody's wish: a crash, or a long queue, may lose them.
type endLookups struct{ wanted chan store.Employee }

func newEndLookups() *endLookups {
	return &endLookups{wanted: make(chan store.Employee, endsMost)}
}

func (l *endLookups) want(e store.Employee) {
	select {
	case l.wanted <- e:
	default:
	}
}

// LookUpEnds looks up the ends of certificates that were wanted, one after the
// other, until ctx ends, or at once where nobody can be looked up.
func (h *Room) LookUpEnds(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-h.ends.wanted:
			err := h.lookUpEnd(ctx, e)
			if talk.TroubleOf(err) == talk.Unsupported {
				return // here as elsewhere, and for nobody
			}
			if err != nil && ctx.Err() == nil {
				h.Logger.DebugContext(ctx, "the end of a certificate could not be looked up", "error", err)
				_ = platform.Sleep(ctx, endsRest)
			}
		}
	}
}

func (h *Room) lookUpEnd(ctx context.Context, e store.Employee) error {
	now := h.Now()
	kept, err := h.db.Certificate(ctx, e.NIP)
	if err != nil || now.Sub(kept.Looked).Abs() < time.Minute { // it was wanted twice
		return err
	}
	subject, err := h.portal.Glance(ctx, talk.Person(e))
	if err != nil && !talk.TroubleOf(err).Personal() {
		return err
	}
	return h.Keep(ctx, e.NIP, subject, now) // nothing is an answer too
}
