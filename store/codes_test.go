package store_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// The rules that the bot gives the store.
const (
	codeAttempts = 5
	codeLife     = 10 * time.Minute
	codeLimit    = 3
	wrongInRow   = 40
)

// limits are like the bot's, with small numbers.
func limits() store.CodeLimits {
	return store.CodeLimits{
		Asker: []store.Rate{{Most: codeLimit, Per: time.Hour}, {Most: 5, Per: 24 * time.Hour}},
		NIP:   []store.Rate{{Most: 3, Per: time.Hour}}, Reserve: []store.Rate{{Most: 1, Per: time.Hour}},
		Strangers: store.Rate{Most: 30, Per: time.Hour}, Wrong: wrongInRow,
	}
}

// ask is a request for a code as the bot makes it.
func ask(a store.Account, nip, code string, now time.Time) store.CodeRequest {
	return store.CodeRequest{
		Account: a, NIP: nip, Code: code, Now: now, Expires: now.Add(codeLife), Limits: limits(),
		Mail: store.Job{Kind: "mail", Payload: []byte(code)}, Alarm: func(d store.Danger) store.Job { return store.Job{Kind: "alarm", Payload: []byte(d)} },
	}
}

// issue asks for a code, and tells whether one was issued.
func issue(t *testing.T, s *store.Store, r store.CodeRequest) bool {
	t.Helper()
	return must[store.CodeGrant](t)(s.CreateCode(t.Context(), r)).Verdict == store.CodeIssued
}

func attempt(a store.Account, code string, now time.Time) store.CodeAttempt {
	return store.CodeAttempt{Account: a, Code: code, Now: now, Attempts: codeAttempts, Wrong: wrongInRow,
		Alarm: func(_ string, d store.Danger) store.Job { return store.Job{Kind: "alarm", Payload: []byte(d)} }}
}

func try(t *testing.T, s *store.Store, a store.Account, code string, now time.Time) store.CodeResult {
	t.Helper()
	return must[store.CodeResult](t)(s.TryCode(t.Context(), attempt(a, code, now)))
}

// linkedAsk is the request of a chat that is linked with the NIP.
func linkedAsk(a store.Account, nip string) store.CodeRequest {
	r := ask(a, nip, "444444", noon)
	r.Linked = true
	return r
}

func TestCodesAreLimitedByAccountAndByNIP(t *testing.T) {
	one, two, three := ask(phone, budi.NIP, "111111", noon), ask(other, budi.NIP, "222222", noon), ask(phone, sari.NIP, "333333", noon)
	at := func(r store.CodeRequest, d time.Duration) store.CodeRequest {
		r.Now, r.Expires = noon.Add(d), noon.Add(d+codeLife)
		return r
	}
	tests := []struct {
		name   string
		before []store.CodeRequest
		then   store.CodeRequest
		want   bool
	}{
		{"the first", nil, one, true},
		{"the third of an account", []store.CodeRequest{one, three}, one, true},
		{"the fourth of an account, for whomever", []store.CodeRequest{one, three, one}, three, false},
		{"the fourth of strangers for a NIP", []store.CodeRequest{one, two, one}, two, false},
		{"the first of a stranger beyond that", []store.CodeRequest{one, two, one}, ask(desk, budi.NIP, "4", noon), true},
		{"of one linked with the NIP", []store.CodeRequest{one, two, one}, linkedAsk(desk, budi.NIP), true},
		{"after those of a clock that was ahead", []store.CodeRequest{at(one, 400*time.Hour), at(one, 401*time.Hour), at(one, 402*time.Hour)}, one, true},
		{"another account and NIP", []store.CodeRequest{one, one, one}, ask(other, sari.NIP, "4", noon), true},
		{"the same id on another platform", []store.CodeRequest{one, one, one}, ask(store.Account{Platform: "mattermost", ID: phone.ID}, sari.NIP, "4", noon), true},
		{"a moment before the hour is over", []store.CodeRequest{one, one, one}, at(one, time.Hour-time.Millisecond), false},
		{"when the hour is over", []store.CodeRequest{one, one, one}, at(one, time.Hour), true},
		{"when the first one's hour is over", []store.CodeRequest{one, at(one, time.Minute), at(one, time.Minute)}, at(one, time.Hour), true},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, tt := range tests {
			exec(t, s, `DELETE FROM codes`, `DELETE FROM claims`, `DELETE FROM river_job`)
			for _, r := range tt.before {
				if !issue(t, s, r) {
					t.Fatalf("%s: refused before: %+v", tt.name, r)
				}
			}
			if got := issue(t, s, tt.then); got != tt.want {
				t.Errorf("%s: issued: %v", tt.name, got)
			}
			want := len(tt.before)
			if tt.want {
				want++
			}
			if codes, mails := count(t, s, `SELECT count(*) FROM codes`), jobsOf(t, s, "mail"); codes != want || mails != want {
				t.Errorf("%s: %d codes and %d mails, want %d", tt.name, codes, mails, want)
			}
		}
	})
}

