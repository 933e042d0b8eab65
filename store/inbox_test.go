package store_test

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func update(id, account, text string) store.InboxEntry {
	return store.InboxEntry{Source: "telegram", ID: id, Account: account, Payload: []byte(text)}
}

func add(t *testing.T, s *store.Store, es ...store.InboxEntry) []bool {
	t.Helper()
	return must[[]bool](t)(s.AddInbox(t.Context(), es...))
}

// open gives the ids of the open updates, in their order.
func open(t *testing.T, s *store.Store) []string {
	t.Helper()
	var ids []string
	for _, e := range must[[]store.InboxEntry](t)(s.OpenInbox(t.Context())) {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestAnUpdateIsKnownBySourceAndID(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		matter := update("1", "b", "three")
		matter.Source = "mattermost"
		if got := add(t, s, update("1", "a", "one"), update("2", "a", "two"), matter); !slices.Equal(got, []bool{true, true, true}) {
			t.Errorf("fresh: %v", got)
		}
		// The second text of one id is not taken, were it ever so different.
		if got := add(t, s, update("1", "c", "another"), update("3", "a", "x"), update("3", "a", "y")); !slices.Equal(got, []bool{false, true, false}) {
			t.Errorf("fresh: %v", got)
		}
		var got []string
		for _, e := range must[[]store.InboxEntry](t)(s.OpenInbox(t.Context())) {
			got = append(got, e.Source+" "+e.ID+" "+e.Account+" "+string(e.Payload))
		}
		if want := []string{"telegram 1 a one", "telegram 2 a two", "mattermost 1 b three", "telegram 3 a x"}; !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		if err := s.AckInbox(t.Context(), "mattermost", "1"); err != nil {
			t.Fatal(err)
		}
		settled(t, s)
		if got := open(t, s); !slices.Equal(got, []string{"1", "2", "3"}) {
			t.Errorf("open: %v", got)
		}
		if got := add(t, s); len(got) != 0 {
			t.Errorf("nothing: %v", got)
		}
	})
}

// Updates of one moment keep their order, and so do those of a clock that is
// set back while the program runs.
func TestUpdatesKeepTheirOrder(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		var c clock
		c.set(noon)
		s := openWith(t, url, store.Options{Key: storetest.Key(), Now: c.now})
		var want []string
		for i := range 30 {
			c.set(noon.Add(-time.Duration(i) * time.Minute))
			id := strconv.Itoa((i * 7) % 30)
			want = append(want, id)
			add(t, s, update(id, "a", "x"))
		}
		if got := open(t, s); !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	})
}

func TestOrderHoldsOverARestartWithAClockSetBack(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		for i := range 3 {
			at := noon.Add(-time.Duration(i) * time.Hour)
			s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key(), Now: func() time.Time { return at }})
			if err != nil {
				t.Fatal(err)
			}
			open(t, s) // as the engine begins
			add(t, s, update(strconv.Itoa(i), "a", "x"))
			if err := s.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if got := open(t, storetest.Open(t, url)); !slices.Equal(got, []string{"0", "1", "2"}) {
			t.Errorf("open: %v", got)
		}
	})
}

func TestAPayloadIsSealedAndWiped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		add(t, s, update("1", "a", "PIN saya 483920"), update("2", "a", "PIN saya 483920"), update("3", "a", ""))
		payload := func(id string) (p []byte) {
			t.Helper()
			if err := store.Writer(s).QueryRowContext(t.Context(), `SELECT payload FROM inbox WHERE id = $1`, id).Scan(&p); err != nil {
				t.Fatal(err)
			}
			return p
		}
		if bytes.Contains(payload("1"), []byte("483920")) || bytes.Equal(payload("1"), payload("2")) {
			t.Error("a payload is in clear, or the same text is sealed to the same bytes")
		}
		if got := open(t, s); len(got) != 3 {
			t.Errorf("open: %v", got) // an empty payload is open too
		}
		if err := s.AckInbox(t.Context(), "telegram", "1"); err != nil {
			t.Fatal(err)
		}
		settled(t, s)
		if payload("1") != nil || payload("2") == nil {
			t.Error("the wrong payload was wiped")
		}
		// A payload is sealed for its own update and opens nowhere else.
		exec(t, s, `UPDATE inbox SET payload = (SELECT payload FROM inbox WHERE id = '2') WHERE id = '3'`)
		if _, err := s.OpenInbox(t.Context()); err == nil || strings.Contains(err.Error(), "483920") {
			t.Errorf("a payload that was moved: %v", err)
		}
	})
}

// What waits when the store closes is written; what was taken over before a
// restart is opened again, and what was answered is still known.
func TestTheInboxSurvivesARestart(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
		if err != nil {
			t.Fatal(err)
		}
		add(t, s, update("1", "a", "one"), update("2", "a", "two"))
		if err := s.AckInbox(t.Context(), "telegram", "1"); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		s = storetest.Open(t, url)
		if got := open(t, s); !slices.Equal(got, []string{"2"}) {
			t.Errorf("open: %v", got)
		}
		if got := add(t, s, update("1", "a", "one"), update("2", "a", "two"), update("4", "a", "four")); !slices.Equal(got, []bool{false, false, true}) {
			t.Errorf("fresh: %v", got)
		}
	})
}

func TestOneProcessTakesAnUpdate(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		stores := twice(t, url)
		var fresh tally[bool]
		together(40, func(i int) {
			got, err := stores[i%2].AddInbox(t.Context(), update(strconv.Itoa(i/4), "a", "x"))
			if err != nil {
				t.Error(err)
				return
			}
			fresh.add(got[0])
		})
		if fresh.n[true] != 10 || len(open(t, stores[0])) != 10 {
			t.Errorf("fresh: %v", fresh.n)
		}
	})
}

func TestOldIDsAreForgottenAndOpenUpdatesAreNot(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		var c clock
		c.set(noon)
		s := openWith(t, url, store.Options{Key: storetest.Key(), Now: c.now})
		add(t, s, update("done", "a", "x"), update("open", "a", "x"))
		if err := s.AckInbox(t.Context(), "telegram", "done"); err != nil {
			t.Fatal(err)
		}
		settled(t, s)
		for _, step := range []struct {
			after  time.Duration
			purged int64
			fresh  bool
		}{{7*24*time.Hour - time.Second, 0, false}, {7*24*time.Hour + time.Second, 1, true}} {
			c.set(noon.Add(step.after))
			if n, err := s.Purge(t.Context(), noon.Add(-time.Hour)); err != nil || n != step.purged {
				t.Errorf("after %v: purged %d, %v", step.after, n, err)
			}
			if got := add(t, s, update("done", "a", "x"), update("open", "a", "x")); !slices.Equal(got, []bool{step.fresh, false}) {
				t.Errorf("after %v: fresh %v", step.after, got)
			}
		}
		if n := count(t, s, `SELECT count(*) FROM inbox WHERE payload IS NOT NULL`); n != 2 {
			t.Errorf("%d open", n)
		}
	})
}
