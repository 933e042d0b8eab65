package app_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"resetpin/handlers/bsre/bsretest"
	"resetpin/store"
)

// wholeTrail gives the audit trail, the oldest line first.
func (w *world) wholeTrail() []store.Event {
	w.t.Helper()
	var all []store.Event
	for e, err := range w.app.Store().Events(context.Background(), w.clock.Now().AddDate(-1, 0, 0), "") {
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// A press has one id, under which the log, the audit trail and BSrE know all
// that it made happen, the job that came of it included.
func TestAResetIsKnownByOneIDEverywhere(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		askForConfirmation(t, p)
		p.Presses("Ya, kirim link")
		sees(t, p, "berhasil dikirim")
		id, detail := "", ""
		eventually(t, "the reset in the trail", func() bool {
			for _, e := range w.wholeTrail() {
				if e.Action == "reset" && e.Outcome == "sent" {
					id, detail = e.ID, e.Detail
				}
			}
			return id != ""
		})
		if detail != "Tanda Tangan Elektronik" {
			t.Errorf("the trail does not say which certificate's PIN was meant: %q", detail)
		}
		asked, named := 0, 0
		for _, r := range w.bsre.Requests() {
			if r.Place == bsretest.PlacePortal && r.ID == id {
				asked++
			}
			if strings.HasPrefix(r.Agent, "resetpin") {
				named++
			} else if r.Place != "site" {
				t.Errorf("a request to %s by %q", r.Place, r.Agent)
			}
		}
		if asked == 0 || named == 0 {
			t.Errorf("the portal was asked %d times under %s", asked, id)
		}
		requested := false
		for _, e := range w.wholeTrail() {
			requested = requested || e.ID == id && e.Outcome == "requested"
		}
		if !requested {
			t.Errorf("what the press wrote down is not known by %s: %+v", id, w.wholeTrail())
		}
		eventually(t, "the update's line in the log", func() bool {
			return regexp.MustCompile(`msg=update .*kind=action.* id=` + id).MatchString(w.log.String())
		})
	})
}

// links links a chat with an employee.
func (w *world) links(p person, e bsretest.Person) {
	w.t.Helper()
	p.Types("/link " + e.NIP)
	sees(w.t, p, "kode 6 angka sedang dikirim")
	p.Types(w.code(e.Email, 1))
	sees(w.t, p, "Berhasil", e.Name)
}

// breakTable takes a table out of the bot's database.
func (w *world) breakTable(name string) {
	w.t.Helper()
	w.inDatabase(func(db *sql.DB) error { _, err := db.ExecContext(w.t.Context(), "DROP TABLE "+name); return err })
}

