package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func audit(t *testing.T, s *store.Store, es ...store.Event) {
	t.Helper()
	for _, e := range es {
		if err := s.Audit(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	settled(t, s)
}

func TestTheAuditTrailIsReadByTimeAndNIP(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		full := store.Event{At: noon.Local(), Account: phone, NIP: budi.NIP, Action: "link", Outcome: "ok", Detail: "d'etail; \"x\" ☃"}
		early := store.Event{At: noon.Add(-time.Hour).Local(), NIP: budi.NIP, Action: "revoke"} // by the command line
		nobody := store.Event{At: noon.Add(time.Minute).Local(), Account: other, Action: "start"}
		theirs := store.Event{At: noon.Add(time.Hour).Local(), Account: desk, NIP: sari.NIP, Action: "status", Detail: "ISSUE"}
		audit(t, s, full, theirs, nobody, early)
		for _, tt := range []struct {
			since time.Time
			nip   string
			want  []store.Event
		}{
			{time.Time{}, "", []store.Event{early, full, nobody, theirs}},
			{noon, "", []store.Event{full, nobody, theirs}},
			{noon.Add(time.Millisecond), "", []store.Event{nobody, theirs}},
			{time.Time{}, budi.NIP, []store.Event{early, full}},
			{noon, sari.NIP, []store.Event{theirs}},
			{noon.Add(2 * time.Hour), "", nil},
			{time.Time{}, "197001012000011009", nil},
			{time.Time{}, "no number", nil},
		} {
			var got []store.Event
			for e, err := range s.Events(t.Context(), tt.since, tt.nip) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, e)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("since %v of %q:\ngot  %+v\nwant %+v", tt.since, tt.nip, got, tt.want)
			}
		}
		for _, err := range s.Events(t.Context(), time.Time{}, "") {
			if err != nil {
				t.Error(err)
			}
			break // whoever stops reading gives the connection back
		}
		exec(t, s, `ALTER TABLE audit RENAME TO gone`)
		n := 0
		for _, err := range s.Events(t.Context(), time.Time{}, "") {
			if n++; err == nil {
				t.Error("read a table that is gone")
			}
		}
		if n != 1 {
			t.Errorf("%d results after the error", n)
		}
	})
}

// A day is one in Jakarta: it begins at 17:00 UTC.
func TestTheReportCountsByDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		at := func(h, m, sec int) time.Time { return time.Date(2026, 3, 2, h, m, sec, 0, time.UTC) }
		status := store.Event{Account: phone, NIP: budi.NIP, Action: "status", Outcome: "ok", Detail: "ISSUE"}
		var es []store.Event
		for _, when := range []time.Time{at(12, 0, 0), at(16, 59, 59), at(17, 0, 0), at(24, 0, 0)} {
			status.At = when
			es = append(es, status)
		}
		es = append(es,
			store.Event{At: at(12, 0, 0), Account: desk, Action: "status", Outcome: "ok", Detail: "ISSUE"},
			store.Event{At: at(12, 0, 0), Account: phone, Action: "status", Outcome: "down"},
			store.Event{At: at(12, 0, 0), Account: other, NIP: sari.NIP, Action: "status", Outcome: "ok", Detail: "ISSUE"},
			store.Event{At: at(11, 0, 0), Account: phone, Action: "before"})
		audit(t, s, es...)
		got := must[[]store.ReportRow](t)(s.Report(t.Context(), store.Span{From: noon, Until: at(25, 0, 0), Zone: time.FixedZone("WIB", 7*3600)}))
		want := []store.ReportRow{
			{"2026-03-02", "mattermost", "status", "ok", "ISSUE", 1},
			{"2026-03-02", "telegram", "status", "down", "", 1},
			{"2026-03-02", "telegram", "status", "ok", "ISSUE", 3},
			{"2026-03-03", "telegram", "status", "ok", "ISSUE", 2},
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		// In another zone, and up to a moment.
		part := store.Span{From: noon, Until: at(17, 0, 0), Zone: time.FixedZone("WIT", 9*3600)}
		got = must[[]store.ReportRow](t)(s.Report(t.Context(), part))
		want = []store.ReportRow{
			{"2026-03-02", "mattermost", "status", "ok", "ISSUE", 1},
			{"2026-03-02", "telegram", "status", "down", "", 1},
			{"2026-03-02", "telegram", "status", "ok", "ISSUE", 2},
			{"2026-03-03", "telegram", "status", "ok", "ISSUE", 1},
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if n := must[int](t)(s.CountPeople(t.Context(), part)); n != 2 {
			t.Errorf("%d people, want 2", n)
		}
	})
}

