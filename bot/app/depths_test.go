package app_test

import "testing"

func TestTheMetricsTellWhatWaits(t *testing.T) {
	w := newWorld(t)
	linked(t, w, w.telegramPerson(7001), "ISSUE")
	for _, name := range []string{"resetpin_build_info", "resetpin_inbox", "resetpin_employees ", "resetpin_jobs{kind=\"mail\""} {
		eventually(t, name, func() bool { return len(w.metric(name)) == 1 })
	}
}
