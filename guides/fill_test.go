package guides

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
)

func TestFill(t *testing.T) {
	vars := Situation{Vars: map[string]string{"a": "[x](https://palsu.test)", "b": "a_b*c`d", "c": "- dua\nbaris", "d": "", "e": "{a}", "f": "Contoh Satu"}}
	for text, want := range map[string]string{
		"tak ada apa-apa": "tak ada apa-apa",
		"{f}, {f}.":       "Contoh Satu, Contoh Satu.",
		"{a}":             "\\[x\\](https://palsu.test)",
		"{b}":             "a\\_b\\*c\\`d",
		"{c}":             "\\- dua baris",
		"({d})":           "()",
		"`{a}` dan {f}":   "`[x](https://palsu.test)` dan Contoh Satu",
		"`x {b}`":         "`x a_b*c'd`",
		"`{c}`":           "`- dua baris`",
		"`{d}`":           "`–`",
		"{e}":             "{a}", // a value is looked at no more
		"{} {A} {f {f}":   "{} {A} {f Contoh Satu",
	} {
		if got, err := Fill(text, vars.variable); err != nil || got != want {
			t.Errorf("Fill(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
	if got, err := Fill("{x} {f}", vars.variable); err == nil || got != "{x} Contoh Satu" {
		t.Errorf("without a value: %q, %v", got, err)
	}
}

// FuzzFill: whatever a value is, the text stays one paragraph of plain words,
// or of code.
func FuzzFill(f *testing.F) {
	for _, s := range []string{"", "Contoh", "<b>x</b>", "[x](y)", "``x``", "# x", "1. x", "> x", "a\\", "*_~", "![x](y)", "&amp;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "://") || strings.Contains(s, "\x00") {
			return
		}
		filled, err := Fill("kata {v} kata `{v}` kata", func(string) (string, bool) { return s, true })
		if err != nil {
			t.Fatal(err)
		}
		var html strings.Builder
		if err := goldmark.Convert([]byte(filled), &html); err != nil {
			t.Fatal(err)
		}
		out := strings.TrimSpace(html.String())
		inside := strings.TrimSuffix(strings.TrimPrefix(out, "<p>"), "</p>")
		inside = strings.NewReplacer("<code>", "", "</code>", "").Replace(inside)
		if strings.Count(out, "<code>") != 1 || strings.Contains(inside, "<") {
			t.Errorf("%q became %s", s, out)
		}
	})
}

// FuzzVerbatim: whatever somebody writes, it is shown as paragraphs of plain
// words, line by line.
func FuzzVerbatim(f *testing.F) {
	for _, s := range []string{"", "satu\ndua\r\n\r\ntiga", "a\n===", "a\n---", "    kode", "a\n\n\tb", "1. x\n2) y", "> x\n+ y", "# x\n[x](y)", "| a | b |\n|---|---|", "```\nx\n```", "[x]: y", "<b>x</b>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "://") || strings.ContainsAny(s, "\x00\ufffd") || !utf8.ValidString(s) {
			return
		}
		var html strings.Builder
		if err := goldmark.Convert([]byte("**Petugas:** "+Verbatim(s)), &html); err != nil {
			t.Fatal(err)
		}
		inside := strings.NewReplacer("<p>", "", "</p>", "", "<strong>Petugas:</strong>", "").Replace(html.String())
		if strings.Contains(inside, "<") {
			t.Errorf("%q became %s", s, html.String())
		}
		if have, want := linesOf(inside), linesOf(s); have < want {
			t.Errorf("%q has %d lines, want %d: %s", s, have, want, html.String())
		}
	})
}

// linesOf counts the lines that have something in them.
func linesOf(s string) int {
	n := 0
	for line := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}
