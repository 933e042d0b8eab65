package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func linked(t *testing.T, s *store.Store, a store.Account) store.Session {
	t.Helper()
	return must[store.Session](t)(s.Session(t.Context(), a))
}

func TestADisplacedAccountIsToldWithTheLink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		link(t, s, phone, budi.NIP)
		tell := func(displaced []store.Account) []store.Job {
			var jobs []store.Job
			for _, a := range displaced {
				jobs = append(jobs, store.Job{Kind: "tell", Payload: []byte(a.ID)})
			}
			return jobs
		}
		refuse(t, s, "river_job", "queue", "tell")
		if err := s.Link(t.Context(), other, budi.NIP, noon, tell); err == nil {
			t.Fatal("linked, and nobody was told")
		}
		if !linked(t, s, phone).Linked || linked(t, s, other).Linked {
			t.Error("a failed link changed something")
		}
		allow(t, s, "river_job")
		if err := s.Link(t.Context(), other, budi.NIP, noon, tell); err != nil {
			t.Fatal(err)
		}
		if linked(t, s, phone).Linked || !linked(t, s, other).Linked || jobsOf(t, s, "tell") != 1 {
			t.Error("the new account did not take the old one's place")
		}
	})
}

func TestAnAccountHasOneEmployee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi, sari)
		if err := errors.Join(s.SetLanguage(t.Context(), phone, "en"), s.SetBrowser(t.Context(), phone, "edge"), s.SetPrompt(t.Context(), phone, store.PromptCode, noon)); err != nil {
			t.Fatal(err)
		}
		link(t, s, phone, budi.NIP)
		if got := link(t, s, phone, sari.NIP); len(got) != 0 {
			t.Errorf("displaced %v", got)
		}
		if got := must[[]store.Link](t)(s.Links(t.Context(), budi.NIP)); len(got) != 0 {
			t.Errorf("the employee before still has %+v", got)
		}
		if got := linked(t, s, phone); got.Employee != sari || got.Prompt != store.PromptNone || got.Language != "en" || got.Browser != "edge" {
			t.Errorf("session: %+v", got)
		}
		if got := must[string](t)(s.Unlink(t.Context(), phone)); got != sari.NIP {
			t.Errorf("unlinked from %s", got)
		}
		if got := linked(t, s, phone); got.Linked || got.Language != "en" || !got.Verified.IsZero() {
			t.Errorf("session: %+v", got)
		}
	})
}

// Whoever links again proves it anew: the time of the proof is what LINK_TTL
// is counted from.
func TestLinkingAgainIsANewProof(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		for _, at := range []time.Time{noon, noon.Add(90 * 24 * time.Hour)} {
			if err := s.Link(t.Context(), phone, budi.NIP, at, func([]store.Account) []store.Job { return nil }); err != nil {
				t.Fatal(err)
			}
			if got := linked(t, s, phone); !got.Verified.Equal(at) {
				t.Errorf("verified %v, want %v", got.Verified, at)
			}
			links := must[[]store.Link](t)(s.Links(t.Context(), budi.NIP))
			if len(links) != 1 || !links[0].Verified.Equal(at) || !links[0].Linked.Equal(at) || links[0].NIP != budi.NIP {
				t.Errorf("links: %+v", links)
			}
		}
	})
}

// Who left stays linked, so that the bot can tell them so.
func TestAnInactiveEmployeeStaysLinked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi, sari)
		link(t, s, phone, budi.NIP)
		if _, err := s.Import(t.Context(), rows(sari), store.ImportOptions{DeactivateMissing: true}); err != nil {
			t.Fatal(err)
		}
		if got := linked(t, s, phone); !got.Linked || got.Employee.Active || got.Employee.Name != budi.Name {
			t.Errorf("session: %+v", got)
		}
	})
}

func nobodyTold([]store.Account) []store.Job { return nil }

func TestUnlinkAllTakesEveryPlatformAndNobodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi, sari)
		link(t, s, phone, budi.NIP)
		link(t, s, desk, budi.NIP)
		link(t, s, other, sari.NIP)
		got := must[[]store.Account](t)(s.UnlinkAll(t.Context(), budi.NIP, officer, nobodyTold))
		slices.SortFunc(got, func(a, b store.Account) int { return len(a.Platform) - len(b.Platform) })
		if !slices.Equal(got, []store.Account{phone, desk}) {
			t.Errorf("unlinked %v", got)
		}
		if linked(t, s, phone).Linked || linked(t, s, desk).Linked || !linked(t, s, other).Linked {
			t.Error("somebody is linked who is not to be, or the other way round")
		}
		for _, nip := range []string{budi.NIP, "nobody", ""} {
			if got := must[[]store.Account](t)(s.UnlinkAll(t.Context(), nip, officer, nobodyTold)); len(got) != 0 {
				t.Errorf("%q: unlinked %v", nip, got)
			}
		}
	})
}

func TestAccountsThatWantOneEmployeeAtOnce(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		load(t, stores[0], budi)
		var told tally[store.Account]
		together(20, func(i int) {
			a := store.Account{Platform: "telegram", ID: fmt.Sprint("many", i)}
			err := stores[i%2].Link(t.Context(), a, budi.NIP, noon, func(displaced []store.Account) []store.Job {
				for _, d := range displaced {
					told.add(d)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		links := must[[]store.Link](t)(stores[0].Links(t.Context(), budi.NIP))
		if len(links) != 1 {
			t.Fatalf("links: %+v", links)
		}
		if told.n[links[0].Account] != 0 || len(told.n) != 19 {
			t.Errorf("%d were told that they are displaced; the one that stays: %v", len(told.n), links[0].Account)
		}
	})
}

// Two accounts that change places wait for each other's rows.
func TestAccountsThatChangePlacesAtOnce(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		load(t, stores[0], budi, sari)
		nips := []string{budi.NIP, sari.NIP}
		accounts := []store.Account{phone, other}
		for round := range 20 {
			together(2, func(i int) {
				if err := stores[i].Link(t.Context(), accounts[i], nips[(i+round)%2], noon, func([]store.Account) []store.Job { return nil }); err != nil {
					t.Errorf("round %d: %v", round, err)
				}
			})
			// Whoever came second may have displaced the first; nobody is linked twice.
			if n := count(t, stores[0], `SELECT count(*) FROM accounts WHERE nip_hash IS NOT NULL`); n < 1 || n > 2 {
				t.Errorf("round %d: %d links", round, n)
			}
		}
	})
}
