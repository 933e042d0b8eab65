package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func want(key string, a store.Account, now time.Time) store.ResetRequest {
	return store.ResetRequest{Key: key, NIP: budi.NIP, Account: a, Chat: "c", Message: "m", Language: "id", Now: now, Cooldown: 5 * time.Minute, Daily: 3}
}

func request(t *testing.T, s *store.Store, r store.ResetRequest) store.ResetResult {
	t.Helper()
	return must[store.ResetResult](t)(s.RequestReset(t.Context(), r, func(id int64) store.Job {
		return store.Job{Kind: "reset", Key: strconv.FormatInt(id, 10)}
	}))
}

// finish carries a reset to its end.
func finish(t *testing.T, s *store.Store, r store.ResetResult, st store.ResetState) {
	t.Helper()
	if r.Verdict != store.ResetNew {
		t.Fatalf("verdict %s, want new", r.Verdict)
	}
	if _, mine, err := s.BeginReset(t.Context(), r.Reset.ID, r.Reset.Created); err != nil || !mine {
		t.Fatalf("begin: %v, %v", mine, err)
	}
	if done, err := s.FinishReset(t.Context(), r.Reset.ID, st, "", r.Reset.Created); err != nil || !done {
		t.Fatalf("finish: %v, %v", done, err)
	}
}

func TestOnePressIsOneReset(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		first := request(t, s, want("press", phone, noon))
		wantRow := store.Reset{ID: first.Reset.ID, Key: "press", NIP: budi.NIP, Account: phone, Chat: "c", Message: "m", State: store.ResetRequested, Language: "id", Created: noon.Local(), Updated: noon.Local()}
		if first.Verdict != store.ResetNew || first.Reset != wantRow {
			t.Errorf("first: %+v", first)
		}
		if got := request(t, s, want("press", phone, noon)); got.Verdict != store.ResetSeen || got.Reset != wantRow {
			t.Errorf("the same press: %+v", got)
		}
		if got := request(t, s, want("another", desk, noon)); got.Verdict != store.ResetOpen || got.Reset != wantRow {
			t.Errorf("another press while it is asked: %+v", got)
		}
		if n := jobsOf(t, s, "reset"); n != 1 {
			t.Errorf("%d jobs", n)
		}
		if _, mine, err := s.BeginReset(t.Context(), first.Reset.ID, noon); err != nil || !mine {
			t.Fatalf("begin: %v, %v", mine, err)
		}
		if got := request(t, s, want("another", desk, noon)); got.Verdict != store.ResetOpen || got.Reset.State != store.ResetAsking {
			t.Errorf("another press while BSrE works: %+v", got)
		}
		if done, err := s.FinishReset(t.Context(), first.Reset.ID, store.ResetUnknown, "", noon); err != nil || !done {
			t.Fatalf("finish: %v, %v", done, err)
		}
		if got := request(t, s, want("press", phone, noon.Add(100*time.Hour))); got.Verdict != store.ResetSeen || got.Reset.State != store.ResetUnknown {
			t.Errorf("the same press days later: %+v", got)
		}
		got := must[store.Reset](t)(s.Reset(t.Context(), first.Reset.ID))
		if got.State != store.ResetUnknown {
			t.Errorf("unknown did not stay: %+v", got)
		}
	})
}

func TestTheRowAndItsJobAreOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		refuse(t, s, "river_job", "queue", "reset")
		if _, err := s.RequestReset(t.Context(), want("press", phone, noon), func(int64) store.Job { return store.Job{Kind: "reset"} }); err == nil {
			t.Fatal("a reset that nobody will ask for")
		}
		if n := count(t, s, `SELECT count(*) FROM resets`); n != 0 {
			t.Errorf("%d rows", n)
		}
		allow(t, s, "river_job")
		r := request(t, s, want("press", phone, noon))
		if _, mine, err := s.BeginReset(t.Context(), r.Reset.ID, noon); err != nil || !mine {
			t.Fatalf("begin: %v, %v", mine, err)
		}
		refuse(t, s, "river_job", "queue", "mail")
		if done, err := s.FinishReset(t.Context(), r.Reset.ID, store.ResetSent, "", noon, store.Job{Kind: "mail"}); err == nil || done {
			t.Errorf("finished without its mail: %v, %v", done, err)
		}
		if got := must[store.Reset](t)(s.Reset(t.Context(), r.Reset.ID)); got.State != store.ResetAsking {
			t.Errorf("state %s", got.State)
		}
	})
}

