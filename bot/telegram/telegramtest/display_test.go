package telegramtest

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzDisplay: whatever is sent, what the server takes lies inside the text,
// and what is displayed is balanced and safe.
func FuzzDisplay(f *testing.F) {
	for _, s := range []string{"", "<b>", "&", "/a@bot http://x.id <script>", "👍 a@b.id", " x.id/y ", "na•••h@contoh.go.id"} {
		f.Add(s, "bold", 0, 3, "text_link", 1, 2, `https://a.id/"><script>`)
		f.Add(s, "blockquote", 0, 9, "code", 2, 2, "")
		f.Add(s, "italic", -1, 9, "pre", 2, 0, "javascript:x")
	}
	f.Fuzz(func(t *testing.T, s, kind1 string, from1, length1 int, kind2 string, from2, length2 int, url string) {
		if !utf8.ValidString(s) {
			return
		}
		given, err := json.Marshal([]Entity{{kind1, from1, length1, url}, {kind2, from2, length2, url}})
		if err != nil {
			return
		}
		text, entities, failed := readText(s, "", string(given), maxText)
		if failed != nil {
			text, entities = s, nil
		}
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
