package privacy

import (
	"testing"
	"time"

	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
)

// Who wants to be let be is let be until they say otherwise.
func TestRemindersAreSwitchedOffAndOn(t *testing.T) {
	c := talktest.New(t)
	c.Register(New(c.Kernel, c.DB, 365*24*time.Hour, 720*time.Hour).Capability())
	told := c.Says(c.Command("privacy", ""), "365 hari", "30 hari", "/unlink")
	for _, quiet := range []bool{true, false} {
		b := c.Button(told, talk.Quiet)
		told = c.Says(c.Press(b.Action))
		if c.Session().Quiet != quiet || !told.Replace {
			t.Errorf("after %q: quiet %v, in place %v", b.Text, c.Session().Quiet, told.Replace)
		}
	}
}
