package understand

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestReadmeNamesEveryPlaceAndMeaning keeps what authors read true.
func TestReadmeNamesEveryPlaceAndMeaning(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(data), "### What people type")
	section, _, _ = strings.Cut(section, "\n## ")
	if !found {
		t.Fatal("the README has no section about sentences")
	}
	names := slices.Sorted(maps.Keys(groups()))
	for _, p := range Places() {
		names = append(names, string(p))
	}
	for _, m := range []Meaning{Unknown, Yes, No, Next, Back, Stop, Again, Problem, Greeting, Thanks, Helpdesk, TextOnly} {
		names = append(names, string(m))
	}
	for _, name := range names {
		if !strings.Contains(section, "`"+name+"`") {
			t.Errorf("the README does not name %s", name)
		}
	}
}

// TestReadmeExampleIsRead reads the README's block of sentences as a file.
func TestReadmeExampleIsRead(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "### What people type")
	_, block, _ := strings.Cut(section, "```yaml\n")
	block, _, _ = strings.Cut(block, "```")
	examples, err := readFile("README.md", []byte(block))
	if err != nil || len(examples) != 7 {
		t.Errorf("%d sentences, want 7: %v", len(examples), err)
	}
}
