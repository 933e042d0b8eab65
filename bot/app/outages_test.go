package app

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// A call that was on its way before the first one failed says nothing of
// whether the system is back; one that began later does.
func TestAnOlderCallEndsNoOutage(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	o := newOutages(slog.New(slog.NewTextHandler(&log, nil)), time.Now, prometheus.NewRegistry())
	broken := errors.New("connection refused")
	for range 20 {
		o.note(t.Context(), systemDatabase, "", 0, broken)
		o.note(t.Context(), systemDatabase, "", time.Minute, nil)
	}
	if n := strings.Count(log.String(), "an outage began"); n != 1 {
		t.Errorf("an outage began %d times:\n%s", n, log.String())
	}
	if strings.Contains(log.String(), "an outage is over") || !o.lasts(systemDatabase) {
		t.Errorf("an older call ended it:\n%s", log.String())
	}
	o.note(t.Context(), systemDatabase, "", 0, nil)
	if !strings.Contains(log.String(), "an outage is over") {
		t.Errorf("a call that began later did not end it:\n%s", log.String())
	}
}
