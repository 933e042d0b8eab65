package handlers

import (
	"slices"
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/resetsite"
)

// The guides do not know what looks at the reset site: they list the verdicts
// that there are.
func TestTheGuidesListTheVerdicts(t *testing.T) {
	var want []string
	for _, v := range resetsite.Verdicts() {
		want = append(want, string(v))
	}
	slices.Sort(want)
	if got := slices.Sorted(slices.Values(guides.Values("verdict"))); !slices.Equal(got, want) {
		t.Errorf("guides know the verdicts %q; there are %q", got, want)
	}
}

// What speaks of a platform names one that there is. No platform need be spoken
// of: its people read what holds everywhere.
func TestWhatSpeaksOfAPlatformNamesOne(t *testing.T) {
	named := guides.Values("platform")
	for _, key := range builtinTextsFor(t).Keys() {
		if platform, of := strings.CutPrefix(key, "guard.remove."); of {
			named = append(named, platform)
		}
	}
	for _, name := range named {
		if name != "unknown" && !slices.ContainsFunc(bot.Platforms(), func(p bot.Platform) bool { return p.ID == name }) {
			t.Errorf("there is no platform %q", name)
		}
	}
	if len(named) < 5 {
		t.Errorf("only %q were found", named)
	}
}
