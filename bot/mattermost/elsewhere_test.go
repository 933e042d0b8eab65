package mattermost_test

import (
	"resetpin/bot/mattermost"
	"strings"
	"testing"
)

// TestAnAnswerToACommandFromAnotherProcess: the channel, where the caller was
// told to wait, hears where it goes on, whoever computed the answer.
func TestAnAnswerToACommandFromAnotherProcess(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hurried)
	town := w.mm.Channel(w.mm.TeamID(), "town-square")
	if err := w.sari.Slash(town, "/resetpin status"); err != nil {
		t.Fatal(err)
	}
	if got := w.sari.Last(town); !got.Ephemeral || got.Text != working {
		t.Errorf("first %+v", got)
	}
	if err := newReplica(t, w).Deliver(w.ctx(), w.hears(1)[0].Origin, say("sudah")); err != nil {
		t.Fatal(err)
	}
	if got := w.sari.Last(w.dm); got.Text != "sudah" {
		t.Errorf("the direct message says %q", got.Text)
	}
	if got := w.sari.Last(town); !got.Ephemeral || !strings.HasPrefix(got.Text, "Saya lanjutkan") {
		t.Errorf("the channel says %+v", got)
	}
}

// newReplica is the same bot in another process.
func newReplica(t *testing.T, w *world) *mattermost.Adapter {
	t.Helper()
	a, err := mattermost.New(w.config)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
