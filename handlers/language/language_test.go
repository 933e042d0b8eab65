package language

import (
	"strings"
	"testing"

	"resetpin/handlers/talk"
	"resetpin/handlers/talk/talktest"
)

func TestTheLanguageIsChosenAndKept(t *testing.T) {
	c := talktest.New(t)
	c.Register(New(c.Kernel, c.DB).Capability())
	var names []string
	for _, row := range c.Says(c.Command("bahasa", ""), "bahasa").Buttons {
		for _, b := range row {
			if b.Action.Name == string(talk.Language) {
				names = append(names, b.Action.Arg+" "+b.Text)
			}
		}
	}
	if got := strings.Join(names, ", "); got != "id Bahasa Indonesia, en English" {
		t.Errorf("offers %s", got)
	}
	c.Says(c.Press(talk.Language.With("xx")), "belum")
	if got := c.Session().Language; got != "" {
		t.Errorf("a language that the bot does not speak is kept: %q", got)
	}
	c.Says(c.Press(talk.Language.With("en")), "English")
	if got := c.Session().Language; got != "en" {
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
