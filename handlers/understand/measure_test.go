package understand

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// site is the host whose links the tests call genuine.
const site = "esign-bsre.bssn.go.id"

// What is aimed at on sentences never seen, in percent of them.
const (
	leastRight   = 85.0
	leastOffered = 93.0 // right ones included
	mostWrong    = 4.0
	leastRemoved = 97.0 // of the PINs
	mostHarmless = 1.0  // removed, of the sentences without a PIN
	resemblance  = 0.8  // words in common from which a sentence counts as seen
)

func cases(t *testing.T, files ...string) []Case {
	t.Helper()
	var out []Case
	for _, name := range files {
		out = append(out, readCases(t, name)...)
	}
	return out
}

func readCases(t testing.TB, name string) []Case {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	out, err := ReadCases(f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wordSet gives the words of a sentence in their one spelling.
func wordSet(s *speller, text string) map[string]bool {
	out := make(map[string]bool)
	for _, w := range s.spell(split(Clean(text))) {
		out[w] = true
	}
	return out
}

// resembles tells whether two sentences have most words in common.
func resembles(a, b map[string]bool) bool {
	common := 0
	for w := range a {
		if b[w] {
			common++
		}
	}
	return float64(common) >= resemblance*float64(max(len(a), len(b)))
}

// unlike gives the examples that resemble none of the sentences at their place.
func unlike(s *speller, examples []Example, sentences []Case) []Example {
	sets := make(map[Place][]map[string]bool)
	for _, c := range sentences {
		sets[c.Context] = append(sets[c.Context], wordSet(s, c.Text))
	}
	return slices.DeleteFunc(slices.Clone(examples), func(e Example) bool {
		words := wordSet(s, e.Text)
		for _, p := range slices.Concat(e.At, e.Also) {
			for _, set := range sets[p] {
				if resembles(words, set) {
					return true
				}
			}
		}
		return false
	})
}

// measure judges cases, telling those that are not right.
func measure(t *testing.T, u *Understander, sentences []Case) Tally {
	t.Helper()
	var tally Tally
	for _, c := range sentences {
		r := u.Understand(Input{Place: c.Context, Text: c.Text, Language: c.Lang})
		if o := tally.Add(c, r); o != Right && testing.Verbose() {
			t.Logf("%-7s %-14s %s | want %s, got %s/%s %.2f, then %v", o, c.Context, c.Text, join(c.Expect), r.Meaning, r.Answer, r.Score, r.Runners[:3])
		}
	}
	return tally
}

func join(meanings []Meaning) string {
	words := make([]string, len(meanings))
	for i, m := range meanings {
		words[i] = string(m)
	}
	return strings.Join(words, " ")
}

// TestSentencesNeverSeen measures on sentences that other people wrote. None of
// them is an example, and examples that resemble one leave before the learning.
func TestSentencesNeverSeen(t *testing.T) {
	t.Parallel()
	l, err := load(Builtin())
	if err != nil {
		t.Fatal(err)
	}
	examples, s := l.examples, l.spell
	sentences := cases(t, "utterances.jsonl", "heldout.jsonl", "unseen.jsonl", "regions.jsonl", "chats.jsonl", "strangers.jsonl", "secondedition.jsonl")
	rest := unlike(s, examples, sentences)
	l.examples = rest
	u := meaningsOf(t, l)
	u.guard.learnt = study(u.lessons(l))
	tally := measure(t, u, sentences)
	t.Logf("%d of %d examples resemble none: %s", len(rest), len(examples), tally.String())
	check := func(what string, got int, of int, ok func(percent float64) bool) {
		if percent := 100 * float64(got) / float64(of); !ok(percent) {
			t.Errorf("%s: %.1f %% of %d", what, percent, of)
		}
	}
	check("right", tally.Right, tally.N, func(p float64) bool { return p >= leastRight })
	check("right or offered", tally.Right+tally.Offered, tally.N, func(p float64) bool { return p >= leastOffered })
	check("wrong", tally.Wrong, tally.N, func(p float64) bool { return p <= mostWrong })
	check("PINs removed", tally.PINsRemoved, tally.PINs, func(p float64) bool { return p >= leastRemoved })
	check("harmless removed", tally.HarmlessRemoved, tally.Harmless, func(p float64) bool { return p <= mostHarmless })
}

// meaningsOf learns the meanings anew; the guard knows what is built in.
func meaningsOf(t *testing.T, l taught) *Understander {
	t.Helper()
	_, m, err := trained(l)
	if err != nil {
		t.Fatal(err)
	}
	u, err := newUnderstander(m, []string{site}, l, []fs.FS{Builtin()})
	if err != nil {
		t.Fatal(err)
	}
	if u.guard.learnt, _, err = unpackSuspicion(learntSecrets); err != nil {
		t.Fatal(err)
	}
	return u
}

// TestCrossValidation learns four fifths of the examples and measures the
// fifth, five times, without examples that resemble the fifth's. It prints the
// table by which the examples are mended.
func TestCrossValidation(t *testing.T) {
	t.Parallel()
	l, err := load(Builtin())
	if err != nil {
		t.Fatal(err)
	}
	examples, s := l.examples, l.spell
	const folds = 5
	var all Tally
	for fold := range folds {
		var kept []Example
		var sentences []Case
		for i, e := range examples {
			if i%folds != fold {
				kept = append(kept, e)
				continue
			}
			place := e.At[i/folds%len(e.At)]
			sentences = append(sentences, Case{Context: place, Lang: e.Language, Text: e.Text, Expect: []Meaning{e.Class.Meaning()}})
		}
		rest := unlike(s, kept, sentences)
		l.examples = rest
		u := meaningsOf(t, l)
		var tally Tally
		for _, c := range sentences {
			r := u.Understand(Input{Place: c.Context, Text: c.Text, Language: c.Lang})
			tally.Add(c, r)
			all.Add(c, r)
		}
		t.Logf("fold %d, learnt %4d: %s", fold+1, len(rest), tally.String())
	}
	t.Logf("all, by fifths:      %s", all.String())
	// Here only one meaning of each sentence counts as right, and whatever resembles it is missing.
	within := func(got int, least, most float64) bool {
		share := 100 * float64(got) / float64(all.N)
		return share >= least && share <= most
	}
	if !within(all.Right, leastRight-1, 100) || !within(all.Right+all.Offered, leastOffered-1, 100) || !within(all.Wrong, 0, mostWrong) {
		t.Errorf("by fifths: %s", all.String())
	}
}
