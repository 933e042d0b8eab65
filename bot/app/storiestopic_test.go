package app_test

import (
	"testing"
)

// In a private chat with topics all that a question leads to stands where it
// was asked: also what a durable job says later, and what a press leads to.
func TestAWholeWayStaysInItsTopic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.telegramPerson(7001).(*onTelegram)
	p.p = p.p.Topic(5)
	linked(t, w, p, "ISSUE")
	p.Types("/resetpin")
	p.Presses("Ya, kirim link")
	sees(t, p, step(t, "mail"))
	walksTo(t, p, "link")
	for _, m := range w.telegram.Messages(p.p.Chat()) {
		if m.Topic != 5 {
			t.Errorf("%q stands in topic %d", m.Text, m.Topic)
		}
	}
}
