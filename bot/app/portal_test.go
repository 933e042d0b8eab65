package app_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"resetpin/handlers/bsre/bsretest"
)

// watch reads one of the bot's own pages.
func (w *world) watch(path string) (int, string) {
	w.t.Helper()
	resp, err := http.Get("http://" + w.app.Addr() + path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// A date in a form that nobody knows is left out, counted, told in the log
// once, and shown by the doctor.
func TestADateThatCannotBeReadIsTold(t *testing.T) {
	w := newWorld(t)
	w.bsre.SetRewrite(func(_ string, answer []byte) []byte {
		return bytes.ReplaceAll(answer, []byte("2028-03-17 09:30:00.000+0700"), []byte("17 Maret 2028"))
	})
	p := w.telegramPerson(7001)
	linked(t, w, p, "ISSUE")
	for range 2 {
		p.Types("/resetpin")
		sees(t, p, "Lanjutkan?")
	}
	const what = `field=notAfterDate shape="99 aaaaa 9999"`
	if n := strings.Count(w.log.String(), what); n != 1 {
		t.Errorf("the log tells it %d times", n)
	}
	if _, metrics := w.watch("/metrics"); !strings.Contains(metrics, `resetpin_bsre_unreadable_total{field="notAfterDate"}`) {
		t.Error("it is not counted")
	}
	w.stop()
	out, fine := w.check()
	if l := lineOf(out, "BSrE data"); fine || !strings.HasPrefix(l, "WRONG") || !strings.Contains(l, "99 aaaaa 9999") || strings.Contains(l, "Maret") {
		t.Errorf("the doctor says %q", l)
	}
}

// The operator's session has ended, and only a person can begin a new one:
// employees hear what is true, and whoever watches the bot sees it, without
// the bot leaving the balancer.
func TestAnEndedSessionIsRemarked(t *testing.T) {
	w := newWorld(t, "BSRE_PORTAL_TOTP_SECRET=")
	p := w.telegramPerson(7001)
	linked(t, w, p, "ISSUE")
	p.Types("/resetpin")
	sees(t, p, "petugas harus membuka lagi akses", "Tidak ada yang berubah")
	code, ready := w.watch("/readyz")
	if code != http.StatusOK || !strings.Contains(ready, "BSrE portal") || !strings.Contains(ready, "bsre login") {
		t.Errorf("HTTP %d %s", code, ready)
	}
	if _, metrics := w.watch("/metrics"); !strings.Contains(metrics, "resetpin_bsre_session 0") {
		t.Error("the metric does not say so")
	}
	for _, r := range w.bsre.Requests() {
		if r.Place == bsretest.PlaceSSO {
			t.Errorf("the sign-on was asked without a way to log in: %+v", r)
		}
	}
}
