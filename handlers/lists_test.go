package handlers

import (
	"slices"
	"testing"

	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/resetsite"
)

// The guides know neither platforms nor what looks at the reset site; what they
// list of both is what there is.
func TestTheGuidesListWhatThereIs(t *testing.T) {
	platforms := []string{"unknown"}
	for _, p := range bot.Platforms() {
		platforms = append(platforms, p.ID)
	}
	var verdicts []string
	for _, v := range resetsite.Verdicts() {
		verdicts = append(verdicts, string(v))
	}
	for key, want := range map[string][]string{"platform": platforms, "verdict": verdicts} {
		got := slices.Sorted(slices.Values(guides.Values(key)))
		if slices.Sort(want); !slices.Equal(got, want) {
			t.Errorf("guides know the %ss %q; there are %q", key, got, want)
		}
	}
}
