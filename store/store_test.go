package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var (
	budi = store.Employee{NIP: "198001012005011001", NIK: "3171010101800001", Name: "Contoh Satu", Email: "Satu@contoh.go.id", Position: "Analis", Unit: "Sekretariat", Grade: "III/c", OldNIP: "060012345", Active: true}
	sari = store.Employee{NIP: "199002022015022002", NIK: "3171024202900002", Name: "Contoh Dua", Email: "dua@contoh.go.id", Active: true}

	phone   = store.Account{Platform: "telegram", ID: "1"}
	other   = store.Account{Platform: "telegram", ID: "2"}
	officer = store.Account{Platform: "cli", ID: "petugas"}
	desk    = store.Account{Platform: "mattermost", ID: "m1"}

	noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

func rows(es ...store.Employee) iter.Seq2[store.Employee, error] {
	return func(yield func(store.Employee, error) bool) {
		for _, e := range es {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func load(t *testing.T, s *store.Store, es ...store.Employee) {
	t.Helper()
	if _, err := s.Import(t.Context(), rows(es...), store.ImportOptions{}); err != nil {
		t.Fatalf("import: %v", err)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func link(t *testing.T, s *store.Store, a store.Account, nip string) (displaced []store.Account) {
	t.Helper()
	err := s.Link(t.Context(), a, nip, noon, func(d []store.Account) []store.Job { displaced = d; return nil })
	if err != nil {
		t.Fatalf("link: %v", err)
	}
	return displaced
}

func TestImportLoadsRefreshesAndLeavesTheUnchanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		result := must[store.ImportResult](t)
		if got := result(s.Import(t.Context(), rows(budi, sari), store.ImportOptions{DryRun: true})); got != (store.ImportResult{Added: 2}) {
			t.Errorf("dry run: %+v", got)
		}
		if _, err := s.Employee(t.Context(), budi.NIP); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a dry run wrote: %v", err)
		}
		if got := result(s.Import(t.Context(), rows(budi, sari), store.ImportOptions{})); got != (store.ImportResult{Added: 2}) {
			t.Errorf("first: %+v", got)
		}
		moved := budi
		moved.Unit = "Inspektorat"
		if got := result(s.Import(t.Context(), rows(moved), store.ImportOptions{DeactivateMissing: true})); got != (store.ImportResult{Changed: 1, Deactivated: 1}) {
			t.Errorf("second: %+v", got)
		}
		if got := must[store.Employee](t)(s.Employee(t.Context(), budi.NIP)); got != moved {
			t.Errorf("got %+v, want %+v", got, moved)
		}
		if got := must[store.Employee](t)(s.Employee(t.Context(), sari.NIP)); got.Active {
			t.Error("who was missing is still active")
		}
		if got := result(s.Import(t.Context(), rows(moved, sari), store.ImportOptions{})); got != (store.ImportResult{Changed: 1, Unchanged: 1}) {
			t.Errorf("third: %+v", got)
		}
	})
}

func TestImportOfManyRowsWithABadOneWritesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		bad := errors.New("line 131: bad")
		many := func(yield func(store.Employee, error) bool) {
			for n := range 130 {
				e := budi
				e.NIP, e.OldNIP = fmt.Sprintf("19800101200501%04d", 1000+n), ""
				if !yield(e, nil) {
					return
				}
			}
			yield(store.Employee{}, bad)
		}
		if _, err := s.Import(t.Context(), many, store.ImportOptions{}); !errors.Is(err, bad) {
			t.Fatalf("got %v", err)
		}
		if _, err := s.Employee(t.Context(), "198001012005011000"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("something was written: %v", err)
		}
		load(t, s, budi) // the indexes came back with the rollback
		if got := must[store.Employee](t)(s.EmployeeByEmail(t.Context(), "SATU@contoh.go.id")); got != budi {
			t.Errorf("by email: %+v", got)
		}
		if got := must[store.Employee](t)(s.EmployeeByOldNIP(t.Context(), budi.OldNIP)); got != budi {
			t.Errorf("by old number: %+v", got)
		}
	})
}

func TestAmbiguousLookups(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		twin := sari
		twin.Email, twin.OldNIP = budi.Email, budi.OldNIP
		load(t, s, budi, twin)
		if _, err := s.EmployeeByEmail(t.Context(), budi.Email); !errors.Is(err, store.ErrAmbiguous) {
			t.Errorf("by email: %v", err)
		}
		if _, err := s.EmployeeByOldNIP(t.Context(), budi.OldNIP); !errors.Is(err, store.ErrAmbiguous) {
			t.Errorf("by old number: %v", err)
		}
	})
}

func TestSessionTellsAllAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi)
		session := must[store.Session](t)
		if got := session(s.Session(t.Context(), phone)); got != (store.Session{Account: phone}) {
			t.Errorf("unknown account: %+v", got)
		}
		own := must[store.Walk](t)(s.StartWalk(t.Context(), "telegram:1", "about", "one", noon))
		if got := session(s.Session(t.Context(), phone)); got.Walk != own {
			t.Errorf("own walk: %+v", got.Walk)
		}
		link(t, s, phone, budi.NIP)
		if err := s.SetLanguage(t.Context(), phone, "en"); err != nil {
			t.Fatal(err)
		}
		if err := s.SetPrompt(t.Context(), phone, store.PromptPhone, noon); err != nil {
			t.Fatal(err)
		}
		w := must[store.Walk](t)(s.StartWalk(t.Context(), budi.NIP, "reset", "notice", noon))
		st := store.Status{Value: "ISSUE", Message: "baik", Asked: noon.Local(), EndDate: noon.Local()}
		if err := s.SaveStatus(t.Context(), budi.NIP, st); err != nil {
			t.Fatal(err)
		}
		want := store.Session{Account: phone, Language: "en", Prompt: store.PromptPhone, PromptAt: noon.Local(), Linked: true, Employee: budi, Verified: noon.Local(), Status: st, Walk: w}
		var got store.Session
		for range 100 { // the status is written a moment later
			if got = session(s.Session(t.Context(), phone)); got.Status.Value != "" {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		if got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	})
}

func TestAnEmployeeHasOneAccountPerPlatform(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		load(t, s, budi, sari)
		link(t, s, phone, budi.NIP)
		link(t, s, desk, budi.NIP)
		if got := link(t, s, other, budi.NIP); !slices.Equal(got, []store.Account{phone}) {
			t.Errorf("displaced %v", got)
		}
		if got := link(t, s, other, budi.NIP); len(got) != 0 {
			t.Errorf("linked again, displaced %v", got)
		}
		links := must[[]store.Link](t)(s.Links(t.Context(), budi.NIP))
		if len(links) != 2 || links[0].Account != desk || links[1].Account != other {
			t.Errorf("links: %+v", links)
		}
		if err := s.Link(t.Context(), phone, "197001012000011009", noon, nil); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("link to nobody: %v", err)
		}
		if got := must[string](t)(s.Unlink(t.Context(), desk)); got != budi.NIP {
			t.Errorf("unlinked %q", got)
		}
		if _, err := s.Unlink(t.Context(), desk); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("unlinked twice: %v", err)
		}
		if got := must[[]store.Account](t)(s.UnlinkAll(t.Context(), budi.NIP, officer, nobodyTold)); !slices.Equal(got, []store.Account{other}) {
			t.Errorf("unlinked all: %v", got)
		}
	})
}

func TestAnUpdateIsStoredOnceAndWiped(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
		if err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		for n := range 40 {
			wait.Go(func() {
				e := store.InboxEntry{Source: "telegram", ID: strconv.Itoa(n % 20), Account: "telegram:1", Payload: []byte("rahasia")}
				if _, err := s.AddInbox(context.Background(), e); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		batch := []store.InboxEntry{{Source: "telegram", ID: "5"}, {Source: "telegram", ID: "x", Account: "telegram:1", Payload: []byte("y")}}
		if fresh := must[[]bool](t)(s.AddInbox(t.Context(), batch...)); !slices.Equal(fresh, []bool{false, true}) {
			t.Errorf("fresh: %v", fresh)
		}
		for n := range 20 {
			if err := s.AckInbox(t.Context(), "telegram", strconv.Itoa(n)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(context.Background()); err != nil { // writes what is queued
			t.Fatal(err)
		}
		s = storetest.Open(t, url)
		open := must[[]store.InboxEntry](t)(s.OpenInbox(t.Context()))
		if len(open) != 1 || open[0].ID != "x" || string(open[0].Payload) != "y" {
			t.Errorf("open: %+v", open)
		}
		if fresh := must[[]bool](t)(s.AddInbox(t.Context(), store.InboxEntry{Source: "telegram", ID: "7"})); fresh[0] {
			t.Error("an answered update is not known any more")
		}
	})
}

func TestWhatAPersonToldIsRemembered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx, a, b := t.Context(), store.Account{Platform: "telegram", ID: "1"}, store.Account{Platform: "mattermost", ID: "1"}
		for _, err := range []error{s.SetBrowser(ctx, a, "edge"), s.SetBrowser(ctx, a, "firefox"), s.SetQuiet(ctx, a, true), s.SetTextOnly(ctx, a, true), s.SetErrand(ctx, a, "status", noon), s.SetLanguage(ctx, b, "en")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Session(ctx, a)
		if err != nil || got.Browser != "firefox" || !got.Quiet || !got.TextOnly || got.Errand != "status" || !got.ErrandAt.Equal(noon) || got.Language != "" {
			t.Errorf("%+v, %v", got, err)
		}
		if err := s.SetQuiet(ctx, a, false); err != nil {
			t.Fatal(err)
		}
		if got, err = s.Session(ctx, a); err != nil || got.Quiet || got.Browser != "firefox" {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err = s.Session(ctx, b); err != nil || got.Browser != "" || got.Quiet || got.TextOnly || got.Errand != "" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
