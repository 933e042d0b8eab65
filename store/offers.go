package store

import (
	"context"
	"fmt"
)

const setOffer = `INSERT INTO accounts (platform, account, place, offered, offered_at, missed, offered_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (platform, account) DO UPDATE SET
			before_place = CASE WHEN excluded.offered_by <> '' AND accounts.offered_by = excluded.offered_by THEN accounts.before_place ELSE accounts.place END,
			before_offered = CASE WHEN excluded.offered_by <> '' AND accounts.offered_by = excluded.offered_by THEN accounts.before_offered ELSE accounts.offered END,
			before_at = CASE WHEN excluded.offered_by <> '' AND accounts.offered_by = excluded.offered_by THEN accounts.before_at ELSE accounts.offered_at END,
			before_missed = CASE WHEN excluded.offered_by <> '' AND accounts.offered_by = excluded.offered_by THEN accounts.before_missed ELSE accounts.missed END,
			offered_by = excluded.offered_by, place = excluded.place, offered = excluded.offered, offered_at = excluded.offered_at, missed = excluded.missed`

// SetOffer keeps where the bot's last message left the account, and where it
// was before the update that led there, however often that comes.
func (s *Store) SetOffer(ctx context.Context, a Account, o Offer) error {
	return s.upsert(ctx, setOffer, s.offerRow(a, o)...)
}

// QueueOffer is SetOffer for what may be lost with the answer: it is queued
// before the update is closed, so that a crash within a moment makes that be
// answered again. Session waits for it.
func (s *Store) QueueOffer(ctx context.Context, a Account, o Offer) error {
	if err := s.batch.queue.put(ctx, write{query: setOffer, about: a, args: s.offerRow(a, o)}); err != nil {
		return fmt.Errorf("write account: %w", err)
	}
	return nil
}

// offerRow gives the values for setOffer.
func (s *Store) offerRow(a Account, o Offer) []any {
	var sealed []byte
	if len(o.Choices) > 0 {
		sealed = s.seal.seal(offerPlace(a), []byte(o.Choices))
	}
	return []any{a.Platform, a.ID, o.Place, sealed, ms(o.At), o.Missed, o.By}
}

// openOffer reads an offer's columns.
func (s *Store) openOffer(a Account, place string, sealed []byte, at, missed int64) (Offer, error) {
	o := Offer{Place: place, At: fromMS(at), Missed: int(missed)}
	if len(sealed) == 0 {
		return o, nil
	}
	choices, err := s.seal.open(offerPlace(a), sealed)
	if err != nil {
		return Offer{}, fmt.Errorf("open what was offered: %w", err)
	}
	o.Choices = string(choices)
	return o, nil
}

func offerPlace(a Account) string { return "offer " + a.Platform + ":" + a.ID }
