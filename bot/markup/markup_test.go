package markup_test

import (
	"testing"

	"github.com/yuin/goldmark/ast"

	"resetpin/bot/markup"
)

func TestResolve(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":             "plain",
		`\*not bold\*`:      "*not bold*",
		`a\b`:               `a\b`,
		"&amp;&lt;&#65;":    "&<A",
		"R&D; & co":         "R&D; & co",
		`\`:                 `\`,
		"&" + "nosuchthing": "&nosuchthing",
	} {
		if got := markup.Resolve([]byte(in)); got != want {
			t.Errorf("%q resolves to %q, want %q", in, got, want)
		}
	}
}

func TestValid(t *testing.T) {
	t.Parallel()
	if got := markup.Valid("baik\xff!"); got != "baik�!" {
		t.Errorf("got %q", got)
	}
}

// What looks like a tag is text, and a picture's mark is a link after "!".
func TestParseKnowsTheSubsetOnly(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]ast.NodeKind{
		"<b>x</b>": ast.KindText, "**x**": ast.KindEmphasis, "`x`": ast.KindCodeSpan, "[x](https://contoh.go.id)": ast.KindLink, "<https://contoh.go.id>": ast.KindAutoLink,
	} {
		if got := markup.Parse([]byte(in)).FirstChild().FirstChild().Kind(); got != want {
			t.Errorf("%q begins with %s, want %s", in, got, want)
		}
	}
}
