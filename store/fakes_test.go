package store_test

import (
	"strconv"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// A false link is counted by host and by who showed it, whatever the order,
// and forgotten after a week.
func TestFalseLinksAreCounted(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		now := time.Now()
		note := func(account, host string, at time.Time) store.FakeCount {
			t.Helper()
			n, err := s.NoteFake(t.Context(), store.Fake{Account: store.Account{Platform: "telegram", ID: account}, Host: host, Now: at}, func(store.FakeCount) []store.Job { return nil })
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for i := range 5 {
			if got := note(strconv.Itoa(i), "palsu.test", now.Add(time.Duration(i)*time.Minute)); !got.New || got.InHour != i+1 || got.ByOne != 1 {
				t.Errorf("report %d: %+v", i, got)
			}
		}
		if got := note("0", "palsu.test", now.Add(10*time.Minute)); got.New || got.InHour != 5 {
			t.Errorf("shown again: %+v", got)
		}
		if got := note("0", "lain.test", now.Add(11*time.Minute)); !got.New || got.InHour != 1 || got.ByOne != 2 {
			t.Errorf("another host: %+v", got)
		}
		if got := note("9", "palsu.test", now.Add(2*time.Hour)); !got.New || got.InHour != 1 {
			t.Errorf("two hours later: %+v", got)
		}
		if got := note("0", "palsu.test", now.Add(25*time.Hour)); !got.New {
			t.Errorf("a day later: %+v", got)
		}
		events := 0
		for e, err := range s.Events(t.Context(), now.Add(-time.Hour), "") {
			if err != nil {
				t.Fatal(err)
			}
			if e.Action == "guard" && e.Outcome == "fake" {
				events++
			}
		}
		if events != 9 {
			t.Errorf("%d lines in the audit trail, want 9", events)
		}
		if n := count(t, s, `SELECT count(*) FROM fake_links WHERE host LIKE '%telegram%'`); n != 0 {
			t.Errorf("%d rows name an account", n)
		}
	})
}
