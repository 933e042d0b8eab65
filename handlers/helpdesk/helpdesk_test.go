package helpdesk

import (
	"testing"
	"time"

	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
)

// A call reaches the help desk once in ten minutes, however often it is
// pressed; of somebody whom nobody knows it reaches nobody.
func TestHelpIsCalledOnce(t *testing.T) {
	c := talktest.New(t)
	c.Register(New(c.Pages, c.DB).Capability())
	c.Press(talk.Helpdesk.With(""))
	if n := len(c.Unasked()); n != 0 {
		t.Errorf("%d calls of a stranger", n)
	}
	c.Link()
	c.Says(c.Press(talk.Helpdesk.With("")), "diberi tahu", talktest.NIP)
	c.Says(c.Press(talk.Helpdesk.With("")), "09.10 WIB")
	if n := len(c.Unasked()); n != 1 {
		t.Errorf("%d calls", n)
	}
	c.Now = c.Now.Add(11 * time.Minute)
	c.Says(c.Press(talk.Helpdesk.With("")), "diberi tahu")
}
