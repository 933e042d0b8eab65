package understand

import "testing"

// TestSentencesOfThoseWhoTried takes what new users typed, and was lost or
// deleted, to its place. Its note tells the round and the fault.
func TestSentencesOfThoseWhoTried(t *testing.T) {
	t.Parallel()
	u, err := New([]string{site}, Builtin())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range readCases(t, "tried.jsonl") {
		t.Run(c.Note+"/"+c.Text, func(t *testing.T) {
			r := u.Understand(Input{Place: c.Context, Text: c.Text, Language: c.Lang})
			if o := c.Judge(r); o != Right {
				t.Errorf("%s at %s: %s, want %s; understood %s", o, c.Context, c.Text, join(c.Expect), r.Short())
			}
		})
	}
}