func TestCooldownAndDailyLimit(t *testing.T) {
	day := 24 * time.Hour
	type past struct {
		after time.Duration
		state store.ResetState
		by    store.Account
	}
	tests := []struct {
		name     string
		before   []past
		cooldown time.Duration // 0: five minutes
		at       time.Duration
		want     store.ResetVerdict
		until    time.Duration
	}{
		{name: "in the cooldown", before: []past{{0, store.ResetSent, phone}}, at: time.Minute, want: store.ResetCooldown, until: 5 * time.Minute},
		{name: "in the cooldown of the other platform", before: []past{{0, store.ResetSent, desk}}, at: 5*time.Minute - time.Millisecond, want: store.ResetCooldown, until: 5 * time.Minute},
		{name: "after the cooldown", before: []past{{0, store.ResetSent, desk}}, at: 5 * time.Minute, want: store.ResetNew},
		{name: "after an unknown one", before: []past{{0, store.ResetUnknown, phone}}, at: time.Minute, want: store.ResetCooldown, until: 5 * time.Minute},
		{name: "after a refused one", before: []past{{0, store.ResetRefused, phone}}, at: time.Second, want: store.ResetNew},
		{name: "after one that wanted the phone", before: []past{{0, store.ResetPhone, phone}}, at: time.Second, want: store.ResetNew},
		{name: "the fourth of a day", before: []past{{0, store.ResetSent, phone}, {time.Hour, store.ResetUnknown, desk}, {2 * time.Hour, store.ResetSent, phone}}, at: 3 * time.Hour, want: store.ResetDaily, until: day},
		{name: "a moment before the day is over", before: []past{{0, store.ResetSent, phone}, {time.Hour, store.ResetSent, phone}, {2 * time.Hour, store.ResetSent, phone}}, at: day - time.Millisecond, want: store.ResetDaily, until: day},
		{name: "when the day is over", before: []past{{0, store.ResetSent, phone}, {time.Hour, store.ResetSent, phone}, {2 * time.Hour, store.ResetSent, phone}}, at: day, want: store.ResetNew},
		{name: "a day after the second", before: []past{{0, store.ResetSent, phone}, {time.Hour, store.ResetSent, phone}, {2 * time.Hour, store.ResetSent, phone}, {day, store.ResetSent, phone}}, at: day + 10*time.Minute, want: store.ResetDaily, until: day + time.Hour},
		{name: "refused ones do not count", before: []past{{0, store.ResetSent, phone}, {time.Hour, store.ResetRefused, phone}, {2 * time.Hour, store.ResetSent, phone}}, at: 3 * time.Hour, want: store.ResetNew},
		{name: "a cooldown longer than a day", before: []past{{0, store.ResetSent, phone}}, cooldown: 2 * day, at: 36 * time.Hour, want: store.ResetCooldown, until: 2 * day},
		{name: "one that a clock wrote which was ahead", before: []past{{400 * day, store.ResetSent, phone}}, at: 0, want: store.ResetNew},
		{name: "three that a clock wrote which was ahead", before: []past{{400 * day, store.ResetSent, phone}, {401 * day, store.ResetSent, phone}, {402 * day, store.ResetSent, phone}}, at: 0, want: store.ResetNew},
		{name: "one of a replica whose clock is a little ahead", before: []past{{30 * time.Second, store.ResetSent, phone}}, at: 0, want: store.ResetCooldown, until: 5*time.Minute + 30*time.Second},
		{name: "no cooldown", before: []past{{0, store.ResetSent, phone}}, cooldown: time.Nanosecond, at: time.Millisecond, want: store.ResetNew},
	}
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		for _, tt := range tests {
			exec(t, stores[0], `DELETE FROM resets`, `DELETE FROM river_job`)
			at := func(key string, a store.Account, d time.Duration) store.ResetRequest {
				r := want(key, a, noon.Add(d))
				if tt.cooldown > 0 {
					r.Cooldown = tt.cooldown
				}
				return r
			}
			for i, p := range tt.before { // in one process, asked for in the other
				finish(t, stores[0], request(t, stores[0], at(fmt.Sprint("before", i), p.by, p.after)), p.state)
			}
			got := request(t, stores[1], at("now", phone, tt.at))
			if got.Verdict != tt.want || (tt.until > 0 && !got.Until.Equal(noon.Add(tt.until))) {
				t.Errorf("%s: %s until %v; want %s until %v", tt.name, got.Verdict, got.Until.UTC(), tt.want, noon.Add(tt.until))
			}
		}
	})
}

