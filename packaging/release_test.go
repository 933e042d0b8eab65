package packaging

import (
	"os/exec"
	"strings"
	"testing"
)

// What runs in production holds no pretend world: a certificate authority and
// a false BSrE have no place where the real ones are.
func TestAReleaseHoldsNoPretendWorld(t *testing.T) {
	t.Parallel()
	for tags, want := range map[string]bool{"nosandbox": false, "": true} {
		found := false
		for _, p := range dependencies(t, tags) {
			if p == "resetpin/bot/sandbox" || strings.HasPrefix(p, "resetpin/") && strings.HasSuffix(p, "test") {
				found = true
				if !want {
					t.Errorf("built with the tag %q it holds %s", tags, p)
				}
			}
		}
		if found != want {
			t.Errorf("with the tag %q: a pretend world: %t, want %t", tags, found, want)
		}
	}
}

// dependencies are the packages that the program is built of.
func dependencies(t *testing.T, tags string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", tags, "resetpin").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}
