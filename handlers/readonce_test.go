package handlers

import (
	"resetpin/bot"
	"testing"
)

// What the guard let through is answered by what it read: neither the session
// nor the sentence is looked at once more.
func TestWhatTheGuardLetThroughIsReadOnce(t *testing.T) {
	l := newLate(t, 9, 0)
	before := l.db.read
	u := bot.Update{ID: "1", Origin: bot.Origin{Account: l.me, Private: true}, Kind: bot.KindText, Text: "halo"}
	answer, err := l.w.Guard(l.w.Handle)(t.Context(), u)
	if err != nil || len(answer.Messages) == 0 {
		t.Fatalf("%v, %v", answer, err)
	}
	if n := l.db.read - before; n != 1 {
		t.Errorf("the session was read %d times", n)
	}
}
