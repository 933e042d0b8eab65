package store_test

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// What fails several people is one disturbance, whoever notes it, and however
// many notes there are.
func TestSeveralFailuresAreOneDisturbance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Now().Truncate(time.Millisecond)
		told := func(d store.Disturbance) store.Deed {
			return store.Deed{Lines: []store.Event{{At: now, Action: "disturbance", Outcome: "seen", Detail: d.What}}}
		}
		note := func(what, who string, at time.Time) bool {
			t.Helper()
			began, err := s.NoteFailure(t.Context(), what, who, at, at.Add(-10*time.Minute), 3, told)
			if err != nil {
				t.Fatal(err)
			}
			return began
		}
		for range 5 { // one person tries again and again
			if note("portal", "a", now) {
				t.Error("one person makes a disturbance")
			}
		}
		note("bsre", "b", now)
		note("portal", "c", now.Add(time.Minute))
		if note("portal", "d", now.Add(11*time.Minute)) {
			t.Error("what failed long ago counts")
		}
		var began atomic.Int32
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				if note("portal", fmt.Sprint("x", i), now.Add(11*time.Minute)) {
					began.Add(1)
				}
			})
		}
		group.Wait()
		all, err := s.Disturbances(t.Context())
		if err != nil || began.Load() != 1 || len(all) != 1 || all[0].What != "portal" || all[0].Source != store.ByBot {
			t.Fatalf("%d disturbances began: %+v, %v", began.Load(), all, err)
		}
		end := func(d *store.Disturbance) (store.Deed, error) {
			d.Ended = now.Add(time.Hour)
			return told(*d), nil
		}
		for _, want := range []bool{true, false} {
			if lasts, err := s.ChangeDisturbance(t.Context(), all[0].ID, end); lasts != want || err != nil {
				t.Errorf("ended: %v, %v, want %v", lasts, err, want)
			}
		}
		if err := s.ForgetFailures(t.Context(), "portal"); err != nil {
			t.Fatal(err)
		}
		if note("portal", "y", now.Add(11*time.Minute)) {
			t.Error("what failed before the end counts")
		}
	})
}

// What officers announce next takes the place of what they announced before.
func TestAnAnnouncementTakesThePlaceOfTheLast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now := time.Now().Truncate(time.Millisecond)
		nothing := func(store.Disturbance) store.Deed { return store.Deed{} }
		for i, words := range []string{"Portal BSrE sedang dirawat", "Selesai sore nanti", "Selesai sore nanti"} {
			d := store.Disturbance{What: "portal", Source: store.ByOfficer, Cause: "update " + strconv.Itoa(min(i, 1)), Words: []byte(words), Began: now, Until: now.Add(time.Hour), Confirmed: now}
			if _, err := s.AnnounceDisturbance(t.Context(), d, nothing); err != nil {
				t.Fatal(err)
			}
		}
		all, err := s.Disturbances(t.Context())
		if err != nil || len(all) != 1 || string(all[0].Words) != "Selesai sore nanti" || !all[0].Until.Equal(now.Add(time.Hour)) || !all[0].Confirmed.Equal(now) {
			t.Errorf("%+v, %v", all, err)
		}
	})
}
