package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// guidesDir is the guides' folder as this package's tests see it.
const guidesDir = ".."

// TestPicturesAreOfTheirSources tells when something that the pictures were
// made of has changed since, or a picture was changed by hand.
func TestPicturesAreOfTheirSources(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(guidesDir, filepath.FromSlash(sumsFile)))
	if err != nil {
		t.Fatal(err)
	}
	kept := make(map[string]string)
	for line := range strings.Lines(string(data)) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			t.Fatalf("%s: not of sha256sum's form: %q", sumsFile, line)
		}
		kept[name] = sum
	}
	now, err := sources(guidesDir)
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := filepath.Glob(filepath.Join(guidesDir, "*", "*.png"))
	if err != nil || len(pictures) == 0 {
		t.Fatalf("no pictures were found (%v)", err)
	}
	for _, p := range pictures {
		now = append(now, filepath.ToSlash(strings.TrimPrefix(p, guidesDir+string(filepath.Separator))))
	}
	for _, name := range now {
		sum, err := sumOf(guidesDir, name)
		if err != nil {
			t.Fatal(err)
		}
		if kept[name] != sum {
			t.Errorf("guides/%s has changed since the pictures were made: run go generate ./guides, look at them, and commit them", name)
		}
		delete(kept, name)
	}
	for name := range kept {
		t.Errorf("guides/%s is gone since the pictures were made: run go generate ./guides", name)
	}
}
