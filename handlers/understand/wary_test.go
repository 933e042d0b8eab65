package understand

import (
	"slices"
	"testing"
)

// Days after a reset the guard takes PINs without a word before them, and no
// more harmless sentences than before it.
func TestTheWaryGuardTakesNoMoreThatIsHarmless(t *testing.T) {
	t.Parallel()
	u, err := New([]string{site}, Builtin())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases(t, "utterances.jsonl", "heldout.jsonl") {
		in := Input{Place: c.Context, Text: c.Text, Language: c.Lang}
		before := u.Understand(in).Secret
		in.Wary = true
		if after := u.Understand(in).Secret; after != before && !slices.Contains(c.Expect, PIN) {
			t.Errorf("%s: %q is %q, and %q to the wary guard", c.Context, c.Text, before, after)
		}
	}
	for text, want := range map[string]Secret{
		"sawah-Hijau-9-kerbau": SecretPIN, "garuda1945": SecretPIN, "88112233": SecretPIN,
		"hati2 di jalan": SecretNone, "baik pak makasih": SecretNone, "cek status": SecretNone, "06-2025": SecretNone,
	} {
		for _, place := range []Place{HomeLinked, HomeUnlinked, ConfirmReset, Limited} {
			if got := u.Understand(Input{Place: place, Text: text, Wary: true}).Secret; got != want {
				t.Errorf("%s: %q is %q, want %q", place, text, got, want)
			}
		}
	}
	for _, awaited := range []Input{{Place: AskCode, Text: "770026"}, {Place: AskNIP, Text: "198805052012122991"}, {Place: AskPhone, Text: "081200001001"}} {
		awaited.Wary = true
		if got := u.Understand(awaited).Secret; got != SecretNone {
			t.Errorf("%s: %q is %q", awaited.Place, awaited.Text, got)
		}
	}
}
