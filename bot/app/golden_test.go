package app_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/telegram"
	"resetpin/guides"
	"resetpin/handlers"
	"resetpin/handlers/pages"
	"resetpin/handlers/talk"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestEveryPageAsEachPlatformShowsIt keeps how every page of every guide
// looks, in both languages, on both platforms, for every browser and every
// finding about the site's certificate.
func TestEveryPageAsEachPlatformShowsIt(t *testing.T) {
	t.Parallel()
	library, err := guides.Load(guides.Builtin())
	if err != nil {
		t.Fatal(err)
	}
	texts, err := handlers.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	kept := make(map[string]bool)
	for _, folder := range library.All() {
		for _, language := range []string{talk.Indonesian, "en"} {
			for platform, render := range map[string]func(string) string{bot.Telegram: shownOnTelegram, bot.Mattermost: mattermost.Markdown} {
				name := filepath.Join("testdata", "guides", folder+"."+language+"."+platform+".golden")
				kept[name] = true
				a := transcript{t: t, texts: texts, language: language, platform: platform, render: render}
				g, _ := library.Guide(folder)
				for _, at := range g.Positions() {
					a.page(g, at)
				}
				golden(t, name, a.String())
			}
		}
	}
	files, err := filepath.Glob("testdata/guides/*.golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !kept[f] {
			t.Errorf("%s belongs to no guide", f)
		}
	}
}

func shownOnTelegram(markdown string) string { return telegram.Format(markdown).HTML() }

// transcript collects how pages look in one language on one platform.
type transcript struct {
	strings.Builder
	t                  *testing.T
	texts              *talk.Texts
	language, platform string
	render             func(markdown string) string
}

// page adds a page in every situation that matters: each browser as the
// certificate is expected, and each finding about the certificate in Chrome.
func (a *transcript) page(g *guides.Guide, at string) {
	a.t.Helper()
	seen := make(map[string]bool)
	for s := range g.Situations(at, a.language) {
		if s.Platform != "" && s.Platform != a.platform || s.Browser != "" && s.Browser != "chrome" && s.Verdict != "" && s.Verdict != "expected" {
			continue
		}
		s.Platform = a.platform
		view, err := g.View(at, s)
		if err != nil {
			a.t.Fatal(err)
		}
		looks := a.looks(pages.Page(a.texts, a.language, view, func(c guides.Choice) bot.Button {
			return bot.Button{Text: c.Label, Action: bot.Action{Name: string(c.Kind), Arg: c.Target}}
		}))
		if seen[looks] {
			continue
		}
		seen[looks] = true
		fmt.Fprintf(&a.Builder, "════ %s %s %s\n%s\n", at, s.Browser, s.Verdict, looks)
	}
}

func (a *transcript) looks(m bot.Message) string {
	var b strings.Builder
	if m.Picture != nil {
		name, _, _ := strings.Cut(m.Picture.Name, "-") // what follows changes with the picture
		fmt.Fprintf(&b, "picture %s (%s)\n", name, m.Picture.Alt)
	}
	b.WriteString(a.render(m.Text) + "\n")
	for _, row := range m.Buttons {
		for _, button := range row {
			does := button.Action.Name + " " + button.Action.Arg
			if button.Copy != "" {
				does = "copies " + button.Copy
			}
			fmt.Fprintf(&b, "[%s → %s] ", button.Text, does)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// golden compares with a kept file, or writes it anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil || string(want) != got {
		t.Errorf("%s is not what is shown now (%v): read what changed with go test ./bot/app -run EveryPage -update and git diff", name, err)
	}
}
