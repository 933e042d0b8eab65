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

func stranger(i int) store.Account {
	return store.Account{Platform: "telegram", ID: fmt.Sprint("stranger", i)}
}

// guess types wrong codes for a NIP from chats that never had one before,
// until so many were judged.
func guess(t *testing.T, s *store.Store, nip string, n int, now time.Time) {
	t.Helper()
	for i := 0; n > 0; i++ {
		a := stranger(i)
		now = now.Add(time.Hour) // so that limits do not end it
		if !issue(t, s, ask(a, nip, "111111", now)) {
			t.Fatalf("stranger %d gets no code", i)
		}
		for range min(codeAttempts, n) {
			try(t, s, a, "000000", now)
			n--
		}
	}
}

func verdict(t *testing.T, s *store.Store, r store.CodeRequest) store.CodeVerdict {
	t.Helper()
	return must[store.CodeGrant](t)(s.CreateCode(t.Context(), r)).Verdict
}

func TestWrongCodesInARowShutOutStrangersOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi, sari)
		if err := s.Link(t.Context(), desk, budi.NIP, noon, func([]store.Account) []store.Job { return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Unlink(t.Context(), desk); err != nil {
			t.Fatal(err)
		}
		last, later := stranger(100), noon.Add(100*time.Hour)
		guess(t, s, budi.NIP, wrongInRow-1, noon)
		if !issue(t, s, ask(last, budi.NIP, "111111", later)) {
			t.Fatal("no code below the bound")
		}
		try(t, s, last, "000000", later)
		if got := try(t, s, last, "111111", later); got.Outcome != store.CodeShut || got.NIP != budi.NIP {
			t.Errorf("the right code after too many wrong ones: %+v", got)
		}
		for a, want := range map[store.Account]store.CodeVerdict{last: store.CodeLocked, stranger(101): store.CodeLocked, desk: store.CodeIssued} {
			if got := verdict(t, s, ask(a, budi.NIP, "111111", later)); got != want {
				t.Errorf("%s: %s", a.ID, got)
			}
		}
		if got := verdict(t, s, ask(last, sari.NIP, "111111", later)); got != store.CodeIssued {
			t.Errorf("for another NIP: %s", got)
		}
		if n := jobsOf(t, s, "alarm"); n < 2 || n > 6 { // once a day for the guesses, and once when the bound is reached
			t.Errorf("%d alarms", n)
		}
		// Success from a trusted chat frees the others.
		redeemed := must[store.CodeResult](t)(s.RedeemCode(t.Context(), attempt(desk, "111111", later), func(string, []store.Account) []store.Job { return nil }))
		if redeemed.Outcome != store.CodeRight {
			t.Errorf("the trusted chat: %+v", redeemed)
		}
		if got := verdict(t, s, ask(stranger(102), budi.NIP, "111111", later)); got != store.CodeIssued {
			t.Errorf("after a success: %s", got)
		}
	})
}

func TestATrustedChatThatGuessesIsAStranger(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		now, right := noon, 0
		for i := range wrongInRow + 1 {
			if i%codeAttempts == 0 {
				now = now.Add(24 * time.Hour)
				if !issue(t, s, at(linkedAsk(desk, budi.NIP), now)) {
					t.Fatal("no code")
				}
			}
			if try(t, s, desk, "000000", now).Outcome != store.CodeShut {
				right++
			}
		}
		guess(t, s, budi.NIP, wrongInRow-1, now)
		if got := verdict(t, s, at(linkedAsk(desk, budi.NIP), now.Add(240*time.Hour))); got != store.CodeLocked {
			t.Errorf("a chat that guessed %d times: %s", right, got)
		}
	})
}

// A chat that was trusted for good and guessed is trusted anew for as long as an
// officer says, and no longer.
func TestAChatThatGuessedIsTrustedAnewForAWhile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		now := noon
		if err := s.Link(t.Context(), desk, budi.NIP, now, func([]store.Account) []store.Job { return nil }); err != nil {
			t.Fatal(err)
		}
		for i := range wrongInRow {
			if i%codeAttempts == 0 {
				now = now.Add(24 * time.Hour)
				if !issue(t, s, at(linkedAsk(desk, budi.NIP), now)) {
					t.Fatal("no code")
				}
			}
			try(t, s, desk, "000000", now)
		}
		if _, err := s.Unlink(t.Context(), desk); err != nil {
			t.Fatal(err)
		}
		if err := s.FreeChat(t.Context(), desk, budi.NIP, officer, now, now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		guess(t, s, budi.NIP, wrongInRow, now)
		for after, want := range map[time.Duration]store.CodeVerdict{time.Minute: store.CodeIssued, 240 * time.Hour: store.CodeLocked} {
			if got := verdict(t, s, ask(desk, budi.NIP, "111111", now.Add(after))); got != want {
				t.Errorf("after %s: %s, want %s", after, got, want)
			}
		}
	})
}

func at(r store.CodeRequest, now time.Time) store.CodeRequest {
	r.Now, r.Expires = now, now.Add(codeLife)
	return r
}

