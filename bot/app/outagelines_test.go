package app_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
	"resetpin/store/storetest"
)

// loud are the lines of the log that an operator reads.
func (w *world) loud() []string {
	var out []string
	for line := range strings.SplitSeq(w.log.String(), "\n") {
		if strings.Contains(line, "level=WARN") || strings.Contains(line, "level=ERROR") {
			out = append(out, line)
		}
	}
	return out
}

// patiently waits until f holds. After an outage that may take as long as the
// pauses between two tries had grown.
func patiently(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if f() {
			return
		}
	}
	t.Fatalf("in vain: %s", what)
}

// hears waits until somebody was told the words.
func hears(t *testing.T, p person, words string) {
	t.Helper()
	patiently(t, "an answer with "+words, func() bool {
		return slices.ContainsFunc(p.Chat(), func(l line) bool { return l.Bot && strings.Contains(l.Text, words) })
	})
}

// However long an outside system is away, and whatever is tried meanwhile: the
// log has one line when that begins, and one when it ends, with how many waited.
func TestALongOutageIsTwoLines(t *testing.T) {
	t.Parallel()
	type outage struct {
		system  string
		there   bool // the people are on Mattermost
		extra   func(t *testing.T) []string
		before  func(t *testing.T, w *world, people []person) // nil: nothing
		begins  func(w *world)
		happens func(t *testing.T, w *world, people []person) // until it is long, and people wait
		ends    func(w *world)
		after   func(t *testing.T, w *world, people []person) // they get what they waited for
	}
	var network *storetest.Silent
	failures := func(t *testing.T, w *world, sign string, n int) {
		t.Helper()
		patiently(t, "many failures: "+sign, func() bool { return len(regexp.MustCompile(sign).FindAllString(w.log.String(), n)) == n })
	}
	for _, o := range []outage{
		{
			system: "telegram",
			begins: func(w *world) { w.telegram.Break(telegramtest.Fault{Code: http.StatusBadGateway, HTML: true}) },
			happens: func(t *testing.T, w *world, people []person) { // updates are still received, for a while
				for i, p := range people {
					p.Types("/help")
					failures(t, w, "could not be delivered yet", 4*(i+1))
				}
				w.telegram.Break(telegramtest.Fault{Method: "getUpdates", Code: http.StatusBadGateway, HTML: true})
				failures(t, w, "could not be delivered yet", 15)
			},
			ends: func(w *world) { w.telegram.Heal() },
			after: func(t *testing.T, w *world, people []person) {
				for _, p := range people {
					hears(t, p, "Yang bisa saya bantu")
				}
			},
		},
		{
			system: "mail",
			begins: func(w *world) { w.mail.SetMode(mailtest.ModeDown, 0) },
			happens: func(t *testing.T, w *world, people []person) {
				for i, p := range people {
					p.Types("/link " + bsretest.Samples()[i].NIP)
				}
				failures(t, w, "a job (will be tried again|waits)", 9)
			},
			ends: func(w *world) { w.mail.SetMode(mailtest.ModeOK, 0) },
			after: func(t *testing.T, w *world, people []person) {
				for i := range people {
					patiently(t, "the mail", func() bool { return len(w.mail.Inbox(bsretest.Samples()[i].Email)) > 0 })
				}
			},
		},
		{
			system: "database",
			extra: func(t *testing.T) []string {
				var address string
				address, network = storetest.Through(t, storetest.Postgres(t))
				return []string{"DATABASE_URL=" + address}
			},
			begins: func(*world) { network.Cut(true) },
			happens: func(t *testing.T, w *world, people []person) {
				for _, p := range people {
					p.Types("/privasi")
				}
				failures(t, w, "level=DEBUG.*PostgreSQL does not answer", 6)
			},
			ends: func(*world) { network.Cut(false) },
			after: func(t *testing.T, w *world, people []person) {
				for _, p := range people {
					hears(t, p, "Data Anda")
				}
			},
		},
		{
			system: "mattermost", there: true, // all of it: the API, the websocket, the answers' addresses
			before: func(t *testing.T, w *world, _ []person) {
				eventually(t, "the bot to hear", func() bool { return strings.TrimSpace(string(w.get("/readyz"))) == "[]" })
			},
			begins: func(w *world) {
				w.mattermost.Break(mattermosttest.Fault{Code: http.StatusBadGateway, HTML: true})
				w.mattermost.Break(mattermosttest.Fault{Path: "/websocket", Code: http.StatusBadGateway, HTML: true})
			},
			happens: func(t *testing.T, w *world, people []person) {
				for _, p := range people {
					p.Types("bantuan") // the websocket still brings it
				}
				broken := func(n float64) {
					t.Helper()
					patiently(t, "many failures", func() bool {
						v, _ := w.value(`resetpin_calls_total{outcome="broken",system="mattermost"}`)
						return v >= n
					})
				}
				broken(10)
				w.mattermost.CutSockets()
				failures(t, w, "mattermost cannot be reached", 3)
				broken(14)
			},
			ends: func(w *world) { w.mattermost.Heal() },
			after: func(t *testing.T, _ *world, people []person) {
				for _, p := range people {
					hears(t, p, "Yang bisa saya bantu")
				}
			},
		},
		{
			system: "bsre_portal",
			before: func(t *testing.T, w *world, people []person) { linked(t, w, people[0], "ISSUE") },
			begins: func(w *world) { w.bsre.Set(bsretest.PlacePortal, bsretest.ModeDown, 0) },
			happens: func(t *testing.T, _ *world, people []person) {
				for range 5 {
					people[0].Types("/resetpin")
					sees(t, people[0], "tidak bisa dihubungi")
				}
			},
			ends:  func(w *world) { w.bsre.Set(bsretest.PlacePortal, bsretest.ModeOK, 0); w.clock.advance(2 * time.Minute) },
			after: func(t *testing.T, _ *world, people []person) { recovers(t, people[0], "/resetpin", "Lanjutkan?") },
		},
	} {
		t.Run(o.system, func(t *testing.T) {
			t.Parallel()
			var extra []string
			if o.extra != nil {
				extra = o.extra(t)
			}
			w := emptyWorld(t, extra)
			if o.there {
				w.addMattermost()
			}
			w.inhabit().showLog()
			var people []person
			for i := range 3 {
				p := w.telegramPerson(int64(7001 + i))
				if o.there {
					p = w.mattermostPerson(fmt.Sprintf("pegawai%d", i))
				}
				p.Types("/start")
				sees(t, p, "Halo")
				people = append(people, p)
			}
			if o.before != nil {
				o.before(t, w, people)
			}
			before := len(w.loud())
			o.begins(w)
			o.happens(t, w, people)
			on, _ := w.value(`resetpin_outage{system="` + o.system + `"}`)
			o.ends(w)
			o.after(t, w, people)
			patiently(t, "the end of the outage", func() bool { return strings.Contains(w.log.String(), "an outage is over") })
			told := w.loud()[before:]
			if len(told) != 2 || !strings.Contains(told[0], `msg="an outage began" system=`+o.system) || !strings.Contains(told[1], `msg="an outage is over" system=`+o.system) ||
				strings.Contains(told[1], "waited=0 ") {
				t.Errorf("told:\n%s", strings.Join(told, "\n"))
			}
			if off, _ := w.value(`resetpin_outage{system="` + o.system + `"}`); on != 1 || off != 0 {
				t.Errorf("the metric was %v, and is %v", on, off)
			}
		})
	}
}