// inDatabase does something to the bot's database behind its back.
func (w *world) inDatabase(do func(db *sql.DB) error) {
	w.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.dir, "bot.db")+"?_pragma=busy_timeout(10000)")
	if err == nil {
		err = errors.Join(do(db), db.Close())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// One press, after which the answer cannot be kept: the code that the employee
// is told is the one of the log, the audit trail, the job that came of the press,
// and of what BSrE was asked.
func TestTheCodeThatIsToldIsTheOneOfEverythingThatWasDone(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		e := linked(t, w, p, "ISSUE")
		askForConfirmation(t, p)
		run := func(query string) func(*sql.DB) error {
			return func(db *sql.DB) error { _, err := db.ExecContext(t.Context(), query); return err }
		}
		w.inDatabase(run(`CREATE TRIGGER full BEFORE UPDATE OF place ON accounts BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`))
		p.Presses("Ya, kirim link")
		told := regexp.MustCompile(`kode ini .*?([2-9A-Z]{6})`).FindStringSubmatch(sees(t, p, "sebutkan kode ini").Text)
		if told == nil {
			t.Fatalf("no code in %s", show(p))
		}
		id := told[1]
		eventually(t, "BSrE to be asked", func() bool { return w.bsre.ResetsOf(e.NIK) == 1 })
		w.inDatabase(run(`DROP TRIGGER full`))
		patiently(t, "the outcome", func() bool {
			return slices.ContainsFunc(p.Chat(), func(l line) bool { return l.Bot && strings.Contains(l.Text, "berhasil dikirim") })
		})
		if !slices.ContainsFunc(w.bsre.Requests(), func(r bsretest.Request) bool {
			return r.Place == bsretest.PlacePortal && strings.Contains(r.Path, "reset") && r.ID == id
		}) {
			t.Errorf("BSrE's portal was asked for nothing under %s", id)
		}
		w.inDatabase(func(db *sql.DB) error {
			jobs := 0
			err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM river_job WHERE queue = 'reset' AND json_extract(args, '$.id') = $1`, id).Scan(&jobs)
			if err == nil && jobs != 1 {
				t.Errorf("%d jobs are known by %s", jobs, id)
			}
			return err
		})
		eventually(t, "all of it in the trail under "+id, func() bool {
			var done []string
			for _, l := range w.wholeTrail() {
				if l.ID == id {
					done = append(done, l.Action+" "+l.Outcome)
				}
			}
			return holdsAll(strings.Join(done, ", "), []string{"reset requested", "apology told", "reset sent", "mail sent"})
		})
		for _, want := range []string{`msg=update .*kind=action.* id=` + id, `level=ERROR msg="an update could not be handled".* id=` + id} {
			if !regexp.MustCompile(want).MatchString(w.log.String()) {
				t.Errorf("the log does not have %s", want)
			}
		}
	})
}

// Who is told a code can be found by it.
func TestACodeThatIsToldLeadsToTheTrail(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		w.breakTable("walks")
		p.Types("/resetpin")
		told := regexp.MustCompile(`[2-9A-Z]{6}`).FindString(sees(t, p, "kode").Text)
		eventually(t, "the code in the trail", func() bool {
			for _, e := range w.wholeTrail() {
				if e.ID == told && e.Action == "apology" && e.Account.ID != "" {
					return true
				}
			}
			return false
		})
		if !strings.Contains(w.log.String(), "id="+told) {
			t.Error("the log does not know the code")
		}
	})
}

// Ten people ask while BSrE does not answer: the log says so once, and says once
// that it is over.
func TestAnOutageIsALineWhenItBeginsAndOneWhenItEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hasty...)
	w.showLog()
	samples := bsretest.Samples()
	var people []person
	for i, e := range samples {
		p := w.telegramPerson(int64(7001 + i))
		w.links(p, e)
		people = append(people, p)
	}
	w.bsre.Set(bsretest.PlaceAPI, bsretest.ModeDown, 0)
	for _, p := range people {
		p.Types("/status")
	}
	for _, p := range people {
		sees(t, p, "tidak bisa dihubungi")
	}
	eventually(t, "the outage in the metrics", func() bool {
		body := string(w.get("/metrics"))
		return strings.Contains(body, `resetpin_outage{system="bsre_status"} 1`) && strings.Contains(body, `outcome="outage"`)
	})
	w.heal()
	recovers(t, people[0], "/status", "Sertifikat")
	var told []string // the portal, which is looked at in passing, may be late on a busy machine
	for line := range strings.SplitSeq(w.log.String(), "\n") {
		if (strings.Contains(line, "level=WARN") || strings.Contains(line, "level=ERROR")) && !strings.Contains(line, "system=bsre_portal") {
			told = append(told, line)
		}
	}
	if len(told) != 2 || !strings.Contains(told[0], "an outage began") || !strings.Contains(told[1], "an outage is over") ||
		!strings.Contains(told[1], "system=bsre_status waited=") || strings.Contains(told[1], "waited=0") {
		t.Errorf("told:\n%s", strings.Join(told, "\n"))
	}
	if body := string(w.get("/metrics")); !strings.Contains(body, `resetpin_outage{system="bsre_status"} 0`) || !strings.Contains(body, `resetpin_calls_total{outcome="broken",system="bsre_status"}`) && !strings.Contains(body, `resetpin_calls_total{outcome="unreachable",system="bsre_status"}`) {
		t.Errorf("metrics afterwards: %s", body)
	}
}
