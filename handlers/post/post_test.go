package post

import (
	"testing"
	"time"
)

// Mails count as held up for a while after one was, until one is taken.
func TestTheMailServerIsDownForAWhile(t *testing.T) {
	var s server
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	if s.down(noon) {
		t.Error("down before any mail")
	}
	s.note(false, noon)
	if !s.down(noon.Add(troubleFor-time.Second)) || s.down(noon.Add(troubleFor)) || !s.downSince(noon) || s.downSince(noon.Add(time.Second)) {
		t.Error("not down for as long as it should be")
	}
	s.note(true, noon.Add(time.Minute))
	if s.down(noon.Add(time.Minute)) || !s.downSince(noon) {
		t.Error("a mail that was taken changes nothing")
	}
}