// What is refused counts nowhere: it neither lengthens the hour nor ends the
// code that was issued before.
func TestARefusedCodeLeavesTheLastOneOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, code := range []string{"111111", "222222", "333333"} {
			issue(t, s, ask(phone, budi.NIP, code, noon))
		}
		if issue(t, s, ask(phone, budi.NIP, "444444", noon)) {
			t.Fatal("a fourth code")
		}
		for old, want := range map[string]store.CodeOutcome{"111111": store.CodeOlder, "222222": store.CodeOlder, "444444": store.CodeWrong} {
			if got := try(t, s, phone, old, noon); got.Outcome != want {
				t.Errorf("%s: %+v", old, got)
			}
		}
		if got := try(t, s, phone, "333333", noon); got != (store.CodeResult{Outcome: store.CodeRight, NIP: budi.NIP}) {
			t.Errorf("the last code: %+v", got)
		}
	})
}

func TestACodeEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if got := try(t, s, phone, "111111", noon); got.Outcome != store.CodeNone {
			t.Errorf("without a code: %+v", got)
		}
		issue(t, s, ask(phone, budi.NIP, "111111", noon))
		if got := try(t, s, phone, "111111", noon.Add(codeLife)); got.Outcome != store.CodeRight {
			t.Errorf("at the last moment: %+v", got)
		}
		if got := try(t, s, phone, "111111", noon); got.Outcome != store.CodeNone {
			t.Errorf("a second time: %+v", got)
		}
		issue(t, s, ask(phone, budi.NIP, "111111", noon))
		if got := try(t, s, phone, "111111", noon.Add(codeLife+time.Millisecond)); got.Outcome != store.CodeExpired {
			t.Errorf("too late: %+v", got)
		}
		if got := try(t, s, phone, "111111", noon); got.Outcome != store.CodeNone {
			t.Errorf("after it was too late: %+v", got)
		}
		issue(t, s, ask(phone, budi.NIP, "111111", noon))
		for left := codeAttempts - 1; left > 0; left-- {
			if got := try(t, s, phone, "000000", noon); got != (store.CodeResult{Outcome: store.CodeWrong, NIP: budi.NIP, Left: left}) {
				t.Errorf("got %+v, want %d left", got, left)
			}
		}
		if got := try(t, s, phone, "000000", noon); got.Outcome != store.CodeExhausted {
			t.Errorf("the fifth attempt: %+v", got)
		}
		if got := try(t, s, phone, "111111", noon); got.Outcome != store.CodeNone {
			t.Errorf("the right one after five wrong ones: %+v", got)
		}
	})
}

func TestTheLastAttemptMayBeRight(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		issue(t, s, ask(phone, budi.NIP, "111111", noon))
		for range codeAttempts - 1 {
			try(t, s, phone, "000000", noon)
		}
		if got := try(t, s, phone, "111111", noon); got.Outcome != store.CodeRight {
			t.Errorf("got %+v", got)
		}
	})
}

func TestACodeOfAnotherAccountDoesNotHelp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		issue(t, s, ask(phone, budi.NIP, "111111", noon))
		issue(t, s, ask(other, sari.NIP, "222222", noon))
		for _, a := range []store.Account{desk, {Platform: "mattermost", ID: phone.ID}} {
			if got := try(t, s, a, "111111", noon); got.Outcome != store.CodeNone {
				t.Errorf("%v: %+v", a, got)
			}
		}
		if got := try(t, s, other, "111111", noon); got.Outcome != store.CodeWrong {
			t.Errorf("somebody else's code: %+v", got)
		}
		if got := try(t, s, other, "222222", noon); got.NIP != sari.NIP {
			t.Errorf("the own code: %+v", got)
		}
		// Same account id, same digits: the hash is of this account alone.
		same := count(t, s, `SELECT count(DISTINCT hash) FROM codes`)
		issue(t, s, ask(desk, sari.NIP, "111111", noon))
		if got := count(t, s, `SELECT count(DISTINCT hash) FROM codes`); got != same+1 {
			t.Errorf("%d different hashes, want %d", got, same+1)
		}
	})
}

func TestOneOfManyGetsThroughWithACode(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		issue(t, stores[0], ask(phone, budi.NIP, "111111", noon))
		var got tally[store.CodeOutcome]
		together(20, func(i int) {
			r, err := stores[i%2].TryCode(t.Context(), attempt(phone, "111111", noon))
			if err != nil {
				t.Error(err)
			}
			got.add(r.Outcome)
		})
		if got.n[store.CodeRight] != 1 || got.n[store.CodeNone] != 19 {
			t.Errorf("outcomes: %v", got.n)
		}
	})
}

