package post

import (
	"context"
	"errors"
	"time"

	"resetpin/handlers/letters"
	"resetpin/handlers/mail"
	"resetpin/store"
)

// What became of a mail, as the audit trail has it.
const (
	fateSent     = "sent"     // the mail server took it
	fateRefused  = "refused"  // for good
	fateLate     = "late"     // a code that nobody could be sent in time
	fateReplaced = "replaced" // a code in whose place is a newer one
	fateGivenUp  = "givenup"  // the server took nothing for a day
)

// auditBound is the most time for a line of the audit trail, which is written
// although its job's time may be over.
const auditBound = 10 * time.Second

// fate names what became of a mail; empty: it is tried again.
func fate(ctx context.Context, err error) string {
	switch {
	case err == nil:
		return fateSent
	case errors.Is(err, letters.ErrReplaced):
		return fateReplaced
	case errors.Is(err, letters.ErrLate):
		return fateLate
	case errors.Is(err, mail.ErrPermanent):
		return fateRefused
	case store.LastTry(ctx):
		return fateGivenUp
	}
	return ""
}

// keepFate writes what became of a mail into the audit trail, by which mail it
// was and the server's code. The mail is done with, whether or not that can be
// written. For a NIP that nobody has there was none.
func (h *Room) keepFate(ctx context.Context, p letters.Letter, err error) {
	outcome := fate(ctx, err)
	if outcome == "" || p.NIP == "" && p.To == "" || p.Template == letters.CodeTemplate && p.To == "" {
		return
	}
	detail := p.Template
	if code := mail.Code(err); code != "" {
		detail += ", " + code
	}
	e := store.Event{At: h.Now(), Account: p.Asker, NIP: p.NIP, Action: "mail", Outcome: outcome, Detail: detail}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditBound)
	defer cancel()
	if err := h.Store.Audit(ctx, e); err != nil {
		h.Logger.ErrorContext(ctx, "what became of a mail could not be written down", "outcome", outcome, "error", err)
	}
}
