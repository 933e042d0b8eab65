package understand

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"testing"
)

// TestPINsGoInTheFormsThatPeopleUse measures the guard on messages of people
// from whom it has learnt nothing: each file is of others, and is judged by
// what all the rest teach, without what resembles it. What looks like a PIN and
// is none was collected on purpose; the sentences of TestSentencesNeverSeen are
// as they come.
func TestPINsGoInTheFormsThatPeopleUse(t *testing.T) {
	t.Parallel()
	const (
		leastTaken = 93.5 // percent of the PINs
		mostTaken  = 3.5  // of the harmless: half of these were made to look like PINs
		mostAsked  = 3.0  // of either
	)
	strangers := []string{"farms.jsonl", "courts.jsonl", "offices.jsonl", "villages.jsonl"} // who wrote them knew nothing of the program, and nobody looked at what is missed
	l, err := load(Builtin())
	if err != nil {
		t.Fatal(err)
	}
	m, err := unpack(learnt, l.spell)
	if err != nil {
		t.Fatal(err)
	}
	u, err := newUnderstander(m, []string{site}, l, []fs.FS{Builtin()})
	if err != nil {
		t.Fatal(err)
	}
	var unknown Tally
	lessons := u.lessons(l)
	for name, own := range messages(t) {
		if !slices.Contains(strangers, path.Base(name)) {
			continue
		}
		u.guard.learnt = study(withoutLike(l, lessons, own))
		var tally Tally
		for _, c := range own {
			r := u.Understand(Input{Place: c.Context, Text: c.Text, Language: c.Lang})
			tally.Add(c, r)
			unknown.Add(c, r)
			if testing.Verbose() && (r.Secret == SecretPIN) != slices.Contains(c.Expect, PIN) {
				t.Logf("%q, %s at %s: %s", r.Secret, c.Note, c.Context, c.Text)
			}
		}
		t.Logf("%-16s %s", path.Base(name), tally.guarded())
	}
	t.Logf("%-16s %s", "of strangers", unknown.guarded())
	fresh := measured(t)
	t.Logf("%-16s %s", "of none of these", fresh.guarded())
	percent := func(n, of int) float64 { return 100 * float64(n) / float64(of) }
	if percent(unknown.PINsRemoved, unknown.PINs) < leastTaken || percent(unknown.HarmlessRemoved, unknown.Harmless) > mostTaken ||
		percent(unknown.PINsAsked, unknown.PINs) > mostAsked || percent(unknown.HarmlessAsked, unknown.Harmless) > mostAsked {
		t.Errorf("of strangers: %s", unknown.guarded())
	}
	if percent(fresh.PINsRemoved+fresh.PINsAsked, fresh.PINs) < leastTaken || percent(fresh.HarmlessRemoved, fresh.Harmless) > mostTaken {
		t.Errorf("of none of these: %s", fresh.guarded())
	}
}

// measured is what the guard as it stands does with messages that it never
// learnt.
func measured(t *testing.T) Tally {
	t.Helper()
	u := learned(t)
	var tally Tally
	for _, c := range readCases(t, "guarded.jsonl") {
		tally.Add(c, u.Understand(Input{Place: c.Context, Text: c.Text, Language: c.Lang}))
	}
	return tally
}

// messages gives the messages with and without a secret, by their files.
func messages(t *testing.T) map[string][]Case {
	t.Helper()
	files, err := newest([]fs.FS{Builtin()}, messageFiles)
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string][]Case)
	for name, data := range files {
		if out[name], err = ReadCases(bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// withoutLike leaves out the lessons of messages that resemble one of some at
// its place, and with them those themselves.
func withoutLike(l taught, lessons []lesson, some []Case) []lesson {
	sets := make(map[Place][]map[string]bool)
	for _, c := range some {
		sets[c.Context] = append(sets[c.Context], wordSet(l.spell, c.Text))
	}
	var out []lesson
	for i, c := range l.messages {
		set := wordSet(l.spell, c.Text)
		if !slices.ContainsFunc(sets[c.Context], func(own map[string]bool) bool { return resembles(own, set) }) {
			out = append(out, lessons[i])
		}
	}
	return append(out, lessons[len(l.messages):]...)
}

// guarded is what the guard did, in percent of the PINs and of the harmless.
func (t *Tally) guarded() string {
	return "PINs taken " + share(t.PINsRemoved, t.PINs) + ", asked " + share(t.PINsAsked, t.PINs) +
		"; harmless taken " + share(t.HarmlessRemoved, t.Harmless) + ", asked " + share(t.HarmlessAsked, t.Harmless)
}
