package store_test

import (
	"errors"
	"resetpin/store"
	"resetpin/store/storetest"
	"testing"
)

// A right code and its link are one: when the link's job cannot be kept, the
// code stays usable.
func TestRedeemingIsAllOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		issue(t, s, ask(phone, budi.NIP, "111111", noon))
		refuse(t, s, "river_job", "queue", "hello")
		redeem := func() (store.CodeResult, error) {
			return s.RedeemCode(t.Context(), attempt(phone, "111111", noon),
				func(string, []store.Account) []store.Job { return []store.Job{{Kind: "hello"}} })
		}
		if got, err := redeem(); err == nil {
			t.Fatalf("redeemed: %+v", got)
		}
		if _, err := s.Unlink(t.Context(), phone); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("linked without a code: %v", err)
		}
		allow(t, s, "river_job")
		if got := must[store.CodeResult](t)(redeem()); got.Outcome != store.CodeRight || got.NIP != budi.NIP {
			t.Errorf("got %+v", got)
		}
		if links := must[[]store.Link](t)(s.Links(t.Context(), budi.NIP)); len(links) != 1 || jobsOf(t, s, "hello") != 1 {
			t.Errorf("links: %+v", links)
		}
	})
}

func TestRedeemingForSomebodyUnknownLinksNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		issue(t, s, ask(phone, budi.NIP, "111111", noon))
		got, err := s.RedeemCode(t.Context(), attempt(phone, "111111", noon), nil)
		if err != nil || got.Outcome != store.CodeNone {
			t.Errorf("got %+v, %v", got, err)
		}
		if n := count(t, s, `SELECT count(*) FROM accounts`); n != 0 {
			t.Errorf("%d accounts", n)
		}
	})
}
