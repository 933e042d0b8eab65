package sandbox

import (
	"bytes"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// someFaces are employees enough to render a page.
func someFaces() []face {
	return []face{
		{Key: "issue", Name: "Budi Santoso", NIP: "198001012005011001", Email: "budi@contoh.go.id", Status: "ISSUE"},
		{Key: "phone", Name: "Citra <Lestari>", NIP: "198202022006042002", Email: "citra@contoh.go.id", PhoneFirst: true, Status: "ISSUE"},
	}
}

func TestPageRendersInEveryLanguage(t *testing.T) {
	all, err := renderPages(someFaces())
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"id": "Pilih pegawai", "en": "Choose an employee", "xx": "Pilih pegawai"} {
		if !bytes.Contains(all.in(lang), []byte(want)) {
			t.Errorf("the page in %s does not say %q", lang, want)
		}
	}
	if bytes.Contains(all.in("id"), []byte("<Lestari>")) {
		t.Error("a name is not escaped")
	}
}

func TestTextsHaveTheSameKeys(t *testing.T) {
	var keys [2][]string
	for i, lang := range languages() {
		texts, err := readTexts(lang)
		if err != nil {
			t.Fatal(err)
		}
		keys[i] = slices.Sorted(maps.Keys(texts))
	}
	if !slices.Equal(keys[0], keys[1]) {
		t.Errorf("keys differ:\n%v\n%v", keys[0], keys[1])
	}
}

var usedKey = regexp.MustCompile(`\bt\("([a-z.]+)"`)

func TestScriptsUseTextsThatExist(t *testing.T) {
	texts, err := readTexts("id")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	eachFile(t, "static/js", func(name, code string) {
		for _, m := range usedKey.FindAllStringSubmatch(code, -1) {
			found++
			if _, ok := texts[m[1]]; !ok {
				t.Errorf("%s uses the text %q, which does not exist", name, m[1])
			}
		}
	})
	if found < 10 {
		t.Errorf("only %d uses of texts found in the scripts", found)
	}
}

func TestNothingComesFromOtherHosts(t *testing.T) {
	eachFile(t, ".", func(name, content string) {
		for _, at := range regexp.MustCompile(`(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+`).FindAllString(content, -1) {
			if at != "http://www.w3.org" {
				t.Errorf("%s names another host: %s", name, at)
			}
		}
	})
}

// eachFile reads every embedded text file below dir.
func eachFile(t *testing.T, dir string, look func(name, content string)) {
	t.Helper()
	err := fs.WalkDir(files, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := files.ReadFile(name)
		look(name, string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFaces(t *testing.T) {
	for _, c := range []struct {
		f        face
		initials string
		colour   string
	}{
		{face{Name: "Budi Santoso Wijaya", Status: "ISSUE"}, "BS", "green"},
		{face{Name: "Sukarno", Status: "RENEW"}, "S", "amber"},
		{face{Name: "", Status: "REVOKE"}, "", "red"},
	} {
		if got := c.f.Initials(); got != c.initials {
			t.Errorf("initials of %q: %q, want %q", c.f.Name, got, c.initials)
		}
		if got := c.f.Colour(); got != c.colour {
			t.Errorf("colour of %s: %s, want %s", c.f.Status, got, c.colour)
		}
		if h := c.f.Hue(); h < 0 || h > 6 {
			t.Errorf("hue of %q: %d", c.f.Name, h)
		}
	}
}

func TestScriptsAreSmall(t *testing.T) {
	eachFile(t, "static", func(name, content string) {
		if lines := strings.Count(content, "\n"); strings.HasSuffix(name, ".js") && lines > 250 {
			t.Errorf("%s has %d lines", name, lines)
		}
	})
}
