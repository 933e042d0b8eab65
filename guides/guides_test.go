package guides

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
)

var update = flag.Bool("update", false, "write golden files anew")

func situation(lang string) Situation {
	return Situation{Language: lang, Vars: map[string]string{
		"site": "esign-bsre.bssn.go.id", "sender": "osd@bssn.go.id", "subject": "[eSign] Reset Passphrase",
		"email": "bu•••i@contoh.go.id", "helpdesk": "helpdesk",
	}}
}

func builtinLibrary(t *testing.T) *Library {
	t.Helper()
	l, err := Load(Builtin())
	if err != nil {
		t.Fatalf("the built-in guides:\n%v", err)
	}
	return l
}

// positions lists every position of a guide that can be shown.
func positions(g *Guide) []string {
	var out []string
	if len(g.steps) == 0 {
		return slices.Sorted(maps.Keys(g.pages))
	}
	for _, step := range g.steps {
		out = append(out, step)
		if problems := g.page(step, "id").front.Problems; len(problems) > 0 {
			out = append(out, step+"+"+menu)
			for _, p := range problems {
				out = append(out, step+"+"+p)
			}
		}
	}
	return out
}

func TestEveryPageLooksAsItShould(t *testing.T) {
	l := builtinLibrary(t)
	for name, g := range l.guides {
		for _, lang := range languages() {
			var b strings.Builder
			for _, at := range positions(g) {
				v, err := g.View(at, situation(lang))
				if err != nil {
					t.Fatalf("%s %s: %v", name, at, err)
				}
				fmt.Fprintf(&b, "== %s (%d/%d)\n# %s\n\n%s\n\n", at, v.Index, v.Total, v.Title, v.Body)
				for _, c := range v.Choices {
					fmt.Fprintf(&b, "[%s] %s %s %v\n", c.Label, c.Kind, c.Target, c.Primary)
				}
				b.WriteString("\n")
			}
			golden(t, name+"."+lang, b.String())
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look, and run go test ./guides -update\n%s", file, got)
	}
}

// From everywhere the end can be reached, one can stop everywhere, and every
// button that is shown does something.
func TestEveryWalkCanEnd(t *testing.T) {
	l := builtinLibrary(t)
	for _, name := range l.Names() {
		g, _ := l.Guide(name)
		for _, at := range positions(g) {
			v, err := g.View(at, situation("id"))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range v.Choices {
				next, end, err := g.Move(at, c.Kind, c.Target)
				if err != nil {
					t.Errorf("%s at %s: %s: %v", name, at, c.Label, err)
				}
				if _, err := g.View(next, situation("id")); err != nil && end == EndNone {
					t.Errorf("%s at %s: %s leads to %q, which cannot be shown: %v", name, at, c.Label, next, err)
				}
			}
			if !strings.HasSuffix(at, menu) {
				if _, end, err := g.Move(at, ChoiceStop, ""); end != EndStopped || err != nil {
					t.Errorf("%s at %s: cannot stop: %v", name, at, err)
				}
			}
			if !reachesEnd(g, at) {
				t.Errorf("%s at %s: no way leads to the end", name, at)
			}
		}
	}
}

func reachesEnd(g *Guide, from string) bool {
	seen := map[string]bool{from: true}
	todo := []string{from}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		choices, _ := g.choices(at, "id")
		for _, c := range choices {
			next, end, err := g.Move(at, c.Kind, c.Target)
			if err == nil && end == EndDone {
				return true
			}
			if err == nil && !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return false
}

func TestMove(t *testing.T) {
	g, _ := builtinLibrary(t).Guide("reset")
	tests := []struct {
		at     string
		kind   ChoiceKind
		target string
		next   string
		end    End
		bad    bool
	}{
		{at: "notice", kind: ChoiceNext, next: "mailbox"},
		{at: "notice", kind: ChoiceBack, next: "notice", bad: true},
		{at: "mail", kind: ChoiceBack, next: "mailbox"},
		{at: "mail", kind: ChoiceProblem, next: "mail+menu"},
		{at: "mail+menu", kind: ChoicePage, target: "nomail", next: "mail+nomail"},
		{at: "mail+menu", kind: ChoicePage, target: "refused", next: "mail+menu", bad: true},
		{at: "mail+menu", kind: ChoiceBack, next: "mail"},
		{at: "mail+nomail", kind: ChoiceBack, next: "mail"},
		{at: "mail+nomail", kind: ChoiceReset, next: "mail+nomail"},
		{at: "mail", kind: ChoiceReset, next: "mail", bad: true},
		{at: "mail", kind: ChoiceStop, next: "mail", end: EndStopped},
		{at: "mail+nomail", kind: ChoiceStop, next: "mail", end: EndStopped},
		{at: "done", kind: ChoiceDone, next: "done", end: EndDone},
		{at: "done", kind: ChoiceNext, next: "done", bad: true},
		{at: "nowhere", kind: ChoiceNext, next: "nowhere", bad: true},
		{at: "", kind: ChoiceNext, bad: true},
	}
	for _, tt := range tests {
		next, end, err := g.Move(tt.at, tt.kind, tt.target)
		if next != tt.next || end != tt.end || errors.Is(err, ErrNoMove) != tt.bad {
			t.Errorf("%s %s %s: got %q %q %v, want %q %q bad=%v", tt.at, tt.kind, tt.target, next, end, err, tt.next, tt.end, tt.bad)
		}
	}
}

// The glossary is kept.
func TestForbiddenWords(t *testing.T) {
	data, err := fs.ReadFile(Builtin(), "glossary.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var glossary map[string]map[string]string
	if err := yaml.Unmarshal(data, &glossary); err != nil {
		t.Fatal(err)
	}
	for _, g := range builtinLibrary(t).guides {
		for _, byLanguage := range g.pages {
			for lang, p := range byLanguage {
				text := " " + strings.ToLower(p.front.Title+" "+p.body) + " "
				for word, instead := range glossary[lang] {
					if strings.Contains(text, " "+word+" ") {
						t.Errorf("%s says %q; say %s", p.file, word, instead)
					}
				}
			}
		}
	}
}

// broken gives a small good library with one file changed.
func broken(file, content string) fs.FS {
	page := func(title, rest string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ntitle: " + title + "\n" + rest + "---\nIsi.\n")}
	}
	fsys := fstest.MapFS{
		"labels.yaml": {Data: []byte("id: {next: a, back: b, return: c, problem: d, problems: e, stop: f}\nen: {next: a, back: b, return: c, problem: d, problems: e, stop: f}\n")},
	}
	for _, lang := range languages() {
		fsys["reset/title."+lang+".md"] = page("Judul", "")
		fsys["reset/010-one."+lang+".md"] = page("Satu", "problems: [oops]\n")
		fsys["reset/020-two."+lang+".md"] = page("Dua", "buttons: [{label: Selesai, go: done}]\n")
		fsys["reset/oops."+lang+".md"] = page("Aduh", "")
	}
	if content == "" {
		delete(fsys, file)
	} else {
		fsys[file] = &fstest.MapFile{Data: []byte(content)}
	}
	return fsys
}

func TestCheckFinds(t *testing.T) {
	if got := Check(broken("readme.txt", "x")); len(got) > 0 {
		t.Fatalf("the good one has problems: %v", got)
	}
	const head = "---\ntitle: Satu\nproblems: [oops]\n"
	tests := map[string]struct{ file, content, want string }{
		"missing language":     {"reset/010-one.en.md", "", `the page "one" is missing in "en"`},
		"missing page":         {"reset/oops.id.md", "", `the page "oops" is missing in "id"`},
		"missing title":        {"reset/title.id.md", "---\nnext: x\n---\n", "title.id.md:2: the title is missing"},
		"unreachable":          {"reset/010-one.id.md", "---\ntitle: Satu\n---\nIsi.\n", "are to be the same"},
		"picture":              {"reset/010-one.id.md", head + "picture: no.png\n---\nIsi.\n", "the picture no.png is not in the folder"},
		"button to nowhere":    {"reset/010-one.id.md", head + "buttons: [{label: A, go: nowhere}]\n---\nIsi.\n", `leads to the page "nowhere", which does not exist`},
		"guide to nowhere":     {"reset/010-one.id.md", head + "buttons: [{label: A, go: guide nowhere}]\n---\nIsi.\n", `leads to the guide "nowhere", which does not exist`},
		"long label":           {"reset/010-one.id.md", head + "next: " + strings.Repeat("x", 40) + "\n---\nIsi.\n", "at most 28 fit"},
		"long sentence":        {"reset/010-one.id.md", head + "---\n" + strings.Repeat("kata ", 30) + "\n", "010-one.id.md:5: a sentence of 30 words"},
		"long text":            {"reset/010-one.id.md", head + "---\n" + strings.Repeat("Kalimat pendek ini. ", 60) + "\n", "fit on a small phone"},
		"unknown placeholder":  {"reset/010-one.id.md", head + "---\nBaris.\nHalo {nama}.\n", "010-one.id.md:6: {nama} is not known"},
		"foreign address":      {"reset/010-one.id.md", head + "---\nBuka esign-bsre.example.com ya.\n", "names the address esign-bsre.example.com"},
		"unknown front matter": {"reset/010-one.id.md", head + "colour: red\n---\nIsi.\n", "010-one.id.md:2: "},
		"no front matter":      {"reset/010-one.id.md", "Isi.\n", "010-one.id.md:1: begin with front matter"},
		"unknown block":        {"reset/010-one.id.md", head + "---\nA.\n::: moon full\nB.\n:::\n", "010-one.id.md:6: write ::: browser"},
		"unknown browser":      {"reset/010-one.id.md", head + "---\nA.\n::: browser netscape\nB.\n:::\n", `browser has no value "netscape"`},
		"bad name":             {"reset/one.fr.md", "x", "name it NNN-ID.LANGUAGE.md"},
		"missing label":        {"labels.yaml", "id: {next: a}\nen: {next: a}\n", `the label "back" is missing`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var all []string
			for _, p := range Check(broken(tt.file, tt.content)) {
				all = append(all, p.Error())
			}
			if !strings.Contains(strings.Join(all, "\n"), tt.want) {
				t.Errorf("got %q, want %q", all, tt.want)
			}
			if _, err := Load(broken(tt.file, tt.content)); err == nil {
				t.Error("it is loaded all the same")
			}
		})
	}
}

func TestBlocksAndPictures(t *testing.T) {
	fsys := broken("reset/010-one.id.md", "---\ntitle: Satu\nproblems: [oops]\npicture: p.png\nalt: Gambar\n---\nSemua.\n\n::: browser firefox\nRubah {site}.\n:::\n\n::: browser unknown\nLain `{site}`.\n:::\n\nAkhir.\n").(fstest.MapFS)
	fsys["reset/p.png"] = &fstest.MapFile{Data: []byte("\x89PNG\r\n\x1a\nx")}
	en := string(fsys["reset/010-one.en.md"].Data)
	fsys["reset/010-one.en.md"] = &fstest.MapFile{Data: []byte(strings.Replace(en, "problems: [oops]\n", "problems: [oops]\npicture: p.png\nalt: Picture\n", 1))}
	l, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	g, _ := l.Guide("reset")
	for browser, want := range map[string]string{"firefox": "Semua.\n\nRubah a\\_b.\n\nAkhir.", "": "Semua.\n\nLain `a_b`.\n\nAkhir."} {
		v, err := g.View("one", Situation{Language: "id", Browser: browser, Vars: map[string]string{"site": "a_b"}})
		if err != nil || v.Body != want {
			t.Errorf("%q: %q %v, want %q", browser, v.Body, err, want)
		}
		if v.Picture == nil || v.Picture.Alt != "Gambar" || !strings.HasPrefix(v.Picture.Name, "p-") {
			t.Errorf("picture: %+v", v.Picture)
		}
	}
	if _, err := g.View("one", Situation{Language: "id"}); err == nil {
		t.Error("a placeholder without a value is shown")
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("---\ntitle: Satu\nproblems: [oops]\n---\nIsi {site}.\n::: browser firefox\nx\n:::\n")
	f.Add("---\n- a\n---\n")
	f.Fuzz(func(t *testing.T, content string) {
		l, err := Load(broken("reset/010-one.id.md", content))
		if err != nil {
			return
		}
		g, _ := l.Guide("reset")
		if _, err := g.View("one", situation("id")); err != nil {
			t.Errorf("loaded but cannot be shown: %v", err)
		}
	})
}
