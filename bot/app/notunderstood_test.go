package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"resetpin/store"
)

// A sentence that is not understood is counted by the place where it was
// typed, in the metrics and for the report; its words are kept nowhere.
func TestWhatIsNotUnderstoodIsCountedByPlaceAndNeverKept(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		words := []string{"xylofonqq brzt", "wqpfgj zzkty", "vbnrtq lkjhg"}
		p.Types(words[0])
		sees(t, p, "belum mengerti")
		linked(t, w, p, "ISSUE")
		p.Types("lupa pin")
		sees(t, p, "Lanjutkan?")
		p.Types(words[1])
		sees(t, p, "belum mengerti")
		p.Types(words[2])
		sees(t, p, "masih belum mengerti")
		want := map[string]int{"home-unlinked": 1, "confirm-reset": 2}
		for place, line := range map[string]string{
			"home-unlinked": `resetpin_events_total{action="lost",outcome="home-unlinked"} 1`,
			"confirm-reset": `resetpin_events_total{action="lost",outcome="confirm-reset"} 2`,
		} {
			eventually(t, place+" in the metrics", func() bool { return len(w.metric(line)) == 1 })
		}
		w.stop()
		w.database(func(db *store.Store) {
			rows, err := db.Report(t.Context(), store.Span{Until: w.clock.Now().Add(time.Hour), Zone: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				if r.Action == "lost" {
					if want[r.Outcome] -= r.Count; r.Detail != "" {
						t.Errorf("%+v has a detail", r)
					}
				}
			}
		})
		for place, n := range want {
			if n != 0 {
				t.Errorf("%s is counted %d times too few", place, n)
			}
		}
		kept, err := filepath.Glob(filepath.Join(w.dir, "bot.db*"))
		if err != nil || len(kept) == 0 {
			t.Fatalf("the database's files: %q, %v", kept, err)
		}
		for _, said := range words {
			if strings.Contains(w.log.String(), said) {
				t.Errorf("%q is in the log", said)
			}
			for _, name := range kept {
				if data, err := os.ReadFile(name); err != nil || strings.Contains(string(data), said) {
					t.Errorf("%q is in %s: %v", said, filepath.Base(name), err)
				}
			}
		}
	})
}
