package store_test

import (
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

func TestDepths(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Enqueue(t.Context(), store.Job{Kind: "note"}, store.Job{Kind: "note"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Record(t.Context(), store.Event{At: noon, Action: "import", Outcome: "done"}); err != nil {
			t.Fatal(err)
		}
		d, err := s.Depths(t.Context())
		if err != nil || d.Jobs["note"]["available"] != 2 || !d.Imported.Equal(noon) || d.Employees != 0 {
			t.Errorf("%+v, %v", d, err)
		}
	})
}
