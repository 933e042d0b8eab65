package app_test

import (
	"bytes"
	"cmp"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"resetpin/handlers/bsre/bsretest"
)

// value gives the number of the metric's line that begins so.
func (w *world) value(name string) (float64, bool) {
	w.t.Helper()
	lines := w.metric(name)
	if len(lines) != 1 {
		return 0, false
	}
	n, err := strconv.ParseFloat(lines[0][strings.LastIndexByte(lines[0], ' ')+1:], 64)
	if err != nil {
		w.t.Fatal(err)
	}
	return n, true
}

// Prometheus' own tool reads what a bot at work tells, and has nothing to
// remark on it.
func TestPrometheusOwnToolAcceptsTheMetrics(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("SKIPPED: no promtool on this machine. Install the package prometheus (Debian).")
	}
	w := newWorld(t, hasty...)
	p := w.telegramPerson(7001)
	linked(t, w, p, "ISSUE")
	w.bsre.Set(bsretest.PlaceAPI, bsretest.ModeDown, 0)
	p.Types("/status") // an outage has metrics of its own
	sees(t, p, "tidak bisa dihubungi")
	body := w.get("/metrics")
	if !strings.Contains(string(body), `resetpin_outage{system="bsre_status"}`) {
		t.Error("the outage is not told")
	}
	cmd := exec.CommandContext(t.Context(), tool, "check", "metrics")
	cmd.Stdin = bytes.NewReader(body)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}

// The breaker is open while BSrE answers nothing, and closed before and after.
func TestTheMetricsTellTheBreaker(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hasty...)
	w.showLog()
	p := w.telegramPerson(7001)
	linked(t, w, p, "ISSUE")
	stands := func(system, state string) bool {
		on, ok := w.value(`resetpin_breaker{state="` + state + `",system="` + system + `"}`)
		return ok && on == 1
	}
	for _, system := range []string{"bsre_status", "bsre_portal"} {
		if !stands(system, "closed") {
			t.Errorf("%s before: %v", system, w.metric("resetpin_breaker"))
		}
	}
	w.bsre.Set(bsretest.PlaceAPI, bsretest.ModeDown, 0)
	for range 4 { // of three attempts each
		p.Types("/status")
		sees(t, p, "tidak bisa dihubungi")
	}
	eventually(t, "the open breaker", func() bool { return !stands("bsre_status", "closed") })
	if !stands("bsre_portal", "closed") {
		t.Errorf("the portal's: %v", w.metric("resetpin_breaker"))
	}
	w.heal()
	recovers(t, p, "/status", "Sertifikat aktif")
	eventually(t, "the closed breaker", func() bool { return stands("bsre_status", "closed") })
}

// When the reset site's certificate ends is known before anybody asks for it.
func TestTheMetricsTellTheEndOfTheResetSitesCertificate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const ends = "resetpin_reset_site_certificate_expiry_timestamp_seconds"
	eventually(t, "the first look", func() bool { _, seen := w.value(ends); return seen })
	end, _ := w.value(ends)
	answer, err := w.bsre.Client().Get("https://" + w.bsre.ResetSite() + "/")
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	if want := answer.TLS.PeerCertificates[0].NotAfter.Unix(); int64(end) != want {
		t.Errorf("it ends %d, want %d", int64(end), want)
	}
	if on, ok := w.value(`resetpin_reset_site{verdict="expected"}`); !ok || on != 1 {
		t.Errorf("the verdict: %v", w.metric("resetpin_reset_site"))
	}
}

// Who is told that BSrE cannot be had was not served, whatever is wrong there:
// such an answer does not count as plain "answered".
func TestAnOutagesAnswersAreNoPlainOnes(t *testing.T) {
	t.Parallel()
	for place, commands := range map[bsretest.Place][]string{bsretest.PlaceAPI: {"/status", "/resetpin"}, bsretest.PlacePortal: {"/resetpin"}} {
		for _, trouble := range []bsretest.Mode{bsretest.ModeDown, bsretest.ModeLogin, bsretest.ModeGarbage} {
			t.Run(string(place)+" "+string(trouble), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, hasty...)
				w.showLog()
				p := w.telegramPerson(7001)
				linked(t, w, p, "ISSUE")
				p.Types("/bantuan")
				sees(t, p, "Yang bisa saya bantu")
				w.bsre.Set(place, trouble, 0)
				for _, c := range commands {
					p.Types(c)
					sees(t, p, "⚠️")
				}
				count := func(outcome string) int {
					n, _ := w.value(`resetpin_updates_total{kind="command",outcome="` + outcome + `",platform="telegram"}`)
					return int(n)
				}
				const plain = 2 // the link and the help
				eventually(t, "all to be counted", func() bool { return count("answered")+count("outage") == plain+len(commands) })
				if served := count("answered"); served != plain {
					t.Errorf("%d of %d were counted as answered", served, plain+len(commands))
				}
				kind := map[bsretest.Mode]string{bsretest.ModeLogin: "closed"}[trouble]
				name := `resetpin_troubles_total{trouble="` + cmp.Or(kind, "down") + `"}`
				if told, _ := w.value(name); int(told) != len(commands) {
					t.Errorf("%s is %v, want %d: %v", name, told, len(commands), w.metric("resetpin_troubles_total"))
				}
			})
		}
	}
}
