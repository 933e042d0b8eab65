package guides

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAnOverlayReplacesSingleFiles(t *testing.T) {
	original, err := fs.ReadFile(Builtin(), "reset/020-mailbox.id.md")
	if err != nil {
		t.Fatal(err)
	}
	own := strings.Replace(string(original), "Bukan email pribadi.", "Alamatnya mail.{site}.", 1)
	over := fstest.MapFS{"reset/020-mailbox.id.md": {Data: []byte(own)}, "notes.txt": {Data: []byte("x")}}
	l, err := Load(Overlay(Builtin(), over))
	if err != nil {
		t.Fatal(err)
	}
	g, _ := l.Guide("reset")
	if v, err := g.View("mailbox", situation("id")); err != nil || !strings.Contains(v.Body, "Alamatnya mail.") {
		t.Errorf("the overlay does not show: %q %v", v.Body, err)
	}
	if v, err := g.View("mail", situation("id")); err != nil || !strings.Contains(v.Body, "Pengguna Yth") {
		t.Errorf("what is not overlaid is gone: %q %v", v.Body, err)
	}
	broken := fstest.MapFS{"reset/020-mailbox.id.md": {Data: []byte("tanpa kepala")}}
	if _, err := Load(Overlay(Builtin(), broken)); err == nil || !strings.Contains(err.Error(), "020-mailbox.id.md:1") {
		t.Errorf("a broken overlay: %v", err)
	}
	if _, err := fs.ReadDir(Overlay(Builtin(), over), "nowhere"); err == nil {
		t.Error("a folder that neither has can be read")
	}
}
