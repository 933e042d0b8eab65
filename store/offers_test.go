package store_test

import (
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

// What is queued of an account is there for whoever reads of it, and closing
// the update does not overtake it.
func TestAQueuedOfferIsSeenAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		a := store.Account{Platform: "telegram", ID: "1"}
		for _, place := range []string{"status", "help", ""} {
			if err := s.QueueOffer(t.Context(), a, store.Offer{Place: place, At: noon, By: place}); err != nil {
				t.Fatal(err)
			}
			if got := must[store.Session](t)(s.Session(t.Context(), a)).Offer.Place; got != place {
				t.Errorf("the place is %q, want %q", got, place)
			}
		}
	})
}
