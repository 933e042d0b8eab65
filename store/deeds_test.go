package store_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func nothing([]store.Account) []store.Job { return nil }

// trail gives the audit trail in short: account, NIP's end, action, outcome,
// detail.
func trail(t *testing.T, s *store.Store) (out []string) {
	t.Helper()
	settled(t, s)
	for e, err := range s.Events(t.Context(), time.Time{}, "") {
		if err != nil {
			t.Fatal(err)
		}
		who := e.NIP
		if len(who) > 4 {
			who = who[14:]
		}
		out = append(out, strings.TrimSpace(strings.Join([]string{e.Account.Platform, e.Account.ID, who, e.Action, e.Outcome, e.Detail}, " ")))
	}
	return out
}

func TestEveryDeedHasItsLine(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		var mu sync.Mutex
		counted := 0
		s := openWith(t, url, store.Options{Key: storetest.Key(), Now: func() time.Time { return noon }, Observe: func(store.Event) { mu.Lock(); counted++; mu.Unlock() }})
		load(t, s, budi, sari)
		link(t, s, phone, budi.NIP)
		link(t, s, other, budi.NIP) // displaces
		link(t, s, other, sari.NIP) // leaves
		link(t, s, other, sari.NIP) // is verified anew
		link(t, s, phone, budi.NIP)
		must[string](t)(s.Unlink(t.Context(), phone))
		must[[]store.Account](t)(s.UnlinkAll(t.Context(), sari.NIP, officer, nobodyTold))
		issue(t, s, ask(phone, budi.NIP, "111111", noon))
		try(t, s, phone, "222222", noon)
		try(t, s, phone, "111111", noon.Add(time.Hour))
		try(t, s, phone, "111111", noon)
		finish(t, s, request(t, s, want("press", phone, noon)), store.ResetSent)
		begun := must[store.Walk](t)(s.StartWalk(t.Context(), sari.NIP, "reset", "mailbox", noon, walkLine("started")))
		begun = must[store.Walk](t)(s.MoveWalk(t.Context(), begun.ID, begun.Version, "mail", store.WalkActive, noon))
		must[store.Walk](t)(s.MoveWalk(t.Context(), begun.ID, begun.Version, "done", store.WalkDone, noon, walkLine("done")))
		if _, err := s.MoveWalk(t.Context(), begun.ID, begun.Version, "done", store.WalkDone, noon, walkLine("done")); !errors.Is(err, store.ErrStale) {
			t.Errorf("a walk ended twice: %v", err)
		}
		for range 4 { // the fourth is one too many
			issue(t, s, ask(other, sari.NIP, "333333", noon))
		}
		want := []string{
			"telegram 2 2002 code issued", "telegram 2 2002 code issued", "telegram 2 2002 code issued", "telegram 2 2002 code asker",
			"telegram 2 2002 walk started", "telegram 2 2002 walk done",
			"telegram 1 1001 link done",
			"telegram 1 1001 unlink displaced", "telegram 2 1001 link done",
			"telegram 2 1001 unlink replaced", "telegram 2 2002 link done",
			"telegram 2 2002 link done",
			"telegram 1 1001 link done",
			"telegram 1 1001 unlink done",
			"telegram 2 2002 unlink revoked cli:petugas",
			"telegram 1 1001 code issued",
			"telegram 1 1001 link wrong", "telegram 1 1001 link expired", "telegram 1  link none",
			"telegram 1 1001 reset requested", "telegram 1 1001 reset sent",
		}
		got := trail(t, s)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		mu.Lock()
		defer mu.Unlock()
		if counted != len(want) {
			t.Errorf("%d lines were counted, want %d", counted, len(want))
		}
	})
}

func walkLine(outcome string) store.Event {
	return store.Event{At: noon, Account: other, NIP: sari.NIP, Action: "walk", Outcome: outcome}
}

// What cannot be recorded is not done, and not counted.
func TestNoDeedWithoutItsLine(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := openWith(t, url, store.Options{Key: storetest.Key(), Observe: func(e store.Event) {
			if e.Outcome != "done" || e.Account != phone {
				t.Errorf("counted: %+v", e)
			}
		}})
		load(t, s, budi, sari)
		link(t, s, phone, budi.NIP)
		wish := want("press", phone, noon)
		begun := must[store.Walk](t)(s.StartWalk(t.Context(), sari.NIP, "reset", "mailbox", noon))
		refuse(t, s, "audit", "platform", "telegram")
		for name, deed := range map[string]func() error{
			"link":   func() error { return s.Link(t.Context(), other, sari.NIP, noon, nothing) },
			"unlink": func() error { _, err := s.Unlink(t.Context(), phone); return err },
			"revoke": func() error { _, err := s.UnlinkAll(t.Context(), budi.NIP, officer, nobodyTold); return err },
			"request": func() error {
				_, err := s.RequestReset(t.Context(), wish, func(int64) store.Job { return store.Job{Kind: "reset"} })
				return err
			},
			"code": func() error {
				_, err := s.CreateCode(t.Context(), ask(other, sari.NIP, "444444", noon))
				return err
			},
			"start of a walk": func() error {
				_, err := s.StartWalk(t.Context(), sari.NIP, "about", "pin", noon, walkLine("started"))
				return err
			},
			"end of a walk": func() error {
				_, err := s.MoveWalk(t.Context(), begun.ID, begun.Version, "done", store.WalkDone, noon, walkLine("done"))
				return err
			},
			"call for help": func() error {
				return s.Record(t.Context(), store.Event{At: noon, Account: phone, Action: "help", Outcome: "called"}, store.Job{Kind: "push", Payload: []byte("x")})
			},
		} {
			if err := deed(); err == nil || errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !linked(t, s, phone).Linked || must[store.Session](t)(s.Session(t.Context(), other)).Linked || count(t, s, `SELECT count(*) FROM resets`) != 0 || count(t, s, `SELECT count(*) FROM codes`) != 0 || must[store.Walk](t)(s.Walk(t.Context(), sari.NIP)) != begun || jobsOf(t, s, "push") != 0 {
			t.Error("something was done and not recorded")
		}
		allow(t, s, "audit")
		if !linked(t, s, phone).Linked {
			t.Error("the link is gone")
		}
	})
}
