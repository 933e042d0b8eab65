package mattermost_test

import (
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
)

// TestADialogCountsOnceOverAllProcesses: whoever brings a submission once more,
// to another process, hears that it was taken. One that was answered with what
// is wrong may be corrected, whichever process that comes to.
func TestADialogCountsOnceOverAllProcesses(t *testing.T) {
	t.Parallel()
	triggers := mattermost.NewMemoryTriggers() // as the database is: of all processes
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) { c.Triggers = triggers })
	other := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) { c.Triggers = triggers })
	d := w.opens()
	submission := object{"type": "dialog_submission", "callback_id": d.CallbackID, "state": d.State, "user_id": w.sari.ID(), "channel_id": w.dm, "submission": object{"nip": "1"}}
	w.engine.answers(bot.Reply{Errors: map[string]string{"nip": "salah"}})
	if _, got := w.sendsJSON("/mattermost/dialog", submission); !strings.Contains(got, "salah") {
		t.Fatalf("what is wrong is answered with %s", got)
	}
	other.engine.answers(say("ya"))
	if _, got := other.sendsJSON("/mattermost/dialog", submission); strings.Contains(got, "sudah") || len(other.engine.updates()) != 1 {
		t.Errorf("what was corrected is answered with %s", got)
	}
	before := len(w.engine.updates())
	for _, process := range []*world{other, w} {
		if _, got := process.sendsJSON("/mattermost/dialog", submission); !strings.Contains(got, "sudah saya terima") {
			t.Errorf("brought once more, it is answered with %s", got)
		}
	}
	if n := len(w.engine.updates()); n != before {
		t.Errorf("the first process takes it %d times more", n-before)
	}
}
