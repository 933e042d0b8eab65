package store_test

import (
	"slices"
	"strings"
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

// Words stand in the account's order, in the transaction of what decided them,
// and whoever says them hears of them when they are committed, not before.
func TestWordsAreWrittenWithTheDeed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var said []string
		s.OnSay(func(rows []store.InboxEntry) {
			for _, r := range rows {
				said = append(said, r.Account+" "+string(r.Payload))
				if stored := open(t, s); !slices.Contains(stored, r.ID) {
					t.Error("told before the commit")
				}
			}
		})
		say := func(key, words string) store.Job {
			return store.Job{Say: &store.Words{Account: phone, Key: key, Payload: []byte(words)}}
		}
		add(t, s, update("1", "telegram:"+phone.ID, "asked"))
		enqueue(t, s, say("", "one"), store.Job{Kind: "mail"}, say("", "one"))
		enqueue(t, s, say("help "+budi.NIP, "two"))
		enqueue(t, s, say("help "+budi.NIP, "two again")) // the key is known
		err := s.Record(t.Context(), store.Event{At: noon, Action: "import", Outcome: "done"}, say("", "three"))
		if err != nil {
			t.Fatal(err)
		}
		refuse(t, s, "audit", "action", "import")
		if err := s.Record(t.Context(), store.Event{At: noon, Action: "import"}, say("", "never")); err == nil {
			t.Error("the deed was done all the same")
		}
		account := "telegram:" + phone.ID
		want := []string{account + " one", account + " one", account + " two", account + " three"}
		if !slices.Equal(said, want) {
			t.Errorf("said %q, want %q", said, want)
		}
		rows := must[[]store.InboxEntry](t)(s.AccountInbox(t.Context(), account, 10))
		var got []string
		for _, r := range rows {
			got = append(got, r.Account+" "+string(r.Payload))
			if strings.Contains(r.ID, budi.NIP) {
				t.Error("the row's name shows the NIP")
			}
		}
		if !slices.Equal(got, append([]string{account + " asked"}, want...)) {
			t.Errorf("open: %q", got)
		}
		if n := jobsOf(t, s, "mail"); n != 1 {
			t.Errorf("%d mails", n)
		}
		// What was said with a key is not said again.
		for _, r := range rows {
			if err := s.AckInbox(t.Context(), r.Source, r.ID); err != nil {
				t.Fatal(err)
			}
		}
		settled(t, s)
		enqueue(t, s, say("help "+budi.NIP, "two"))
		if len(said) != 4 {
			t.Errorf("said again: %q", said[4:])
		}
	})
}

// Words that nobody could say for a week are forgotten; what people asked is not.
func TestOldWordsAreForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		enqueue(t, s, store.Job{Say: &store.Words{Account: phone, Payload: []byte("old")}})
		add(t, s, update("1", "telegram:"+phone.ID, "asked"))
		exec(t, s, `UPDATE inbox SET received = 1`)
		enqueue(t, s, store.Job{Say: &store.Words{Account: phone, Payload: []byte("new")}})
		if _, err := s.Purge(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, e := range must[[]store.InboxEntry](t)(s.OpenInbox(t.Context())) {
			left = append(left, string(e.Payload))
		}
		if !slices.Equal(left, []string{"asked", "new"}) {
			t.Errorf("left: %q", left)
		}
	})
}
