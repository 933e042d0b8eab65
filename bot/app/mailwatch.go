package app

import (
	"context"
	"fmt"
	"resetpin/handlers/letters"
	"sync"
	"time"
)

// mailWatch remembers what keeps mails from being handed over, until one is.
type mailWatch struct {
	metrics *metrics
	now     func() time.Time

	mu    sync.Mutex
	wrong error
	since time.Time
}

// note counts a mail's outcome.
func (w *mailWatch) note(outcome string, err error) {
	w.metrics.mails.WithLabelValues(outcome).Inc()
	w.mu.Lock()
	defer w.mu.Unlock()
	switch outcome {
	case letters.MailSent, letters.MailRefused: // the server takes mails
		w.wrong = nil
	case letters.MailNoSender, letters.MailFailed:
		if w.wrong == nil {
			w.since = w.now()
		}
		w.wrong = err
	}
}

// ready tells what is wrong, for /readyz.
func (w *mailWatch) ready(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.wrong == nil {
		return nil
	}
	return fmt.Errorf("no mail was taken since %s: %w", w.since.UTC().Format(time.RFC3339), w.wrong)
}
