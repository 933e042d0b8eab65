package handlers

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// BSrE's errors become words in one place, which knows each of them: whoever
// asks BSrE acts on a talk.Trouble.
func TestBSrEsErrorsBecomeWordsInOnePlace(t *testing.T) {
	read := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	place := filepath.Join("talk", "trouble.go")
	names := regexp.MustCompile(`\bbsre\.(Err\w+|RefusedError)`)
	var named []string
	for _, found := range names.FindAllStringSubmatch(read(place), -1) {
		named = append(named, found[1])
	}
	declared := regexp.MustCompile(`(?m)^\t(Err\w+) += errors\.New`).FindAllStringSubmatch(read(filepath.Join("bsre", "bsre.go")), -1)
	if len(declared) < 10 {
		t.Errorf("only %d errors of BSrE's client were found", len(declared))
	}
	for _, d := range declared {
		if !slices.Contains(named, d[1]) {
			t.Errorf("%s does not know bsre.%s", place, d[1])
		}
	}
	for _, file := range sources(t) {
		if found := names.FindString(read(file)); found != "" && file != place {
			t.Errorf("%s acts on %s; talk.TroubleOf tells what it is", file, found)
		}
	}
}
