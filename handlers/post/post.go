package post

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"resetpin/bot"
	"resetpin/handlers/letters"
	"resetpin/handlers/talk"
	"resetpin/store"
	"sync"
	"time"
)

// server knows whether the mail server takes mails at all. That it refuses one
// address for a while says nothing of others; and that it does must tell
// nobody that the address exists.
type server struct {
	mu     sync.Mutex
	failed time.Time // last
	works  bool      // since then
}

// troubleFor is how long after a failure the next mail is expected to fail:
// it is tried again within this time.
const troubleFor = 15 * time.Minute

// down tells whether mails cannot be sent just now.
func (s *server) down(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.failed.IsZero() && !s.works && now.Sub(s.failed) < troubleFor
}

// downSince tells whether mails could not be sent at some time since then.
func (s *server) downSince(then time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.failed.IsZero() && !s.failed.Before(then)
}

func (s *server) note(works bool, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.works = works
	if !works {
		s.failed = now
	}
}

// mail sends one mail, and tells whoever waits for it in a chat when the mail
// server keeps it.
func (h *Room) mail(ctx context.Context, payload []byte) error {
	var p letters.Letter
	if err := json.Unmarshal(payload, &p); err != nil {
		return fmt.Errorf("%w: read mail: %w", store.ErrJobCancel, err)
	}
	began := time.Now()
	err := h.Mails.Send(ctx, p)
	took := time.Since(began)
	h.keepFate(ctx, p, err)
	switch {
	case err == nil:
		h.Mails.State(ctx, took, nil)
		h.Met(ctx, talk.Mail, p.NIP, nil)
		h.server.note(true, h.Now())
		return h.tellWaiting(ctx, p, "code.back", h.Now().Add(h.codeTTL))
	case errors.Is(err, letters.ErrReplaced):
		return nil
	case errors.Is(err, letters.ErrLate):
		if alone, err := h.refusedAlone(ctx, p); alone || err != nil {
			return err
		}
		return h.tellWaiting(ctx, p, "code.late", p.Until)
	case errors.Is(err, store.ErrJobCancel), ctx.Err() != nil:
		return err
	}
	if h.Mails.Sender.Check(ctx) == nil {
		_, noted := h.refusedAlone(ctx, p)
		return errors.Join(err, noted)
	}
	h.Mails.State(ctx, took, err)
	h.Met(ctx, talk.Mail, cmp.Or(p.Asker.ID, p.NIP, p.To), err)
	h.server.note(false, h.Now())
	if !p.Told {
		err = errors.Join(err, h.tellWaiting(ctx, p, "code.trouble", p.Until))
	}
	return errors.Join(err, store.ErrJobWaits)
}

// refusedAlone notes that a code's mail was refused while others are taken,
// and tells whether that was known. That this address exists is told nobody.
func (h *Room) refusedAlone(ctx context.Context, p letters.Letter) (bool, error) {
	if p.Asker.ID == "" {
		return false, nil
	}
	before, err := h.db.Spend(ctx, bot.Account(p.Asker).String(), "refused alone", h.Now(), store.Budget{Most: 1, Within: 2 * letters.CodeLate})
	if err != nil {
		return false, fmt.Errorf("note a refused mail: %w", err)
	}
	return !before.IsZero(), nil
}

// tellWaiting tells somebody who waits for a code how its mail stands, once;
// that it was sent only when it was held up.
func (h *Room) tellWaiting(ctx context.Context, p letters.Letter, key string, until time.Time) error {
	if p.Asker.ID == "" || key == "code.back" && !p.Told && !h.server.downSince(p.At) {
		return nil
	}
	again, err := h.db.Spend(ctx, bot.Account(p.Asker).String(), key, h.Now(), store.Budget{Most: 1, Within: h.codeTTL})
	if err != nil {
		return fmt.Errorf("tell who waits: %w", err)
	}
	if !again.IsZero() {
		return nil
	}
	news := talk.Push{To: bot.Account(p.Asker), Key: key, Values: []string{"until", h.Clock(until, h.Now()), "chat", p.Chat}}
	if key == "code.late" {
		news.Buttons = []talk.PushButton{{Key: "button.newcode", Action: talk.CodeAgain.With("")}}
	}
	return h.Store.Enqueue(ctx, talk.Tell("", news))
}
