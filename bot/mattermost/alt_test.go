package mattermost_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
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

// TestAPictureThatTakesTooLongIsLeftOut: a busy server may take long to make
// smaller ones of it; asked again, it would take longer yet.
func TestAPictureThatTakesTooLongIsLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *mattermost.Config, _ *mattermosttest.Options) { c.Timing.Upload = 400 * time.Millisecond })
	w.mm.Break(mattermosttest.Fault{Method: "POST", Path: "/files", Delay: 800 * time.Millisecond})
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	post := w.deliver(w.to(), bot.Reply{Messages: []bot.Message{{Text: "Lihat", Picture: &bot.Picture{Name: "reset/langkah.png", Data: dot.Bytes, Alt: "Layar"}}}})
	if post.Text != "Lihat" || len(post.Files) > 0 {
		t.Errorf("there stands %q with %d files", post.Text, len(post.Files))
	}
	w.until("what was uploaded to be done", func() bool { return uploads(w) > 0 })
	if n := uploads(w); n != 1 {
		t.Errorf("uploaded %d times", n)
	}
}

func uploads(w *world) (n int) {
	for _, c := range w.mm.Calls() {
		if c.Method == http.MethodPost && strings.HasSuffix(c.Path, "/files") {
			n++
		}
	}
	return n
}
