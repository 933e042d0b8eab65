package mattermost_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"

	"resetpin/bot"
	"resetpin/bot/mattermost"
)

func TestMarkdown(t *testing.T) {
	t.Parallel()
	const wj = "\u2060" // keeps a sign from meaning anything
	for neutral, want := range map[string]string{
		"halo":                          "halo",
		"**a** _b_ `c`":                 "**a** _b_ `c`",
		"- a\n- b":                      "- a\n- b",
		"1. a\n2. b":                    "1. a\n2. b",
		"> a\n> b":                      "> a\n> b",
		"[x](https://contoh.go.id)":     "[x](https://contoh.go.id)",
		"[x](javascript:alert(1))":      "x",
		"# Judul":                       "**Judul**",
		"![kucing](http://evil/x)":      "kucing",
		"<b>x</b>":                      "<" + wj + "b>x<" + wj + "/b>",
		"halo @channel dan @all":        "halo @" + wj + "channel dan @" + wj + "all",
		"~town-square":                  `\~` + wj + "town-square",
		":smile:":                       ":" + wj + "smile:",
		"#topik":                        `\#` + wj + "topik",
		"nama@contoh.go.id":             "nama@contoh.go.id",
		`\*x\* \_y\_ \[z\](a)`:          `\*x\* \_y\_ \[z\](a)`,
		`\@channel`:                     "@" + wj + "channel",
		"`@channel :smile:`":            "`@channel :smile:`",
		"a | b":                         `a \| b`,
		"**nama@contoh.go.id**, _x_":    "**" + wj + "nama@contoh.go.id" + wj + "**, _x_",
		"`nama@contoh.go.id`":           "` nama@contoh.go.id `",
		"_dari nama@contoh.go.id_":      "_" + wj + "dari nama@contoh.go.id" + wj + "_",
		"**dari nama@contoh.go.id di**": "**dari nama@contoh.go.id di**",
		"":                              "",
	} {
		if got := mattermost.Markdown(neutral); got != want {
			t.Errorf("%q became %q, want %q", neutral, got, want)
		}
	}
}

// names are what people may be called; none may mean anything.
var names = []string{
	"@channel", "@all", "@here", "~town-square", ":smile:", "*x*", "**x**", "_x_", "`x`", "![](http://evil)", "[x](http://evil)", "<http://evil>", "# x",
	"- x", "1. x", "1) x", "> x", "x\n---", "x\n===", "| a |", "~~x~~", "```\nx", "#topik", "<b>x</b>", "&lt;", "\\", "\\*x*", "$$x$$", "a_b_c", "x  \ny", "\x00\xff",
}

// TestNamesMeanNothing: data that handlers put into a text by escaping it, and
// the words of a notice.
func TestNamesMeanNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range names {
		got := w.deliver(w.to(), bot.Reply{Notice: name}).Text
		var html strings.Builder
		if err := goldmark.Convert([]byte(got), &html); err != nil {
			t.Fatal(err)
		}
		for _, sign := range []string{"<em>", "<strong>", "<code>", "<img", "<a ", "<h1", "<h2", "<li>", "<blockquote>", "<hr", "<b>", "<pre"} {
			if strings.Contains(html.String(), sign) {
				t.Errorf("%q became %q, which shows %q", name, got, html.String())
			}
		}
		for _, sign := range []string{"@channel", "@all", "@here", "~town", ":smile:", "#topik"} {
			if strings.Contains(got, sign) {
				t.Errorf("%q became %q, which holds %q", name, got, sign)
			}
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q became %q", name, got)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, name := range names {
		f.Add(name)
		f.Add("**" + name + "** _" + name + "_\n\n- " + name + "\n> " + name)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := mattermost.Markdown(s)
		if !utf8.ValidString(got) {
			t.Errorf("%q became %q", s, got)
		}
		if strings.Contains(got, "](javascript:") || strings.Contains(got, "](data:") {
			t.Errorf("%q became %q", s, got)
		}
	})
}
