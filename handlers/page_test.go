package handlers

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/guides"
)

// Every page of every guide as the platforms get it to show: words, picture
// and rows of buttons. Situations in which it is the same stand together;
// "telegram mattermost" means both.
func TestEveryPageAsPlatformsGetIt(t *testing.T) {
	library, err := guides.Load(guides.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	texts := builtinTextsFor(t)
	for _, name := range append(library.Names(), statusGuide) {
		g, _ := library.Guide(name)
		for _, lang := range []string{Indonesian, English} {
			var b strings.Builder
			for _, at := range g.Positions() {
				b.WriteString(neutral(t, texts, g, at, lang))
			}
			samePage(t, name+"."+lang, b.String())
		}
	}
}

// neutral writes down a position for both platforms. Of the browsers it takes
// what is the default: the guides' own tests have all.
func neutral(t *testing.T, texts *Texts, g *guides.Guide, at, lang string) string {
	t.Helper()
	var order []string
	when := make(map[string]string)
	for s := range g.Situations(at, lang) {
		if s.Browser != "" && s.Browser != "chrome" {
			continue
		}
		for _, platform := range []string{bot.Telegram, bot.Mattermost} {
			s.Platform = platform
			view, err := g.View(at, s)
			if err != nil {
				t.Fatalf("%s %s: %v", g.Name(), at, err)
			}
			text := drawn(Page(texts, lang, view, func(c guides.Choice) bot.Button { return bot.Button{Text: c.Label} }))
			if when[text] == "" {
				order = append(order, text)
			}
			when[text] += " " + strings.TrimSpace(platform+" "+s.Verdict)
		}
	}
	var b strings.Builder
	for _, text := range order {
		fmt.Fprintf(&b, "== %s:%s\n%s\n", at, when[text], text)
	}
	return b.String()
}

// drawn is a message as a text.
func drawn(m bot.Message) string {
	var b strings.Builder
	if m.Picture != nil {
		name, _, _ := strings.Cut(m.Picture.Name, "-")
		fmt.Fprintf(&b, "[picture %s: %s]\n", name, m.Picture.Alt)
	}
	b.WriteString(m.Text + "\n")
	for _, row := range m.Buttons {
		for _, button := range row {
			fmt.Fprintf(&b, "[%s%s] ", button.Text, map[bot.Style]string{bot.StylePrimary: " *"}[button.Style])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func samePage(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "pages", name+".golden")
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
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
		t.Errorf("%s differs; look, and run go test ./handlers -update\n%s", file, got)
	}
}
