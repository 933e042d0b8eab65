package app

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"resetpin/handlers/understand"
)

// The sentences of GUIDES_DIR are learnt when the folder changes; broken ones
// are named, and the last good ones stay.
func TestChangedSentencesAreLearntAndBrokenOnesRefused(t *testing.T) {
	dir := t.TempDir()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	s, err := newLiveGuides(dir, logger)
	if err != nil {
		t.Fatal(err)
	}
	words := &sentences{dir: dir, log: logger}
	s.changed = words.refresh
	means := func() understand.Meaning {
		return words.Understand(understand.Input{Place: understand.HomeLinked, Text: "zorbax plimba"}).Meaning
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, "sentences"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "sentences", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s.refresh(t.Context())
	}
	if m := means(); m != understand.Unknown {
		t.Fatalf("a word that nobody knows means %s", m)
	}
	write("own.yaml", "- meaning: helpdesk\n  at: home\n  id: |\n    zorbax plimba\n    tolong zorbax plimba\n    mau zorbax plimba\n")
	if m := means(); m != understand.Helpdesk {
		t.Errorf("the new sentence means %s", m)
	}
	write("broken.yaml", "- meaning: dance\n  at: home\n  id: ayo\n")
	if m := means(); m != understand.Helpdesk || !strings.Contains(log.String(), "the changed sentences are refused") || !strings.Contains(log.String(), "dance") {
		t.Errorf("after a broken file it means %s; the log says %s", m, log.String())
	}
	fresh := &sentences{dir: dir, log: logger}
	if m := fresh.Understand(understand.Input{Place: understand.HomeLinked, Text: "saya mau bicara dengan petugas"}).Meaning; m != understand.Helpdesk || !strings.Contains(log.String(), "GUIDES_DIR are refused") {
		t.Errorf("a start with a broken file understands %s; the log says %s", m, log.String())
	}
}
