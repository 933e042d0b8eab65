package guides

import (
	"slices"
	"strings"
	"testing"
)

// The walks are short, and the reset's has the steps that running walks
// remember.
func TestWalksAreShort(t *testing.T) {
	l := builtinLibrary(t)
	reset, _ := l.Guide("reset")
	at := -1
	for _, id := range []string{"mail", "link", "address", "warning", "pin", "login", "done"} {
		next := slices.Index(reset.Steps(), id)
		if next <= at {
			t.Errorf("the step %s is not in its place among %v", id, reset.Steps())
		}
		at = next
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