func TestFiftyPressesAtOnceAreOneReset(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		for _, keyOf := range []func(i int) string{
			func(int) string { return "the same press" },
			func(i int) string { return fmt.Sprint("press ", i) },
		} {
			exec(t, stores[0], `DELETE FROM resets`, `DELETE FROM river_job`)
			var got tally[store.ResetVerdict]
			together(50, func(i int) {
				r, err := stores[i%2].RequestReset(t.Context(), want(keyOf(i), []store.Account{phone, desk}[i/2%2], noon), func(id int64) store.Job {
					return store.Job{Kind: "reset", Key: strconv.FormatInt(id, 10)}
				})
				if err != nil {
					t.Error(err)
				}
				got.add(r.Verdict)
			})
			if got.n[store.ResetNew] != 1 || got.n[store.ResetSeen]+got.n[store.ResetOpen] != 49 || jobsOf(t, stores[0], "reset") != 1 {
				t.Errorf("verdicts: %v", got.n)
			}
		}
	})
}

func TestOneOfManyAsksAndOneFinishes(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		id := request(t, stores[0], want("press", phone, noon)).Reset.ID
		if done, err := stores[0].FinishReset(t.Context(), id, store.ResetSent, "", noon, store.Job{Kind: "mail"}); err != nil || done {
			t.Errorf("finished what nobody asked: %v, %v", done, err)
		}
		var began, ended tally[bool]
		together(20, func(i int) {
			r, mine, err := stores[i%2].BeginReset(t.Context(), id, noon.Add(time.Second))
			if err != nil || mine != (r.ID == id) {
				t.Errorf("%+v, %v, %v", r, mine, err)
			}
			began.add(mine)
		})
		together(20, func(i int) {
			done, err := stores[i%2].FinishReset(t.Context(), id, []store.ResetState{store.ResetSent, store.ResetUnknown}[i%2], "", noon, store.Job{Kind: "mail"})
			if err != nil {
				t.Error(err)
			}
			ended.add(done)
		})
		if began.n[true] != 1 || ended.n[true] != 1 || jobsOf(t, stores[0], "mail") != 1 {
			t.Errorf("began %v, ended %v, %d mails", began.n, ended.n, jobsOf(t, stores[0], "mail"))
		}
		if _, mine, err := stores[0].BeginReset(t.Context(), id, noon); err != nil || mine {
			t.Errorf("asked a second time: %v, %v", mine, err)
		}
		if _, err := stores[0].Reset(t.Context(), id+1); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a reset that is none: %v", err)
		}
	})
}

// A process that dies between asking and the answer leaves the reset open for
// whoever looks.
func TestWhatACrashLeftOpenIsFound(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
		if err != nil {
			t.Fatal(err)
		}
		var ids []int64
		for i, nip := range []string{budi.NIP, sari.NIP, "197001012000011009", "197001012000011010"} {
			r := want(strconv.Itoa(i), phone, noon.Add(time.Duration(i)*time.Minute))
			r.NIP = nip
			got := request(t, s, r)
			ids = append(ids, got.Reset.ID)
			switch i {
			case 1:
				if _, _, err := s.BeginReset(t.Context(), got.Reset.ID, r.Now); err != nil {
					t.Fatal(err)
				}
			case 2:
				finish(t, s, got, store.ResetSent)
			}
		}
		if err := s.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		s = storetest.Open(t, url)
		var open []int64
		for _, r := range must[[]store.Reset](t)(s.OpenResets(t.Context(), noon.Add(time.Minute), noon.Add(time.Hour))) {
			open = append(open, r.ID)
		}
		if !slices.Equal(open, ids[:2]) {
			t.Errorf("open %v, want %v", open, ids[:2])
		}
		if n := jobsOf(t, s, "reset"); n != 4 {
			t.Errorf("%d jobs after the restart", n)
		}
		newest := must[[]store.Reset](t)(s.Resets(t.Context(), budi.NIP, 1))
		if len(newest) != 1 || newest[0].ID != ids[0] {
			t.Errorf("resets: %+v", newest)
		}
	})
}

// What was refused gave nobody a new PIN.
func TestSessionTellsTheLastReset(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		link(t, s, phone, budi.NIP)
		last := func() time.Time { return must[store.Session](t)(s.Session(t.Context(), phone)).LastReset }
		if got := last(); !got.IsZero() {
			t.Errorf("before any: %v", got)
		}
		finish(t, s, request(t, s, want("first", phone, noon)), store.ResetSent)
		finish(t, s, request(t, s, want("second", phone, noon.Add(48*time.Hour))), store.ResetRefused)
		if got := last(); !got.Equal(noon) {
			t.Errorf("got %v, want %v", got, noon)
		}
	})
}
