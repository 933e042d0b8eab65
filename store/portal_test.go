package store_test

import (
	"sync/atomic"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func take(t *testing.T, s *store.Store, holder string, hold time.Duration, urgent bool) time.Duration {
	t.Helper()
	wait, err := s.ClaimLease(t.Context(), "pace", holder, hold, urgent)
	if err != nil {
		t.Fatal(err)
	}
	return wait
}

func TestALeaseIsOneHoldersAtATime(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		both := twice(t, url)
		one, two := both[0], both[1]
		if wait := take(t, one, "one", time.Minute, false); wait != 0 {
			t.Fatalf("the first is to wait %v", wait)
		}
		if wait := take(t, two, "two", time.Minute, true); wait < 50*time.Second || wait > time.Minute {
			t.Errorf("the second is to wait %v", wait)
		}
		if err := two.ReleaseLease(t.Context(), "pace", "two", 0); err != nil {
			t.Fatal(err)
		}
		if wait := take(t, two, "two", time.Minute, true); wait == 0 { // in a hurry: else it is two's own that it waits for
			t.Error("who does not hold it gave it back")
		}
		if err := one.ReleaseLease(t.Context(), "pace", "one", 0); err != nil {
			t.Fatal(err)
		}
		if wait := take(t, one, "one", time.Minute, false); wait == 0 {
			t.Error("who is not in a hurry comes before who is")
		}
		if wait := take(t, two, "two", time.Millisecond, true); wait != 0 {
			t.Errorf("who is in a hurry is to wait %v", wait)
		}
		until(t, "the lease of a dead process ends", func() bool { return take(t, one, "one", time.Minute, true) == 0 })
		if err := one.ReleaseLease(t.Context(), "pace", "one", 40*time.Second); err != nil {
			t.Fatal(err)
		}
		if wait := take(t, two, "two", time.Minute, true); wait <= 0 || wait > 40*time.Second {
			t.Errorf("after a rest the next is to wait %v", wait)
		}
		exec(t, one, "UPDATE leases SET free_at = free_at + 86400000, urgent_until = urgent_until + 86400000") // the clock was set back since
		if wait := take(t, two, "two", time.Minute, false); wait != 0 {
			t.Errorf("a clock that was ahead blocks for %v", wait)
		}
	})
}

func TestManyAskForOneLease(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		both := twice(t, url)
		var holders, taken atomic.Int32
		together(8, func(i int) {
			name := string(rune('a' + i))
			for {
				wait, err := both[i%2].ClaimLease(t.Context(), "pace", name, time.Minute, i%3 == 0)
				if err != nil {
					t.Error(err)
					return
				}
				if wait == 0 {
					break
				}
				time.Sleep(min(wait, 5*time.Millisecond))
			}
			if holders.Add(1) != 1 {
				t.Error("two hold it")
			}
			taken.Add(1)
			holders.Add(-1)
			if err := both[i%2].ReleaseLease(t.Context(), "pace", name, 0); err != nil {
				t.Error(err)
			}
		})
		if taken.Load() != 8 {
			t.Errorf("%d of 8 had it", taken.Load())
		}
	})
}

func TestABudgetIsSpentAndComesBack(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		both := twice(t, url)
		limits := []store.Budget{{Most: 1, Within: time.Minute}, {Most: 3, Within: time.Hour}}
		spend := func(nip string, at time.Duration) time.Duration {
			t.Helper()
			until, err := both[0].Spend(t.Context(), nip, "whatsapp", noon.Add(at), limits...)
			if err != nil {
				t.Fatal(err)
			}
			if until.IsZero() {
				return 0
			}
			return until.Sub(noon)
		}
		for _, step := range []struct{ at, until time.Duration }{
			{0, 0}, {30 * time.Second, time.Minute}, {time.Minute, 0}, {2 * time.Minute, 0}, {3 * time.Minute, time.Hour}, {59 * time.Minute, time.Hour}, {time.Hour, 0},
		} {
			if got := spend(budi.NIP, step.at); got != step.until {
				t.Errorf("after %v: refused until %v, want %v", step.at, got, step.until)
			}
		}
		if got := spend(sari.NIP, 0); got != 0 {
			t.Errorf("somebody else is refused until %v", got)
		}
		if err := both[1].Refund(t.Context(), sari.NIP, "whatsapp", noon); err != nil {
			t.Fatal(err)
		}
		if got := spend(sari.NIP, time.Second); got != 0 {
			t.Errorf("after the refund: refused until %v", got)
		}
		if got := spend(sari.NIP, -48*time.Hour); got != 0 { // the clock was two days ahead before
			t.Errorf("what is noted for the future blocks until %v", got)
		}
		var allowed atomic.Int32
		together(6, func(i int) {
			until, err := both[i%2].Spend(t.Context(), "199001012015011009", "whatsapp", noon, limits...)
			if err != nil {
				t.Error(err)
			}
			if until.IsZero() {
				allowed.Add(1)
			}
		})
		if allowed.Load() != 1 {
			t.Errorf("%d of 6 at once were allowed", allowed.Load())
		}
	})
}

func TestWhatThePortalToldIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		keep := func(nip string, c store.Certificate) {
			t.Helper()
			if err := s.SaveCertificate(t.Context(), nip, c); err != nil {
				t.Fatal(err)
			}
			settled(t, s)
		}
		known := func(nip string) store.Certificate { return must[store.Certificate](t)(s.Certificate(t.Context(), nip)) }
		if got := known(budi.NIP); got != (store.Certificate{}) {
			t.Errorf("before: %+v", got)
		}
		want := store.Certificate{Looked: noon.Local(), EndDate: noon.AddDate(2, 0, 0).Local(), Product: "Tanda Tangan Elektronik", Link: "RESET_PASSPHRASE"}
		keep(budi.NIP, want)
		keep(budi.NIP, store.Certificate{Looked: noon.Add(-time.Hour)}) // a late one
		if got := known(budi.NIP); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if got := known(sari.NIP); got != (store.Certificate{}) {
			t.Errorf("somebody else: %+v", got)
		}
	})
}

func TestOdditiesAreCountedByTheirShape(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for i, shape := range []string{"99/99/9999", "aaaaa", "99/99/9999"} {
			if err := s.NoteOddity(t.Context(), "notAfterDate", shape, noon.Add(time.Duration(i)*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		settled(t, s)
		got := must[[]store.Oddity](t)(s.Oddities(t.Context(), noon.Add(90*time.Minute)))
		want := store.Oddity{Field: "notAfterDate", Shape: "99/99/9999", Times: 2, First: noon.Local(), Last: noon.Add(2 * time.Hour).Local()}
		if len(got) != 1 || got[0] != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestTheDirectoryIsKnownToBeEmpty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if must[bool](t)(s.HasEmployees(t.Context())) {
			t.Error("an empty directory has somebody")
		}
		load(t, s, budi)
		if !must[bool](t)(s.HasEmployees(t.Context())) {
			t.Error("nobody is in a directory with somebody")
		}
	})
}
