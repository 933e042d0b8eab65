package app_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
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
		if n := w.jobs("reset", id); n != 1 {
			t.Errorf("%d jobs are known by %s", n, id)
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

// jobs counts the jobs of a kind that came of what has the id.
func (w *world) jobs(kind, id string) (n int) {
	w.t.Helper()
	return w.count(`SELECT count(*) FROM river_job WHERE queue = $1 AND json_extract(args, '$.id') = $2`, kind, id)
}

// count asks the bot's database for a number.
func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.dir, "bot.db")+"?mode=ro&_pragma=busy_timeout(10000)")
	if err == nil {
		err = db.QueryRowContext(w.t.Context(), query, args...).Scan(&n)
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return n
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
	if err := w.tryDatabase("DROP TABLE " + name); err != nil {
		w.t.Fatal(err)
	}
}

// tryDatabase does something to the bot's database behind its back.
func (w *world) tryDatabase(query string) error {
	db, err := sql.Open("sqlite", filepath.Join(w.dir, "bot.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	_, err = db.ExecContext(context.Background(), query)
	return errors.Join(err, db.Close())
}

// The database breaks while BSrE is being asked: the code that the employee is
// told is the one under which BSrE was asked, and that of the log and the trail.
func TestTheCodeThatIsToldIsTheOneOfWhatBSrEWasAsked(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		broken := make(chan error, 1)
		var once sync.Once
		w.bsre.SetRewrite(func(_ string, answer []byte) []byte {
			once.Do(func() { broken <- w.tryDatabase("DROP TABLE resets") })
			return answer
		})
		p.Types("/resetpin")
		told := regexp.MustCompile(`kode ini .*?([2-9A-Z]{6})`).FindStringSubmatch(sees(t, p, "sebutkan kode ini").Text)
		if told == nil {
			t.Fatalf("no code in %s", show(p))
		}
		id := told[1]
		if err := <-broken; err != nil {
			t.Fatal(err)
		}
		for _, place := range []bsretest.Place{bsretest.PlaceAPI, bsretest.PlacePortal} {
			if !slices.ContainsFunc(w.bsre.Requests(), func(r bsretest.Request) bool { return r.Place == place && r.ID == id }) {
				t.Errorf("nothing was asked of BSrE's %s under %s", place, id)
			}
		}
		eventually(t, "the apology in the trail under "+id, func() bool {
			return slices.ContainsFunc(w.wholeTrail(), func(e store.Event) bool { return e.ID == id && e.Action == "apology" })
		})
		if want := `level=ERROR msg="an update could not be handled".* id=` + id; !regexp.MustCompile(want).MatchString(w.log.String()) {
			t.Errorf("the log does not have %s", want)
		}
	})
}

// Who is told a code can be found by it.
func TestACodeThatIsToldLeadsToTheTrail(t *testing.T) {
	story(t, func(t *testing.T, w *world, p person) {
		linked(t, w, p, "ISSUE")
		w.breakTable("walks")
		p.Types("/resetpin")
		told := regexp.MustCompile(`[2-9A-Z]{6}`).FindString(sees(t, p, "sebutkan kode ini").Text) // a chat's number is of six letters, too
		eventually(t, "the apology in the trail under "+told, func() bool {
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
