package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"resetpin/handlers/letters"
	"resetpin/handlers/mail"
)

// mailCalls counts and times what the mail server is asked, as it is done for
// the systems that are asked over HTTP.
type mailCalls struct {
	letters.Sender
	metrics *metrics
}

// Send hands one mail over to the server.
func (m mailCalls) Send(ctx context.Context, message mail.Message) error {
	return m.count(ctx, func() error { return m.Sender.Send(ctx, message) })
}

// Check asks whether the server takes mails at all.
func (m mailCalls) Check(ctx context.Context) error {
	return m.count(ctx, func() error { return m.Sender.Check(ctx) })
}

func (m mailCalls) count(ctx context.Context, ask func() error) error {
	began := time.Now()
	err := ask()
	if errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	m.metrics.call(systemMail, mailOutcome(err), time.Since(began))
	return err
}

// mailOutcome tells what became of a mail: the server's codes of 400 are for
// later, and those of 500 for good (RFC 5321, 4.2.1).
func mailOutcome(err error) string {
	code := mail.Code(err)
	switch {
	case err == nil:
		return callAnswered
	case strings.HasPrefix(code, "4"):
		return callBusy
	case strings.HasPrefix(code, "5"), errors.Is(err, mail.ErrPermanent), errors.Is(err, mail.ErrSender):
		return callRefused
	case errors.Is(err, context.DeadlineExceeded):
		return callLate
	}
	return callCut
}
