package cli

import (
	"context"
	"strings"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

func TestAnOfficerFindsPeople(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := atDesk(t, url)
		d.wants(ExitDone, "2 added", "employees", "import", file(t, head+one+two))
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key(), Now: func() time.Time { return noon }})
		if err != nil {
			t.Fatal(err)
		}
		const nip = "198001012005011001"
		phone := store.Account{Platform: "telegram", ID: "4711"}
		if err := s.Link(t.Context(), phone, nip, noon, func([]store.Account) []store.Job { return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.StartWalk(t.Context(), nip, "reset", "mail", noon.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.RequestReset(t.Context(), store.ResetRequest{Key: "k", NIP: nip, Account: phone, Now: noon.Add(-2 * time.Minute), Daily: 3}, func(int64) store.Job { return store.Job{Kind: "reset"} }); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveCertificate(t.Context(), nip, store.Certificate{Looked: noon, Phone: store.PhoneUnverified}); err != nil {
			t.Fatal(err)
		}
		for outcome, detail := range map[string]string{"refused": "code, 550 5.1.1"} {
			if err := s.Audit(t.Context(), store.Event{At: noon.Add(-time.Minute), NIP: nip, Action: "mail", Outcome: outcome, Detail: detail}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		e := d.wants(ExitDone, nip, "employees", "show", nip)
		for _, want := range []string{"phone number unverified", "reset, step mail, active", "refused: code, 550 5.1.1", "Next reset   from 2026-03-02T12:03:00+07:00 on (RESET_COOLDOWN)"} {
			if !strings.Contains(e, want) {
				t.Errorf("%q is missing in\n%s", want, e)
			}
		}
		for _, words := range [][]string{{"telegram:4711"}, {"SATU", "contoh"}, {"satu@contoh"}, {"4711"}, {"1980 0101"}, {nip}} {
			out := d.wants(ExitDone, nip, append([]string{"employees", "find"}, words...)...)
			if strings.Count(out, "\n") != 2 || !strings.Contains(out, "telegram:4711") || strings.Contains(out, "3171010101800001") {
				t.Errorf("%v: %s", words, out)
			}
		}
		d.wants(ExitFailed, "nobody in the directory fits", "employees", "find", "tidak", "ada")
		if out := d.wants(ExitDone, "find", "audit", "--since", "1h"); !strings.Contains(out, "read,find") {
			t.Error(out)
		}
	})
}

// Whoever answers the telephone sees how an employee stands: where they are in a
// guide or how it ended, what became of each of the last mails, a code's as a
// notice's, the phone's state, the resets, and when the next is possible and
// why not now.
func TestAnOfficerSeesHowAnEmployeeStands(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := atDesk(t, url)
		d.environ = append(d.environ, "TIME_ZONE=WIT", "RESET_DAILY_LIMIT=2")
		d.wants(ExitDone, "2 added", "employees", "import", file(t, head+one+two))
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key(), Now: func() time.Time { return noon }})
		if err != nil {
			t.Fatal(err)
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		const nip = "198001012005011001"
		phone := store.Account{Platform: "telegram", ID: "4711"}
		walk, err := s.StartWalk(t.Context(), nip, "reset", "mail", noon.Add(-2*time.Hour))
		must(err)
		_, err = s.MoveWalk(t.Context(), walk.ID, walk.Version, "mail+nomail", store.WalkStopped, noon.Add(-time.Hour))
		must(err)
		must(s.SaveStatus(t.Context(), nip, store.Status{Value: "ISSUE", Asked: noon.Add(-time.Hour)}))
		must(s.SaveCertificate(t.Context(), nip, store.Certificate{Looked: noon, Phone: store.PhoneVerified, Product: "Individu", EndDate: noon.AddDate(1, 0, 0)}))
		for i, state := range []store.ResetState{store.ResetPhone, store.ResetSent, store.ResetUnknown} {
			at := noon.Add(time.Duration(i-12) * time.Hour)
			asked, err := s.RequestReset(t.Context(), store.ResetRequest{Key: string(state), NIP: nip, Account: phone, Now: at, Daily: 2}, func(int64) store.Job { return store.Job{Kind: "reset"} })
			must(err)
			if _, _, err := s.BeginReset(t.Context(), asked.Reset.ID, at); err != nil {
				t.Fatal(err)
			}
			_, err = s.FinishReset(t.Context(), asked.Reset.ID, state, "", at)
			must(err)
		}
		for i, fate := range []string{"sent code", "refused code, 550 5.1.1", "late code", "replaced code", "sent linked", "givenup reset"} {
			outcome, detail, _ := strings.Cut(fate, " ")
			must(s.Audit(t.Context(), store.Event{At: noon.Add(time.Duration(i-9) * time.Minute), NIP: nip, Action: "mail", Outcome: outcome, Detail: detail}))
		}
		must(s.Close(context.Background()))
		golden(t, "show", d.wants(ExitDone, nip, "employees", "show", nip))
	})
}
