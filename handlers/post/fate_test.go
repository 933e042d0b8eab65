package post

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/store"
)

// silent is a database that takes no line of the audit trail.
type silent struct {
	talk.Store
	ended error
}

func (s *silent) Audit(ctx context.Context, _ store.Event) error {
	select {
	case <-ctx.Done():
	case <-time.After(time.Hour):
	}
	s.ended = ctx.Err()
	return s.ended
}

// What became of a mail is written although the job's time is over, and not for
// ever.
func TestTheFateOfAMailIsNotWrittenForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := &silent{}
		h := &Room{Kernel: talk.New(talk.Config{Store: db, Logger: slog.New(slog.DiscardHandler), Now: time.Now})}
		over, cancel := context.WithCancel(t.Context())
		cancel()
		began := time.Now()
		h.keepFate(over, letters.Letter{NIP: "198805052012122001", To: "satu@contoh.go.id", Template: "reset"}, nil)
		if took := time.Since(began); took != auditBound || !errors.Is(db.ended, context.DeadlineExceeded) {
			t.Errorf("it took %v and ended with %v", took, db.ended)
		}
	})
}
