package mattermost_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"
	"unicode/utf8"

	"resetpin/bot"
)

// TestAPictureIsNamedByWhatItShows: the file's name is what the client reads
// out to those who cannot see the picture.
func TestAPictureIsNamedByWhatItShows(t *testing.T) {
	t.Parallel()
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	for alt, want := range map[string]string{
		"Peringatan browser. Alamatnya diberi bingkai.": "Peringatan browser. Alamatnya diberi bingkai.png",
		"Tulisan “Tidak perlu login”, angka 1/2":        "Tulisan “Tidak perlu login”, angka 1 2.png",
		"":                            "langkah.png",
		" ../..\\ ":                   "langkah.png",
		strings.Repeat("“kata” ", 60): "“kata” “kata”",
	} {
		post := w.deliver(w.to(), bot.Reply{Messages: []bot.Message{{Text: "Lihat", Picture: &bot.Picture{Name: "reset/langkah.png", Data: dot.Bytes, Alt: alt}}}})
		if len(post.Files) != 1 {
			t.Errorf("%q: %d files", alt, len(post.Files))
			continue
		}
		if name := post.Files[0].Name; !strings.HasPrefix(name, want) || !strings.HasSuffix(name, ".png") || !utf8.ValidString(name) {
			t.Errorf("%q is named %q, want %q", alt, name, want)
		}
	}
}
