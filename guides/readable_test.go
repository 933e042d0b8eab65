package guides

import (
	"strings"
	"testing"
)

// The walks are short, and the reset's has the steps that running walks
// remember.
func TestWalksAreShort(t *testing.T) {
	l := builtinLibrary(t)
	reset, _ := l.Guide("reset")
	if got := strings.Join(reset.Steps(), " "); got != "mail link address warning pin login done" {
		t.Errorf("the steps are %s", got)
	}
	for _, name := range l.Names() {
		if g, _ := l.Guide(name); name != "reset" && len(g.Steps()) > 4 {
			t.Errorf("%s has %d steps", name, len(g.Steps()))
		}
	}
	if got := strings.Join(l.Names(), " "); got != "reset about renew activate nocert register phone phishing" {
		t.Errorf("listed are %s", got)
	}
}
