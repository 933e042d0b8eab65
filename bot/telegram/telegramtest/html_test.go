package telegramtest

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzHTML: the parser and the display never fail badly, entities lie inside
// the text, and what is displayed is balanced and safe.
func FuzzHTML(f *testing.F) {
	for _, s := range []string{
		"", "<", "<b>", "&", "&#", "&#x;", "&#x1F600;x", "<a href=", `<a href="javascript:x">y</a>`, `<a href='https://a.id/"><script>'>y</a>`,
		"<b><i>x</b></i>", "<pre><code class=\"language-go\">x</code></pre>", "</", "<b/>", "<span class=\"tg-spoiler\">x</span>", "<blockquote expandable>x</blockquote>",
		"/a@bot http://x.id <script>", "<b>a@b.id</b> <i>/start</i>", " <u> x </u> ", "<a>http://x.id</a>", "<b>http://x</b>.id/y",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, entities, err := parseHTML(s)
		if err != nil {
			text, entities = s, nil
		}
		if !utf8.ValidString(text) {
			return
		}
		text, entities = trim(text, entities)
		for _, e := range entities {
			if e.Length <= 0 || e.Offset < 0 || e.Offset+e.Length > length16(text) {
				t.Errorf("%q: entity %+v outside of the text", s, e)
			}
		}
		checkDisplay(t, displayHTML(text, entities))
	})
}

var displayTag = regexp.MustCompile(`^<(/?)(b|i|u|s|code|pre|blockquote|span|a)( class="spoiler"| class="command" data-command="/[A-Za-z0-9_@]+"| href="[^"<>]*" target="_blank" rel="noopener noreferrer")?>`)

// checkDisplay wants every tag to be a known one and closed in order.
func checkDisplay(t *testing.T, html string) {
	t.Helper()
	var open []string
	for rest := html; ; {
		at := strings.IndexAny(rest, "<>")
		if at < 0 {
			break
		}
		tag := displayTag.FindStringSubmatch(rest[at:])
		if tag == nil {
			t.Fatalf("unsafe: %s", html)
		}
		if link := strings.ToLower(tag[3]); strings.HasPrefix(link, ` href="`) && !regexp.MustCompile(`^ href="(https?://|tg:|ton:|mailto:)`).MatchString(link) {
			t.Fatalf("link of another kind: %s", html)
		}
		if tag[1] == "" {
			open = append(open, tag[2])
		} else {
			if len(open) == 0 || open[len(open)-1] != tag[2] {
				t.Fatalf("not balanced: %s", html)
			}
			open = open[:len(open)-1]
		}
		rest = rest[at+len(tag[0]):]
	}
	if len(open) > 0 {
		t.Fatalf("left open: %s", html)
	}
}
