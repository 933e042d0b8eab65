package app

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"resetpin/guides"
)

func TestChangedGuidesAreReadAgainAndBrokenOnesRefused(t *testing.T) {
	dir := t.TempDir()
	var log bytes.Buffer
	s, err := newLiveGuides(dir, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	body := func() string {
		g, _ := s.Guide("about")
		v, err := g.View("what", guides.Situation{Language: "id"})
		if err != nil {
			t.Fatal(err)
		}
		return v.Body
	}
	write := func(text string, age time.Duration) {
		t.Helper()
		file := filepath.Join(dir, "about", "010-what.id.md")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
		s.refresh(t.Context())
	}
	before := body()
	write("---\ntitle: Baru\n---\nKata-kata kami sendiri.\n", 3*time.Hour)
	if body() != "Kata-kata kami sendiri." {
		t.Errorf("got %q", body())
	}
	write("rusak", 2*time.Hour)
	anew, err := newLiveGuides(dir, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil || !strings.Contains(log.String(), "GUIDES_DIR are refused") {
		t.Errorf("a start with a broken page: %v\n%s", err, log.String())
	} else if g, ok := anew.Guide("about"); !ok || g.First() != "what" {
		t.Error("the built-in guides are not served")
	}
	if body() != "Kata-kata kami sendiri." || !strings.Contains(log.String(), "010-what.id.md") {
		t.Errorf("a broken page is served or not named: %q\n%s", body(), log.String())
	}
	if err := os.RemoveAll(filepath.Join(dir, "about")); err != nil {
		t.Fatal(err)
	}
	s.refresh(t.Context())
	if body() != before {
		t.Errorf("the built-in page did not come back: %q", body())
	}
	if _, err := newLiveGuides(filepath.Join(dir, "nowhere"), slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "GUIDES_DIR") {
		t.Errorf("a folder that is not there: %v", err)
	}
}
