package guides

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files anew")

func situation(lang string) Situation {
	return Situation{Language: lang, Vars: map[string]string{
		"site": "esign-bsre.bssn.go.id", "sender": "osd@bssn.go.id", "subject": "[eSign] Reset Passphrase",
		"email": "bu•••i@contoh.go.id", "helpdesk": "helpdesk", "fingerprint": "AB:CD",
		"app": "aplikasi", "nip": "198001012005011001", "sent": "23.50", "asked": "23.48 dan 23.50", "until": "27-11-2026 pukul 23.59", "spelled": "esign",
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

// Every position in both languages. Situations in which it looks the same
// stand together.
func TestEveryPageLooksAsItShould(t *testing.T) {
	l := builtinLibrary(t)
	for name, g := range l.guides {
		for _, lang := range g.languages {
			var b strings.Builder
			for _, at := range g.Positions() {
				b.WriteString(looks(t, g, at, lang))
			}
			golden(t, name+"."+lang, b.String())
		}
	}
}

// looks writes down how a position looks in every situation.
func looks(t *testing.T, g *Guide, at, lang string) string {
	t.Helper()
	var order []string
	when := make(map[string][]string)
	for s := range g.Situations(at, lang) {
		v, err := g.View(at, s)
		if err != nil {
			t.Fatalf("%s %s %s: %v", g.name, at, s.describe(), err)
		}
		text := written(v)
		if when[text] == nil {
			order = append(order, text)
		}
		when[text] = append(when[text], s.describe())
	}
	var b strings.Builder
	for _, text := range order {
		fmt.Fprintf(&b, "== %s\n", at)
		for _, s := range when[text] {
			if s != "" {
				fmt.Fprintf(&b, "%s\n", strings.TrimSpace(s))
			}
		}
		b.WriteString(text)
	}
	return b.String()
}

// written is a view as a text.
func written(v View) string {
	var b strings.Builder
	fmt.Fprintf(&b, "(%d/%d) # %s\n\n%s\n\n", v.Index, v.Total, v.Title, v.Body)
	if v.Picture != nil {
		fmt.Fprintf(&b, "![%s](%s)\n", v.Picture.Alt, v.Picture.Name[:strings.LastIndex(v.Picture.Name, "-")])
	}
	if len(v.Varies) > 0 {
		fmt.Fprintf(&b, "varies by %s\n", strings.Join(v.Varies, ", "))
	}
	for _, c := range v.Choices {
		fmt.Fprintf(&b, "[%s] %s %s", c.Label, c.Kind, c.Target)
		if c.Primary {
			b.WriteString(" primary")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
	return b.String()
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
