package store_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func TestAWalkMovesFromItsVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := must[store.Walk](t)(s.StartWalk(t.Context(), budi.NIP, "reset", "notice", noon))
		want := store.Walk{ID: w.ID, Owner: budi.NIP, Guide: "reset", Step: "notice", State: store.WalkActive, Started: noon.Local(), Moved: noon.Local()}
		if w != want {
			t.Errorf("started: %+v", w)
		}
		moves := []struct {
			step  string
			state store.WalkState
		}{{"mailbox", store.WalkActive}, {"mailbox", store.WalkStopped}, {"mailbox", store.WalkActive}, {"notice", store.WalkActive}, {"done", store.WalkDone}}
		for i, m := range moves {
			at := noon.Add(time.Duration(i+1) * time.Minute)
			old := w
			w = must[store.Walk](t)(s.MoveWalk(t.Context(), w.ID, w.Version, m.step, m.state, at))
			want.Step, want.State, want.Version, want.Moved = m.step, m.state, i+1, at.Local()
			if w != want {
				t.Errorf("moved: %+v, want %+v", w, want)
			}
			if _, err := s.MoveWalk(t.Context(), old.ID, old.Version, "else", store.WalkActive, at); !errors.Is(err, store.ErrStale) {
				t.Errorf("an old step's button: %v", err)
			}
			if got := must[store.Walk](t)(s.Walk(t.Context(), budi.NIP)); got != want {
				t.Errorf("read: %+v", got)
			}
		}
		if _, err := s.MoveWalk(t.Context(), w.ID+1, 0, "x", store.WalkActive, noon); !errors.Is(err, store.ErrStale) {
			t.Errorf("no such walk: %v", err)
		}
		if _, err := s.Walk(t.Context(), sari.NIP); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("nobody's walk: %v", err)
		}
	})
}

func TestAnOwnerHasOneActiveWalk(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		first := must[store.Walk](t)(stores[0].StartWalk(t.Context(), budi.NIP, "reset", "notice", noon))
		theirs := must[store.Walk](t)(stores[0].StartWalk(t.Context(), sari.NIP, "reset", "notice", noon))
		second := must[store.Walk](t)(stores[1].StartWalk(t.Context(), budi.NIP, "about", "pin", noon.Add(time.Minute)))
		if _, err := stores[0].MoveWalk(t.Context(), first.ID, first.Version, "mailbox", store.WalkActive, noon); !errors.Is(err, store.ErrStale) {
			t.Errorf("a button of the walk before: %v", err)
		}
		if got := must[store.Walk](t)(stores[0].Walk(t.Context(), budi.NIP)); got != second {
			t.Errorf("latest: %+v", got)
		}
		if got := must[store.Walk](t)(stores[0].Walk(t.Context(), sari.NIP)); got != theirs {
			t.Errorf("somebody else's: %+v", got)
		}
		together(20, func(i int) {
			if _, err := stores[i%2].StartWalk(t.Context(), budi.NIP, "reset", strconv.Itoa(i), noon); err != nil {
				t.Error(err)
			}
		})
		if n := count(t, stores[0], `SELECT count(*) FROM walks WHERE state = 'active'`); n != 2 {
			t.Errorf("%d active walks, want one of each", n)
		}
		if got := must[store.Walk](t)(stores[0].Walk(t.Context(), budi.NIP)); got.State != store.WalkActive {
			t.Errorf("the latest is %s", got.State)
		}
	})
}

// Two platforms press the same step's button: one moves, the other hears that
// it is stale.
func TestOneOfManyPressesMovesAWalk(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		w := must[store.Walk](t)(stores[0].StartWalk(t.Context(), budi.NIP, "reset", "notice", noon))
		var moved tally[bool]
		together(20, func(i int) {
			_, err := stores[i%2].MoveWalk(t.Context(), w.ID, w.Version, strconv.Itoa(i), store.WalkActive, noon)
			if err != nil && !errors.Is(err, store.ErrStale) {
				t.Error(err)
			}
			moved.add(err == nil)
		})
		if moved.n[true] != 1 {
			t.Errorf("moved: %v", moved.n)
		}
	})
}

// An employee's walk goes on on another platform; an account's own walk is
// met again when it is unlinked.
func TestAWalkFollowsTheEmployee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		own := must[store.Walk](t)(s.StartWalk(t.Context(), "telegram:1", "about", "pin", noon))
		link(t, s, phone, budi.NIP)
		link(t, s, desk, budi.NIP)
		if got := linked(t, s, phone).Walk; got.ID != 0 {
			t.Errorf("before the employee walked: %+v", got)
		}
		w := must[store.Walk](t)(s.StartWalk(t.Context(), budi.NIP, "reset", "notice", noon))
		w = must[store.Walk](t)(s.MoveWalk(t.Context(), w.ID, w.Version, "mailbox", store.WalkStopped, noon))
		for _, a := range []store.Account{phone, desk} {
			if got := linked(t, s, a).Walk; got != w {
				t.Errorf("%v: %+v", a, got)
			}
		}
		w = must[store.Walk](t)(s.MoveWalk(t.Context(), w.ID, w.Version, "mailbox", store.WalkActive, noon)) // resumed at the desk
		if got := linked(t, s, phone).Walk; got != w {
			t.Errorf("resumed: %+v", got)
		}
		if _, err := s.Unlink(t.Context(), phone); err != nil {
			t.Fatal(err)
		}
		if got := linked(t, s, phone).Walk; got != own {
			t.Errorf("unlinked: %+v", got)
		}
	})
}

// The wishes belong to the account and stay through links and walks.
func TestWishesStayWithTheAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		if err := errors.Join(s.SetBrowser(t.Context(), phone, "chrome"), s.SetQuiet(t.Context(), phone, true)); err != nil {
			t.Fatal(err)
		}
		link(t, s, phone, budi.NIP)
		link(t, s, desk, budi.NIP)
		if got := linked(t, s, phone); got.Browser != "chrome" || !got.Quiet {
			t.Errorf("linked: %+v", got)
		}
		if got := linked(t, s, desk); got.Browser != "" || got.Quiet {
			t.Errorf("the employee's other account: %+v", got)
		}
		link(t, s, other, budi.NIP)
		if got := linked(t, s, phone); got.Browser != "chrome" || !got.Quiet || got.Linked {
			t.Errorf("displaced: %+v", got)
		}
		if err := s.SetQuiet(t.Context(), phone, false); err != nil {
			t.Fatal(err)
		}
		if got := linked(t, s, phone); got.Quiet {
			t.Error("still quiet")
		}
	})
}
