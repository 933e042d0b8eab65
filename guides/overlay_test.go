package guides

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestAnOverlayReplacesSingleFiles(t *testing.T) {
	original, err := fs.ReadFile(Builtin(), "reset/020-mail.id.md")
	if err != nil {
		t.Fatal(err)
	}
	own := strings.Replace(string(original), "Lihat juga folder spam.", "Alamatnya mail.{site}.", 1)
	over := fstest.MapFS{"reset/020-mail.id.md": {Data: []byte(own)}, "notes.txt": {Data: []byte("x")}}
	l, err := Load(Overlay(Builtin(), over))
	if err != nil {
		t.Fatal(err)
	}
	g, _ := l.Guide("reset")
	if v, err := g.View("mail", situation("id")); err != nil || !strings.Contains(v.Body, "Alamatnya mail.") {
		t.Errorf("the overlay does not show: %q %v", v.Body, err)
	}
	if v, err := g.View("link", situation("id")); err != nil || !strings.Contains(v.Body, "Kembali ke chat ini") {
		t.Errorf("what is not overlaid is gone: %q %v", v.Body, err)
	}
	for name, bad := range map[string]struct{ file, content, want string }{
		"page":    {"reset/020-mail.id.md", "tanpa kepala", "reset/020-mail.id.md:1: begin with front matter"},
		"picture": {"reset/notice.id.png", "bukan gambar", "reset/notice.id.png: it is neither PNG nor JPEG"},
		"new":     {"reset/lainnya.id.md", "---\ntitle: A\n---\nIsi.\n", `the page "lainnya" is missing in "en"`},
	} {
		_, err := Load(Overlay(Builtin(), fstest.MapFS{bad.file: {Data: []byte(bad.content)}}))
		if err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("a broken %s: %v", name, err)
		}
	}
	if _, err := fs.ReadDir(Overlay(Builtin(), over), "nowhere"); err == nil {
		t.Error("a folder that neither has can be read")
	}
}

// An agency may put its own picture in the place of one, for all or for one
// browser.
func TestAnOverlayReplacesSinglePictures(t *testing.T) {
	over := fstest.MapFS{
		"reset/notice.id.png":          {Data: []byte(png + "ours")},
		"reset/warning.firefox.id.png": {Data: []byte(png + "our fox")},
		"reset/mail.id.jpg":            {Data: []byte("\xff\xd8\xffphotographed")},
	}
	l, err := Load(Overlay(Builtin(), over))
	if err != nil {
		t.Fatal(err)
	}
	g, _ := l.Guide("reset")
	shown := func(at, browser, lang string) string {
		s := situation(lang)
		s.Browser, s.Verdict = browser, "expected"
		v, err := g.View(at, s)
		if err != nil || v.Picture == nil {
			t.Fatalf("%s: %v %v", at, v.Picture, err)
		}
		return strings.TrimPrefix(string(v.Picture.Data()), png)
	}
	for _, tt := range []struct {
		at, browser, lang, want string
	}{
		{"mail+notice", "", "id", "ours"},
		{"mail", "", "id", "\xff\xd8\xffphotographed"},
		{"address", "firefox", "id", "our fox"},
	} {
		if got := shown(tt.at, tt.browser, tt.lang); got != tt.want {
			t.Errorf("%+v: another picture of %d bytes", tt, len(got))
		}
	}
	if shown("mail+notice", "", "en") == "ours" || shown("address", "edge", "id") == "our fox" {
		t.Error("a picture shows where it does not belong")
	}
}

func TestAnOverlayIsCheckedWithWhatItLiesUpon(t *testing.T) {
	part := fstest.MapFS{"reset/notice.id.png": {Data: []byte(png + "ours")}}
	if problems := Check(Overlay(Builtin(), part)); len(problems) > 0 {
		t.Errorf("a picture of our own: %v", problems)
	}
	part["reset/lama.id.png"] = &fstest.MapFile{Data: []byte(png)}
	_, err := Load(Overlay(Builtin(), part))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 1 || problems[0].File != "reset/lama.id.png" {
		t.Errorf("a picture too many: %v", err)
	}
}

func TestTheMarkTellsOfEveryChange(t *testing.T) {
	dir := t.TempDir()
	seen := make(map[string]string)
	look := func(what string) {
		t.Helper()
		mark := Mark(os.DirFS(dir))
		if before, ok := seen[mark]; ok {
			t.Errorf("%s looks like %s", what, before)
		}
		seen[mark] = what
		if mark != Mark(os.DirFS(dir)) {
			t.Errorf("%s: another mark without a change", what)
		}
	}
	file := filepath.Join(dir, "reset", "a.md")
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	look("an empty folder")
	do(os.Mkdir(filepath.Dir(file), 0o700))
	do(os.WriteFile(file, []byte("one"), 0o600))
	look("a file")
	do(os.Chtimes(file, time.Time{}, time.Unix(1_700_000_000, 0)))
	look("saved at another time")
	do(os.WriteFile(file, []byte("more"), 0o600))
	do(os.Chtimes(file, time.Time{}, time.Unix(1_700_000_000, 0)))
	look("another size")
	do(os.Rename(file, filepath.Join(dir, "reset", "b.md")))
	look("another name")
	do(os.RemoveAll(dir))
	look("no folder")
}
