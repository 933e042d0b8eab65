package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// calls sends a request to the bot's HTTP server, as anybody can who reaches it.
func (w *world) calls(method, path, kind, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	answer := httptest.NewRecorder()
	w.app.Handler().ServeHTTP(answer, r)
	return answer
}

// metric gives the lines of /metrics that begin so.
func (w *world) metric(name string) (lines []string) {
	w.t.Helper()
	for line := range strings.SplitSeq(w.calls("GET", "/metrics", "", "").Body.String(), "\n") {
		if strings.HasPrefix(line, name) {
			lines = append(lines, line)
		}
	}
	return lines
}

// A flood of forged requests is counted to the last one, and is few lines in
// the log and in the audit trail.
func TestForgedRequestsAreCountedAndToldNowAndThen(t *testing.T) {
	t.Parallel()
	const flood = 50
	w := newWorldWithMattermost(t, "TELEGRAM_MODE=webhook")
	for range flood {
		for path, body := range map[string]string{
			"/mattermost/command": "token=x&user_id=u&command=/resetpin",
			"/mattermost/action":  `{"user_id": "u", "context": {}}`,
			"/mattermost/dialog":  `{"state": "x"}`,
			"/telegram/webhook":   `{"update_id": 1}`,
		} {
			kind := "application/json"
			if !strings.HasPrefix(body, "{") {
				kind = "application/x-www-form-urlencoded"
			}
			if got := w.calls("POST", path, kind, body); got.Code != http.StatusUnauthorized {
				t.Fatalf("%s: %d", path, got.Code)
			}
		}
	}
	for what, platform := range map[string]string{"token": "mattermost", "press": "mattermost", "form": "mattermost", "secret": "telegram"} {
		if got := w.metric(`resetpin_refused_total{platform="` + platform + `",what="` + what + `"}`); len(got) != 1 || !strings.HasSuffix(got[0], " 50") {
			t.Errorf("counted: %q, want %d", got, flood)
		}
	}
	const line = "did not come from whom it claims"
	if n := strings.Count(w.log.String(), line); n != 4 {
		t.Errorf("%d lines in the log, want one of each kind:\n%s", n, w.log.String())
	}
	w.clock.advance(2 * time.Minute)
	w.calls("POST", "/mattermost/dialog", "application/json", "{}")
	if n := strings.Count(w.log.String(), line); n != 8 || !strings.Contains(w.log.String(), "times=50") {
		t.Errorf("%d lines in the log after a while:\n%s", n, w.log.String())
	}
	w.stop()
	if n := w.trail("", "refused", "token", "press", "form", "secret"); n != 8 {
		t.Errorf("%d lines in the audit trail", n)
	}
}

// What is recorded is counted: deeds, wrong codes, and what the guard takes
// out of the chat.
func TestWhatIsRecordedIsCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.telegramPerson(7001)
	e := sample(t, "ISSUE")
	p.Types("/link " + e.NIP)
	code := w.code(e.Email, 1)
	p.Types(map[bool]string{true: "000000", false: "000001"}[code != "000000"])
	sees(t, p, "belum tepat")
	p.Types(code)
	sees(t, p, "Berhasil", e.Name)
	p.Types("PIN saya: Melati77")
	eventually(t, "the guard to be counted", func() bool {
		return len(w.metric(`resetpin_events_total{action="guard",outcome="pin"} 1`)) == 1
	})
	for _, line := range []string{`{action="link",outcome="wrong"} 1`, `{action="link",outcome="done"} 1`} {
		if len(w.metric("resetpin_events_total"+line)) != 1 {
			t.Errorf("%s is not counted:\n%s", line, strings.Join(w.metric("resetpin_events_total"), "\n"))
		}
	}
	w.stop()
	if n := w.trail(e.NIP, "link", "wrong", "done"); n != 2 {
		t.Errorf("%d lines for the NIP that the codes were for", n)
	}
}
