package settings

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

var tableRow = regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\| (.*) \\| (.*) \\|$")

// The README's table has every setting with its meaning and default, and
// nothing else.
func TestTheREADMEHasEverySetting(t *testing.T) {
	got := make(map[string]Doc)
	for _, m := range tableRow.FindAllStringSubmatch(read(t, "../../README.md"), -1) {
		got[m[1]] = Doc{Name: m[1], Meaning: m[2], Default: strings.Trim(m[3], "`")}
	}
	for _, d := range List() {
		if d.Default == "" {
			d.Default = "none"
		}
		if got[d.Name] != d {
			t.Errorf("README has\n%+v, want\n%+v", got[d.Name], d)
		}
		delete(got, d.Name)
	}
	for name := range got {
		t.Errorf("README names %s, which is no setting", name)
	}
}

var exampleEntry = regexp.MustCompile(`(?m)^# (.+)\n(# )?([A-Z_]+)=(.*)$`)

// The example has every setting with its meaning above it, and its default
// (commented out) or nothing; and nothing else.
func TestTheExampleHasEverySetting(t *testing.T) {
	text := read(t, "../../.env.example")
	type entry struct {
		doc     Doc
		comment bool
	}
	got := make(map[string]entry)
	for _, m := range exampleEntry.FindAllStringSubmatch(text, -1) {
		got[m[3]] = entry{Doc{Name: m[3], Meaning: m[1], Default: m[4]}, m[2] != ""}
	}
	for _, d := range List() {
		e := got[d.Name]
		if e.doc != d {
			t.Errorf(".env.example has\n%+v, want\n%+v", e.doc, d)
		}
		if d.Default != "" && !e.comment {
			t.Errorf(".env.example sets %s to its default instead of showing it", d.Name)
		}
		delete(got, d.Name)
	}
	for name := range got {
		t.Errorf(".env.example names %s, which is no setting", name)
	}
	if n := len(regexp.MustCompile(`(?m)^(# )?[A-Z_]+=`).FindAllString(text, -1)); n != len(List()) {
		t.Errorf(".env.example has %d entries, want %d", n, len(List()))
	}
}

// Copied as it is, the example says what is missing, and nothing is wrong.
func TestTheExampleCanBeCopied(t *testing.T) {
	s, err := Load(nil, "../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := reveal(s), reveal(load(t)); got != want {
		t.Errorf("the example sets something:\n%s\n%s", got, want)
	}
}