func TestAnOfficerFreesANIPOrOneChat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		guess(t, s, budi.NIP, wrongInRow, noon)
		later, victim := noon.Add(100*time.Hour), stranger(1000)
		ask := func(a store.Account) store.CodeVerdict { return verdict(t, s, ask(a, budi.NIP, "111111", later)) }
		if got := ask(victim); got != store.CodeLocked {
			t.Fatalf("before: %s", got)
		}
		claims := must[[]store.Claim](t)(s.Claims(t.Context(), budi.NIP, later))
		if len(claims) != 1 || claims[0].Account != victim || claims[0].Reference != s.Reference(victim) || len(claims[0].Reference) != 6 || !claims[0].Issued.IsZero() {
			t.Fatalf("who asked: %+v", claims)
		}
		if err := s.FreeChat(t.Context(), victim, budi.NIP, officer, later, later.Add(time.Hour), store.Job{Kind: "hello"}); err != nil {
			t.Fatal(err)
		}
		if got := ask(victim); got != store.CodeIssued || jobsOf(t, s, "hello") != 1 {
			t.Errorf("the freed chat: %s", got)
		}
		if err := s.FreeNIP(t.Context(), budi.NIP, officer, later); err != nil {
			t.Fatal(err)
		}
		if got := ask(stranger(1001)); got != store.CodeIssued {
			t.Errorf("a stranger after the NIP was freed: %s", got)
		}
		if err := s.FreeNIP(t.Context(), sari.NIP, officer, later); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a NIP that nobody has: %v", err)
		}
		nip, asked, err := s.LastClaim(t.Context(), victim)
		if nip != budi.NIP || !asked.Equal(later) || err != nil {
			t.Errorf("last asked: %s, %v, %v", nip, asked, err)
		}
		if _, _, err := s.LastClaim(t.Context(), desk); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("who never asked: %v", err)
		}
	})
}

// A chat that was cut off is not trusted for having been linked once.
func TestACutChatIsAStranger(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		for _, a := range []store.Account{phone, desk} {
			if err := s.Link(t.Context(), a, budi.NIP, noon, func([]store.Account) []store.Job { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		got := must[[]store.Account](t)(s.UnlinkOthers(t.Context(), budi.NIP, phone.Platform, desk, func([]store.Account) []store.Job { return []store.Job{{Kind: "hello"}} }))
		if len(got) != 1 || got[0] != phone || jobsOf(t, s, "hello") != 1 {
			t.Errorf("cut %v", got)
		}
		if got := must[[]store.Account](t)(s.UnlinkOthers(t.Context(), budi.NIP, desk.Platform, desk, nobodyTold)); len(got) != 0 {
			t.Errorf("cut itself: %v", got)
		}
		for _, c := range must[[]store.Claim](t)(s.Claims(t.Context(), budi.NIP, noon)) {
			if c.Trusted != (c.Account == desk) {
				t.Errorf("%v is trusted: %v", c.Account, c.Trusted)
			}
		}
	})
}

func TestStrangersTogetherHaveABound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		issued := 0
		for i := range 40 {
			r := ask(stranger(i), fmt.Sprintf("19800101200501%04d", 1000+i), "111111", noon)
			if issue(t, s, r) {
				issued++
			}
		}
		last := must[store.CodeGrant](t)(s.CreateCode(t.Context(), ask(stranger(50), budi.NIP, "111111", noon)))
		if issued != 30 || last.Verdict != store.CodeBusy || !last.Until.Equal(noon.Add(time.Hour)) {
			t.Errorf("%d issued, then %+v", issued, last)
		}
		if got := verdict(t, s, linkedAsk(desk, budi.NIP)); got != store.CodeIssued {
			t.Errorf("a trusted chat: %s", got)
		}
	})
}

// A chat that named a NIP and never typed its code is forgotten after 90 days,
// one that was linked with it after the retention.
func TestWhoNamedANIPIsForgotten(t *testing.T) {
	const day = 24 * time.Hour
	storetest.EachURL(t, func(t *testing.T, url string) {
		now := noon.Add(400 * day)
		s := openWith(t, url, store.Options{Key: storetest.Key(), Now: func() time.Time { return now }})
		load(t, s, budi)
		if err := s.Link(t.Context(), desk, budi.NIP, now.Add(-300*day), func([]store.Account) []store.Job { return nil }); err != nil {
			t.Fatal(err)
		}
		for i, ago := range []time.Duration{90*day + time.Millisecond, 90 * day} {
			if !issue(t, s, ask(stranger(i), budi.NIP, "111111", now.Add(-ago))) {
				t.Fatal("no code")
			}
		}
		purged := func(before time.Time) (known []store.Account) {
			t.Helper()
			if _, err := s.Purge(t.Context(), before); err != nil {
				t.Fatal(err)
			}
			for _, c := range must[[]store.Claim](t)(s.Claims(t.Context(), budi.NIP, noon)) {
				known = append(known, c.Account)
			}
			return known
		}
		if got := purged(noon); !slices.Equal(got, []store.Account{stranger(1), desk}) {
			t.Errorf("before the retention: %v", got)
		}
		if got := purged(now.Add(-200 * day)); !slices.Equal(got, []store.Account{stranger(1)}) {
			t.Errorf("after it: %v", got)
		}
	})
}
