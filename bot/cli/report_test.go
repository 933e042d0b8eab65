package cli

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"resetpin/bot/settings"
	"resetpin/handlers"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
	"resetpin/handlers/understand"
	"resetpin/store"
	"resetpin/store/storetest"
)

// A month for a boss, beside the month before, in the reader's language and
// the days of the agency's zone.
func TestTheReportForABoss(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := atDesk(t, url)
		d.wants(ExitDone, "2 added", "employees", "import", file(t, head+one+two))
		s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
		if err != nil {
			t.Fatal(err)
		}
		phone, nips := store.Account{Platform: "telegram", ID: "4711"}, []string{"198001012005011001", "199002022015022002"}
		for i, e := range []store.Event{
			{At: noon.Add(-31 * time.Hour), Action: "link", Outcome: "done"},
			{At: noon.Add(-30 * time.Hour), Action: "reset", Outcome: "refused"},
			// 23:30 in Jakarta is the next day in Jayapura.
			{At: noon.Add(-12*time.Hour - 30*time.Minute), Action: "status", Outcome: "told", Detail: "ISSUE"},
			{At: noon.Add(-3 * time.Hour), Action: "reset", Outcome: "sent"},
			{At: noon.Add(-3 * time.Hour), Action: "reset", Outcome: "sent"},
			{At: noon.Add(-2 * time.Hour), Action: "reset", Outcome: "unknown"},
			{At: noon.Add(-2 * time.Hour), Action: "walk", Outcome: "stopped", Detail: "mail"},
			{At: noon.Add(-2 * time.Hour), Action: "walk", Outcome: "stopped", Detail: "pin"},
			{At: noon.Add(-2 * time.Hour), Action: "walk", Outcome: "stopped", Detail: "mail"},
			{At: noon.Add(-2 * time.Hour), Action: "walk", Outcome: "done", Detail: "login"},
			{At: noon.Add(-time.Hour), Action: "signed", Outcome: "yes"},
			{At: noon.Add(-time.Hour), Action: "help", Outcome: "called"},
			{At: noon.Add(-time.Hour), Action: "lost", Outcome: "step:mail"},
			{At: noon.Add(-time.Hour), Action: "lost", Outcome: "home-linked"},
			{At: noon.Add(-time.Hour), Action: "lost", Outcome: "step:mail"},
			{At: noon.Add(-time.Hour), Action: "status", Outcome: "told", Detail: "OTHER"},
			{At: noon.Add(-time.Hour), Action: "walk", Outcome: "stopped", Detail: "phone/open+nomessage"},
			{At: noon.Add(-time.Hour), Action: "walk", Outcome: "stopped", Detail: "leftout"},
			{At: noon.Add(-time.Hour), Action: "disturbance", Outcome: "seen", Detail: "portal"},
			{At: noon.Add(-time.Hour), Action: "disturbance", Outcome: "over", Detail: "portal"},
		} {
			e.Account, e.NIP = phone, nips[i%2]
			if err := s.Audit(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		ticketed(t, s, phone, nips[0])
		if err := s.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		d.environ = append(d.environ, "TIME_ZONE=WIT")
		var all strings.Builder
		for _, args := range [][]string{
			{"report", "--since", "24h"}, {"report", "--lang", "en", "--since", "24h"}, {"report", "--lang", "en", "--since", "24h", "--until", "2h30m"},
			{"report", "--since", "2026-03-01T00:00:00Z", "--until", "2026-03-01T00:00:01Z"}, {"report"},
			{"report", "--since", "2026-03-01", "--until", "2026-03-02"}, {"report", "--since", "30m"}, // only the import is in the latter
		} {
			code, out, errs := d.run(args...)
			all.WriteString("$ resetpin " + strings.Join(args, " ") + "\n" + out + errs)
			if code != ExitDone {
				t.Errorf("%v: exit %d", args, code)
			}
		}
		golden(t, "report", all.String())
		d.wants(ExitUsage, `--lang "jv"`, "report", "--lang", "jv")
		d.wants(ExitUsage, "after --since", "report", "--since", "1h", "--until", "2h")
		d.wants(ExitUsage, "--until", "report", "--until", "tomorrow")
	})
}

// ticketed is an employee's ticket: it was answered, closed, and helped.
func ticketed(t *testing.T, s *store.Store, a store.Account, nip string) {
	t.Helper()
	opened := noon.Add(-2 * time.Hour)
	if _, err := s.StartWalk(t.Context(), nip, "reset", "mail", opened); err != nil {
		t.Fatal(err)
	}
	deed := func(tk store.Ticket) store.TicketDeed {
		return store.TicketDeed{Lines: []store.Event{{At: opened, Account: a, NIP: nip, Action: "ticket", Outcome: "opened", Detail: fmt.Sprint(tk.ID, " reset/mail")}}}
	}
	ticket, _, err := s.OpenTicket(t.Context(), store.Ticket{Account: a, NIP: nip, Reason: "reset/mail", Language: "id", Opened: opened}, deed)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.ChangeTicket(t.Context(), ticket.ID, func(tk *store.Ticket) (store.TicketDeed, error) {
		tk.Answered, tk.State, tk.Closed, tk.Helped = opened.Add(4*time.Minute), store.TicketClosed, opened.Add(85*time.Minute), "yes"
		return store.TicketDeed{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Everything that the audit trail and tickets know by an id has a name in every
// language of the report, and a place that a guide lost has one too.
func TestTheReportNamesWhatTheTrailKnowsByAnID(t *testing.T) {
	for _, lang := range handlers.Languages() {
		w, err := readReportWords(lang, settings.Settings{GuidesDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		named := func(id, name string) {
			t.Helper()
			if name == "" || name == id || name == w.own["gone"] || name == w.own["status.other"] || strings.ContainsAny(name, "{}+_") {
				t.Errorf("%s: %q is called %q", lang, id, name)
			}
		}
		for _, p := range append(understand.Places(), talk.WithPerson, talk.AskPerson, talk.PersonDone, talk.NewNumber, "address", "number") {
			named(string(p), w.place(string(p)))
		}
		for _, name := range w.library.Names() {
			g, _ := w.library.Guide(name)
			for _, step := range g.Steps() {
				named(name+"/"+step, w.place(name+"/"+step))
			}
		}
		for _, status := range pages.Statuses() {
			named(status, w.status(status))
		}
		for _, system := range []string{"bsre", "portal", "session", "mail", "all"} {
			named(system, w.system(system))
		}
		if got := w.place("reset/mail+nomail"); got == w.place("reset/mail") || got == w.own["gone"] {
			t.Errorf("a problem is called %q", got)
		}
		if w.place("reset/mail+menu") != w.place("mail") || w.place("leftout") != w.own["gone"] || w.place("leftout/mail") != w.own["gone"] {
			t.Error("the list of problems, or a place that is no more, is called otherwise")
		}
		if w.own["gone"] == "" || w.status("OTHER") != w.own["status.other"] || w.own["status.other"] == "" {
			t.Error("what nobody knows has no name")
		}
	}
}

// Equal events count together, whichever ticket they are about.
func TestTicketsNumbersAreNotCounted(t *testing.T) {
	row := func(detail string, n int) store.ReportRow {
		return store.ReportRow{Day: "2026-03-02", Action: "ticket", Outcome: "opened", Detail: detail, Count: n}
	}
	got := withoutNumbers([]store.ReportRow{row("1 address", 1), row("2 address", 1), row("3 number", 1), {Action: "walk", Detail: "1"}})
	want := []store.ReportRow{row("address", 2), row("number", 1), {Action: "walk", Detail: "1"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