func TestPurgeKeepsWhatIsOpenOrYoung(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		now := noon.Add(400 * 24 * time.Hour)
		s := openWith(t, url, store.Options{Key: storetest.Key(), Now: func() time.Time { return now }})
		load(t, s, budi, sari)
		link(t, s, phone, budi.NIP)
		r := func(key, nip string, at time.Time) store.ResetRequest {
			x := want(key, phone, at)
			x.NIP = nip
			return x
		}
		finish(t, s, request(t, s, r("old", budi.NIP, noon)), store.ResetSent)
		finish(t, s, request(t, s, r("young", budi.NIP, now)), store.ResetSent)
		request(t, s, r("old but open", sari.NIP, noon))
		must[store.Walk](t)(s.StartWalk(t.Context(), budi.NIP, "reset", "notice", noon))
		young := must[store.Walk](t)(s.StartWalk(t.Context(), sari.NIP, "reset", "notice", now))
		audit(t, s, store.Event{At: noon, Action: "old"}, store.Event{At: now, Action: "young"})
		issue(t, s, ask(phone, budi.NIP, "111111", now.Add(-24*time.Hour-time.Millisecond)))
		issue(t, s, ask(phone, budi.NIP, "222222", now.Add(-24*time.Hour)))
		if err := s.PutKV(t.Context(), "mark", []byte("x")); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int64{8, 0} {
			if n, err := s.Purge(t.Context(), noon.Add(time.Hour)); err != nil || n != want {
				t.Errorf("purged %d, want %d; %v", n, want, err)
			}
		}
		var keys []string
		for _, nip := range []string{budi.NIP, sari.NIP} {
			for _, x := range must[[]store.Reset](t)(s.Resets(t.Context(), nip, 10)) {
				keys = append(keys, x.Key)
			}
		}
		if !slices.Equal(keys, []string{"young", "old but open"}) {
			t.Errorf("resets: %v", keys)
		}
		if got := must[store.Walk](t)(s.Walk(t.Context(), sari.NIP)); got != young {
			t.Errorf("walk: %+v", got)
		}
		if _, err := s.Walk(t.Context(), budi.NIP); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a walk that was left a year ago: %v", err)
		}
		if got := linked(t, s, phone); !got.Linked {
			t.Error("the link is gone")
		}
		if got := try(t, s, phone, "222222", now.Add(-24*time.Hour)); got.Outcome != store.CodeRight {
			t.Errorf("the code within a day: %+v", got)
		}
	})
}

// Purging goes bit by bit, and to the end.
func TestPurgeOfManyRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const n = 5001
		exec(t, s, `INSERT INTO audit (at, platform, account, action, outcome, detail)
			WITH RECURSIVE many(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM many WHERE i < 5001) SELECT i, 'p', 'a', 'x', '', '' FROM many`)
		audit(t, s, event("young"))
		if got, err := s.Purge(t.Context(), noon); err != nil || got != n {
			t.Errorf("purged %d, %v", got, err)
		}
		if got := actions(t, s); !slices.Equal(got, []string{"young"}) {
			t.Errorf("left: %v", got)
		}
	})
}

func TestAnOlderStatusDoesNotReplaceANewer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		newer := store.Status{Value: "ISSUE", Message: "m", Asked: noon.Local(), EndDate: noon.Add(time.Hour).Local()}
		older := store.Status{Value: "EXPIRED", Asked: noon.Add(-time.Second).Local()}
		same := store.Status{Value: "NEW", Asked: noon.Local()}
		if got := must[store.Status](t)(s.Status(t.Context(), budi.NIP)); got != (store.Status{}) {
			t.Errorf("never asked: %+v", got)
		}
		for _, step := range []struct{ save, want store.Status }{{newer, newer}, {older, newer}, {same, same}} {
			if err := s.SaveStatus(t.Context(), budi.NIP, step.save); err != nil {
				t.Fatal(err)
			}
			settled(t, s)
			if got := must[store.Status](t)(s.Status(t.Context(), budi.NIP)); got != step.want {
				t.Errorf("got %+v, want %+v", got, step.want)
			}
		}
		if got := must[store.Status](t)(s.Status(t.Context(), sari.NIP)); got != (store.Status{}) {
			t.Errorf("somebody else's: %+v", got)
		}
	})
}

// Secrets and marks (how far a platform was read) are kept by name, sealed
// for it.
func TestSecretsAreKeptByName(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		if _, err := stores[0].KV(t.Context(), "portal"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("none: %v", err)
		}
		for _, value := range []string{"one", "", "three"} {
			if err := stores[0].PutKV(t.Context(), "portal", []byte(value)); err != nil {
				t.Fatal(err)
			}
			if got := must[[]byte](t)(stores[1].KV(t.Context(), "portal")); string(got) != value {
				t.Errorf("got %q, want %q", got, value)
			}
		}
		exec(t, stores[0], `UPDATE kv SET name = 'other' WHERE name = 'portal'`)
		if _, err := stores[0].KV(t.Context(), "other"); !errors.Is(err, store.ErrWrongKey) {
			t.Errorf("a secret under another name: %v", err)
		}
	})
}
