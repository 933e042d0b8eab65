package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A bot that knows nobody works, and turns everybody away: that is said at the
// start and for as long as it is so, without taking it out of the balancer.
func TestAnEmptyDirectoryIsRemarked(t *testing.T) {
	w := newWorld(t)
	w.stop()
	w.extra = []string{"DATABASE_URL=sqlite:" + t.TempDir() + "/empty.db"}
	var err error
	if w.settings, err = loadSettings(w.environment()); err != nil {
		t.Fatal(err)
	}
	w.start()
	ready := func() (int, string) {
		rec := httptest.NewRecorder()
		w.app.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		return rec.Code, rec.Body.String()
	}
	const part = `{"part":"employees","what":"the employee directory in `
	eventually(t, "the platforms", func() bool { code, _ := ready(); return code == http.StatusOK })
	if code, body := ready(); code != http.StatusOK || !strings.Contains(body, part) || !strings.Contains(body, "empty.db is empty") || !strings.Contains(body, "employees import FILE") {
		t.Errorf("%d %s", code, body)
	}
	eventually(t, "the start says so", func() bool {
		log := w.log.String()
		return strings.Contains(log, "level=WARN") && strings.Contains(log, "empty.db is empty, so that the bot knows nobody")
	})
	w.load()
	if code, body := ready(); code != http.StatusOK || strings.Contains(body, part) {
		t.Errorf("with employees: %d %s", code, body)
	}
}
