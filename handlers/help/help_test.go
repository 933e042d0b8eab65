package help

import (
	"testing"

	"resetpin/handlers/talk/talktest"
)

func TestWhoStartsIsGreetedOrLed(t *testing.T) {
	c := talktest.New(t)
	c.Register(New(c.Pages).Capability())
	c.Says(c.Command("start", ""), "/privasi")
	c.Says(c.Command("start", " StatuS "), "does status")
	c.Says(c.Command("start", "start"), "/privasi")
	c.Says(c.Command("start", "nonsense"), "/privasi")
	c.Link()
	c.Says(c.Command("start", ""), "Pegawai Satu")
}

func TestHelpListsWhatCanBeTyped(t *testing.T) {
	c := talktest.New(t)
	c.Register(New(c.Pages).Capability())
	c.Says(c.Command("bantuan", ""), "- /resetpin – ", "- /status – ", "- /help – ")
}
