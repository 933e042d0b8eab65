package store

import (
	"context"
	"fmt"
)

// SetOffer keeps where the bot's last message left the account.
func (s *Store) SetOffer(ctx context.Context, a Account, o Offer) error {
	var sealed []byte
	if len(o.Choices) > 0 {
		sealed = s.seal.seal(offerPlace(a), []byte(o.Choices))
	}
	return s.upsert(ctx, `INSERT INTO accounts (platform, account, place, offered, offered_at, missed) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (platform, account) DO UPDATE SET place = excluded.place, offered = excluded.offered, offered_at = excluded.offered_at, missed = excluded.missed`,
		a.Platform, a.ID, o.Place, sealed, ms(o.At), o.Missed)
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
