package language

import (
	"testing"

	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
)

func TestTheLanguageIsChosenAndKept(t *testing.T) {
	c := talktest.New(t)
	c.Register(New(c.Kernel, c.DB).Capability())
	c.Says(c.Command("bahasa", ""), "bahasa")
	c.Says(c.Press(talk.Language.With("xx")), "belum")
	if got := c.Session().Language; got != "" {
		t.Errorf("a language that the bot does not speak is kept: %q", got)
	}
	c.Says(c.Press(talk.Language.With(talk.English)), "English")
	if got := c.Session().Language; got != talk.English {
		t.Errorf("kept %q", got)
	}
}

func TestPicturesAreSwitchedOffAndOn(t *testing.T) {
	c := talktest.New(t)
	c.Register(New(c.Kernel, c.DB).Capability())
	for _, mode := range []string{"text", "pictures"} {
		c.Says(c.Press(talk.Mode.With(mode)))
		if got := c.Session().TextOnly; got != (mode == "text") {
			t.Errorf("after %q text only is %v", mode, got)
		}
	}
}
