package telegram

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Telegram's limits, in UTF-16 code units of the text without markup
// (https://core.telegram.org/bots/api#sendmessage).
const (
	MaxText    = 4096  // of a message
	MaxCaption = 1024  // under a picture
	MaxNotice  = 200   // at a pressed button
	maxBytes   = 30000 // of a text with its markup; Telegram refuses more than 32768
)

// Length counts what Telegram counts of a Markdown text: UTF-16 code units of
// what is shown. At most MaxText fit into one message, MaxCaption under a
// picture; what is longer is split.
func Length(markdown string) int { return shown16(HTML(markdown)) }

// length16 counts UTF-16 code units.
func length16(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// shown16 counts the UTF-16 code units that HTML of this package shows.
func shown16(html string) int {
	n := 0
	for i := 0; i < len(html); {
		size, units, _ := token(html[i:])
		n += units
		i += size
	}
	return n
}

// token reads the next piece of HTML that must not be cut: a tag (no units),
// a character reference or a character.
func token(html string) (size, units int, tag bool) {
	switch html[0] {
	case '<':
		if end := strings.IndexByte(html, '>'); end >= 0 {
			return end + 1, 0, true
		}
	case '&':
		if end := strings.IndexByte(html, ';'); end >= 0 {
			return end + 1, 1, false
		}
	}
	r, size := utf8.DecodeRuneInString(html)
	if r > 0xffff {
		return size, 2, false
	}
	return size, 1, false
}

// splitHTML cuts HTML of this package into pieces that show at most limit
// units each: between paragraphs if there is such a place in the latter half,
// else between lines, words, or characters. Tags open at a cut are closed and
// opened again.
func splitHTML(html string, limit int) []string {
	var pieces []string
	for {
		html = strings.TrimSpace(html)
		if len(html) <= limit && len(html) <= maxBytes || len(html) <= maxBytes && shown16(html) <= limit {
			return append(pieces, html)
		}
		head, tail := cutHTML(html, limit)
		pieces = append(pieces, head)
		html = tail
	}
}

// gap is where HTML can be cut.
type gap struct {
	at    int      // bytes
	units int      // shown before
	open  []string // tags open there, outermost first
}

// cutHTML cuts once, as late as limit allows.
func cutHTML(html string, limit int) (head, tail string) {
	var open []string
	var hard, word, line, paragraph gap
	units := 0
	for i := 0; i < len(html); {
		size, u, tag := token(html[i:])
		if units+u > limit || i+size > maxBytes {
			break
		}
		units += u
		here := html[i : i+size]
		i += size
		now := gap{at: i, units: units, open: open}
		switch {
		case tag && here[1] == '/':
			open = open[:len(open)-1]
		case tag:
			open = append(open[:len(open):len(open)], here)
		case here == "\n" && strings.HasPrefix(html[i:], "\n") && len(open) == 0:
			paragraph = now
		case here == "\n":
			line = now
		case here == " ":
			word = now
		}
		if !tag {
			hard = now
		}
	}
	best := hard
	for _, p := range []gap{word, line, paragraph} {
		if p.units > limit/2 {
			best = p
		}
	}
	if best.at == 0 { // tags alone fill the bound: cannot be with goodLink's
		best = gap{at: len(html)}
	}
	var b strings.Builder
	b.WriteString(strings.TrimRight(html[:best.at], " \n"))
	for _, tag := range slices.Backward(best.open) {
		b.WriteString("</" + tagName(tag) + ">")
	}
	return b.String(), strings.Join(best.open, "") + strings.TrimLeft(html[best.at:], " \n")
}

// tagName gives "a" of `<a href="…">`.
func tagName(tag string) string {
	name, _, _ := strings.Cut(strings.Trim(tag, "<>"), " ")
	return name
}

// stripHTML gives the text that HTML of this package shows, for when Telegram
// cannot parse it.
func stripHTML(html string) string {
	var b strings.Builder
	for i := 0; i < len(html); {
		size, _, tag := token(html[i:])
		if !tag {
			b.WriteString(html[i : i+size])
		}
		i += size
	}
	return unescaper.Replace(b.String())
}

var unescaper = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&")

// cutText shortens plain text to at most limit UTF-16 units, with an ellipsis.
func cutText(s string, limit int) string {
	if len(s) <= limit || length16(s) <= limit {
		return s
	}
	n := 0
	for i, r := range s {
		size := 1
		if r > 0xffff {
			size = 2
		}
		if n+size > limit-1 {
			return s[:i] + "…"
		}
		n += size
	}
	return s
}