// Twenty guesses at the same moment are not more than five.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		issue(t, stores[0], ask(phone, budi.NIP, "111111", noon))
		var got tally[store.CodeOutcome]
		together(20, func(i int) {
			r, err := stores[i%2].TryCode(t.Context(), attempt(phone, fmt.Sprintf("%06d", i), noon))
			if err != nil {
				t.Error(err)
			}
			got.add(r.Outcome)
		})
		if got.n[store.CodeWrong] != codeAttempts-1 || got.n[store.CodeExhausted] != 1 || got.n[store.CodeNone] != 15 {
			t.Errorf("outcomes: %v", got.n)
		}
	})
}

func TestRequestsAtOnceStayWithinTheLimit(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		var got tally[bool]
		together(20, func(i int) {
			r := ask(store.Account{Platform: "telegram", ID: fmt.Sprint("many", i)}, budi.NIP, "111111", noon)
			if i%2 == 0 { // by one account, for many
				r = ask(phone, fmt.Sprintf("19800101200501%04d", 1000+i), "111111", noon)
			}
			grant, err := stores[i/2%2].CreateCode(t.Context(), r)
			if err != nil {
				t.Error(err)
			}
			got.add(grant.Verdict == store.CodeIssued)
		})
		if got.n[true] != 2*codeLimit+1 || jobsOf(t, stores[0], "mail") != 2*codeLimit+1 { // and one of the reserve
			t.Errorf("issued: %v", got.n)
		}
	})
}

// Whoever asks for a NIP learns nothing from what is done: the same rows are
// written for a NIP that nobody has, and the directory is not even read.
func TestAnUnknownNIPIsTheSameWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		exec(t, s, `ALTER TABLE employees RENAME TO hidden`)
		for i, nip := range []string{budi.NIP, sari.NIP} {
			a := store.Account{Platform: "telegram", ID: fmt.Sprint("asker", i)}
			if !issue(t, s, ask(a, nip, "111111", noon)) {
				t.Errorf("%s: nothing issued", nip)
			}
			if got := try(t, s, a, "000000", noon); got != (store.CodeResult{Outcome: store.CodeWrong, NIP: nip, Left: codeAttempts - 1}) {
				t.Errorf("%s: %+v", nip, got)
			}
			if got := count(t, s, `SELECT count(*) FROM codes WHERE account = $1`, a.ID); got != 1 {
				t.Errorf("%s: %d rows", nip, got)
			}
		}
		if got := jobsOf(t, s, "mail"); got != 2 {
			t.Errorf("%d mails", got)
		}
	})
}

func TestACodeIsKeptAsAKeyedHash(t *testing.T) {
	hashOf := func(t *testing.T, s *store.Store) []byte {
		t.Helper()
		if !issue(t, s, ask(phone, budi.NIP, "483920", noon)) {
			t.Fatal("nothing issued")
		}
		var hash []byte
		if err := store.Writer(s).QueryRowContext(t.Context(), `SELECT hash FROM codes`).Scan(&hash); err != nil {
			t.Fatal(err)
		}
		return hash
	}
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		hash := hashOf(t, s)
		if len(hash) != 32 || bytes.Contains(hash, []byte("483920")) {
			t.Errorf("hash %x", hash)
		}
		again := hashOf(t, openWith(t, storetest.SQLite(t), store.Options{Key: storetest.Key()}))
		foreign := hashOf(t, openWith(t, storetest.SQLite(t), store.Options{Key: bytes.Repeat([]byte{8}, 32)}))
		if !bytes.Equal(hash, again) || bytes.Equal(hash, foreign) {
			t.Error("the hash does not depend on DATA_KEY alone")
		}
	})
}

// A crash between the code and the answer brings the update again: by then
// the first mail may have been read.
func TestAnUpdateThatComesAgainGetsNoSecondCode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		first := ask(phone, budi.NIP, "111111", noon)
		first.Update = "71"
		again := ask(phone, budi.NIP, "222222", noon.Add(time.Minute))
		again.Update = "71"
		for _, r := range []store.CodeRequest{first, again} {
			if !issue(t, s, r) {
				t.Fatalf("no code for %+v", r)
			}
		}
		if n := count(t, s, `SELECT count(*) FROM river_job`); n != 1 {
			t.Errorf("%d mails are sent, not one", n)
		}
		if got := try(t, s, phone, "111111", noon.Add(2*time.Minute)); got.Outcome != store.CodeRight {
			t.Errorf("the code of the first mail is %q", got.Outcome)
		}
		elsewhere := ask(other, sari.NIP, "333333", noon.Add(time.Minute)) // platforms count by themselves
		elsewhere.Update = "71"
		issue(t, s, elsewhere)
		if got := try(t, s, other, "333333", noon.Add(2*time.Minute)); got.Outcome != store.CodeRight {
			t.Errorf("the code of another account whose update has the same number is %q", got.Outcome)
		}
	})
}
