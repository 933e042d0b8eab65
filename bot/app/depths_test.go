package app_test

import (
	"net/http"
	"testing"
	"time"

	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/bsre/bsretest"
	"resetpin/handlers/mail/mailtest"
	"resetpin/store"
)

// reaches waits until a metric's value is as it should be.
func (w *world) reaches(name string, ok func(n float64) bool) {
	w.t.Helper()
	eventually(w.t, name, func() bool { n, there := w.value(name); return there && ok(n) })
}

// What an operator asks the metrics has an answer, which moves with what
// happens: what waits, what was given up, how BSrE and the mail server answer
// and how soon, how resets end, and how old the directory is.
func TestTheMetricsMoveWithWhatHappens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "RESET_COOLDOWN=0s")
	w.showLog()
	imported := store.Event{At: w.clock.Now(), Account: store.Account{Platform: "cli", ID: "petugas"}, Action: "import", Outcome: "done"}
	if err := w.app.Store().Audit(t.Context(), imported); err != nil {
		t.Fatal(err)
	}
	some := func(n float64) bool { return n >= 1 }
	none := func(n float64) bool { return n == 0 }
	one := func(n float64) bool { return n == 1 }
	for name, ok := range map[string]func(float64) bool{
		`resetpin_employees`:  func(n float64) bool { return int(n) == len(bsretest.Samples()) },
		`resetpin_build_info`: one, `resetpin_bsre_session`: one, `resetpin_inbox`: none, `resetpin_bsre_queue`: none,
		`resetpin_directory_age_seconds`: func(n float64) bool { return n < 3600 },
	} {
		w.reaches(name, ok)
	}
	p := w.telegramPerson(7001)
	linked(t, w, p, "ISSUE")
	askForConfirmation(t, p)
	p.Presses("Ya, kirim link")
	sees(t, p, "berhasil dikirim")
	for _, name := range []string{
		`resetpin_resets{state="sent"}`, `resetpin_events_total{action="reset",outcome="sent"}`, `resetpin_mails_total{outcome="sent"}`,
		`resetpin_calls_total{outcome="answered",system="telegram"}`, `resetpin_calls_total{outcome="answered",system="bsre_portal"}`,
		`resetpin_call_seconds_count{system="telegram"}`, `resetpin_call_seconds_count{system="bsre_status"}`, `resetpin_call_seconds_count{system="bsre_portal"}`,
		`resetpin_call_seconds_count{system="bsre_signon"}`, `resetpin_call_seconds_count{system="mail"}`,
		`resetpin_updates_total{kind="action",outcome="answered",platform="telegram"}`, `resetpin_update_seconds_count{platform="telegram"}`,
		`resetpin_jobs{kind="reset",state="completed"}`,
	} {
		w.reaches(name, some)
	}

	w.bsre.Set(bsretest.PlacePortal, bsretest.ModeLost, 0) // does it, and does not say so
	p.Types("/resetpin")
	sees(t, p, "Link reset sudah dikirim")
	p.Presses("Minta link baru")
	sees(t, p, "tidak bisa dihubungi")
	w.reaches(`resetpin_calls_total{outcome="unreachable",system="bsre_portal"}`, some)
	w.heal()

	w.telegram.Break(telegramtest.Fault{Method: "sendMessage", Code: http.StatusBadGateway, HTML: true}) // nothing can be delivered
	p.Types("/bahasa")
	p.Types("/help")
	w.reaches(`resetpin_inbox`, func(n float64) bool { return n == 2 })
	w.telegram.Heal()
	sees(t, p, "Yang bisa saya bantu")
	w.reaches(`resetpin_inbox`, none)

	w.mail.SetMode(mailtest.ModePermanent, 0)
	stranger := w.telegramPerson(7002)
	stranger.Types("/link " + sample(t, "EXPIRED").NIP)
	w.reaches(`resetpin_mails_total{outcome="refused"}`, some)
	w.reaches(`resetpin_jobs{kind="mail",state="cancelled"}`, some) // given up
	w.mail.SetMode(mailtest.ModeDown, 0)
	other := w.telegramPerson(7003)
	other.Types("/link " + sample(t, "NEW").NIP)
	w.reaches(`resetpin_mails_total{outcome="failed"}`, some)
	w.reaches(`resetpin_jobs{kind="mail",state="retryable"}`, some) // waits
	w.reaches(`resetpin_outages_total{system="mail"}`, one)
	w.reaches(`resetpin_outage_waiting{system="mail"}`, one)
	w.mail.SetMode(mailtest.ModeOK, 0)
	w.code(sample(t, "NEW").Email, 1)
	w.reaches(`resetpin_outage{system="mail"}`, none)
	w.reaches(`resetpin_outage_waiting{system="mail"}`, none)

	before, _ := w.value(`resetpin_directory_age_seconds`)
	w.clock.advance(48 * time.Hour)
	w.reaches(`resetpin_directory_age_seconds`, func(n float64) bool { return n >= before+48*3600 })
}

// Of the walks it is told how many needed a person, and after how long they had
// one's first word.
func TestAWalkThatNeedsAPersonIsCounted(t *testing.T) {
	onDesk(t, func(t *testing.T, w *world, p person, rina officer) {
		e := linked(t, w, p, "ISSUE")
		askForConfirmation(t, p)
		p.Presses("Ya, kirim link")
		sees(t, p, "Buka email dari BSrE")
		w.reaches("resetpin_walks_needing_person_ratio", func(n float64) bool { return n == 0 })
		p.Types("mau bicara dengan orang")
		sees(t, p, "Bicara dengan petugas")
		p.Presses("Kirim ke petugas")
		sees(t, p, "Tiket #1")
		w.reaches("resetpin_walks_needing_person_ratio", func(n float64) bool { return n == 1 })
		rina.opens(1, "#1 "+e.Name)
		rina.presses("Ambil")
		rina.types("Selamat pagi.")
		sees(t, p, "Selamat pagi.")
		w.reaches(`resetpin_ticket_median_seconds{until="answer"}`, func(n float64) bool { return n > 0 })
	})
}
