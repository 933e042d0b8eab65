package telegram

import (
	"html"
	"slices"
	"strings"

	"github.com/go-telegram/bot/models"
)

// Formatted is a text as Telegram takes it: what is shown, and which stretches
// of it look or do what (https://core.telegram.org/bots/api#messageentity).
// Offsets and lengths are in UTF-16 code units. Entities stand in the order of
// their beginnings, the longer first, and none that is code lies within
// another but a quote.
type Formatted struct {
	Text     string
	Entities []models.MessageEntity
}

// Telegram's limits, in UTF-16 code units of what is shown
// (https://core.telegram.org/bots/api#sendmessage).
const (
	MaxText     = 4096 // of a message
	MaxCaption  = 1024 // under a picture
	MaxNotice   = 200  // at a pressed button
	maxEntities = 100  // of a message; what is more is dropped without a word
)

// Length counts what Telegram counts of a Markdown text: UTF-16 code units of
// what is shown. At most MaxText fit into one message, MaxCaption under a
// picture; what is longer is split.
func Length(markdown string) int { return length16(Format(markdown).Text) }

// length16 counts UTF-16 code units.
func length16(s string) int {
	n := 0
	for _, r := range s {
		n += units(r)
	}
	return n
}

// units is the number of UTF-16 code units of a character.
func units(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// plain gives the text without its entities.
func (f Formatted) plain() Formatted { return Formatted{Text: f.Text} }

// part gives the bytes from..to of the text, with its entities.
func (f Formatted) part(from, to int) Formatted {
	begin := length16(f.Text[:from])
	out := Formatted{Text: f.Text[from:to]}
	size := length16(out.Text)
	for _, e := range f.Entities {
		first, last := max(e.Offset-begin, 0), min(e.Offset+e.Length-begin, size)
		if first < last {
			e.Offset, e.Length = first, last-first
			out.Entities = append(out.Entities, e)
		}
	}
	return out
}

// trimmed is the text without the blanks at both ends, which Telegram drops.
func (f Formatted) trimmed() Formatted {
	const blanks = " \t\n"
	left := len(f.Text) - len(strings.TrimLeft(f.Text, blanks))
	right := len(strings.TrimRight(f.Text, blanks))
	if left == 0 && right == len(f.Text) {
		return f
	}
	return f.part(min(left, right), right)
}

// split cuts a text into pieces of at most limit units: between paragraphs if
// there is such a place in the latter half, else between lines, words, or
// characters. An entity that is cut goes on in the next piece.
func (f Formatted) split(limit int) []Formatted {
	var pieces []Formatted
	for {
		f = f.trimmed()
		at := f.cut(limit)
		pieces = append(pieces, f.part(0, at).trimmed())
		if at == len(f.Text) {
			return pieces
		}
		f = f.part(at, len(f.Text))
	}
}

// cut gives where to cut the text, in bytes: as late as the limit allows, or
// at its end.
func (f Formatted) cut(limit int) int {
	if len(f.Entities) > maxEntities {
		limit = min(limit, max(f.Entities[maxEntities].Offset, 1))
	}
	if len(f.Text) <= limit || length16(f.Text) <= limit {
		return len(f.Text)
	}
	shown := 0
	var hard, word, line, paragraph int // where to cut
	for i, r := range f.Text {
		if shown > 0 && shown+units(r) > limit {
			break
		}
		shown += units(r)
		hard = i + len(string(r))
		if shown <= limit/2 {
			continue
		}
		switch {
		case r == '\n' && strings.HasPrefix(f.Text[hard:], "\n"):
			paragraph = hard
		case r == '\n':
			line = hard
		case r == ' ':
			word = hard
		}
	}
	for _, at := range []int{paragraph, line, word} {
		if at > 0 {
			return at
		}
	}
	return hard
}

// HTML gives the text as HTML in which line breaks stay line breaks, for pages
// that show what Telegram shows.
func (f Formatted) HTML() string {
	var b strings.Builder
	var open []models.MessageEntity
	rest := f.Entities
	at := 0
	for _, r := range f.Text + "\x00" { // a character that is never shown, to come by the end
		for len(open) > 0 && open[len(open)-1].Offset+open[len(open)-1].Length <= at {
			b.WriteString("</" + tag(open[len(open)-1]) + ">")
			open = open[:len(open)-1]
		}
		for ; len(rest) > 0 && rest[0].Offset <= at; rest = rest[1:] {
			b.WriteString("<" + tag(rest[0]))
			if rest[0].URL != "" {
				b.WriteString(` href="` + html.EscapeString(rest[0].URL) + `"`)
			}
			b.WriteByte('>')
			open = append(open, rest[0])
		}
		if r != 0 {
			b.WriteString(escape(r))
		}
		at += units(r)
	}
	return b.String()
}

// escape writes a character of a text, not of an attribute, as HTML.
func escape(r rune) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	}
	return string(r)
}

// tag is the HTML element that looks like an entity.
func tag(e models.MessageEntity) string {
	switch e.Type { //nolint:exhaustive // the others are the element's own name
	case models.MessageEntityTypeBold:
		return "b"
	case models.MessageEntityTypeItalic:
		return "i"
	case models.MessageEntityTypeTextLink:
		return "a"
	}
	return string(e.Type)
}

// cutText shortens plain text to at most limit UTF-16 units, with an ellipsis.
func cutText(s string, limit int) string {
	if len(s) <= limit || length16(s) <= limit {
		return s
	}
	n := 0
	for i, r := range s {
		if n+units(r) > limit-1 {
			return s[:i] + "…"
		}
		n += units(r)
	}
	return s
}

// inOrder puts entities into their order and gives no code a mark within or
// around it, which Telegram does not know.
func inOrder(all []models.MessageEntity) []models.MessageEntity {
	var code, out []models.MessageEntity
	slices.SortStableFunc(all, byPlace)
	for _, e := range all {
		if isCode(e) {
			code = append(code, e)
		}
	}
	for _, e := range all {
		if e.Length == 0 {
			continue
		}
		if isCode(e) || e.Type == models.MessageEntityTypeBlockquote {
			out = append(out, e)
			continue
		}
		out = append(out, without(e, code)...)
	}
	slices.SortStableFunc(out, byPlace) // again: some were cut
	return out
}

// byPlace puts entities in the order of their beginnings, the longer first.
func byPlace(a, b models.MessageEntity) int {
	if a.Offset != b.Offset {
		return a.Offset - b.Offset
	}
	return b.Length - a.Length
}

func isCode(e models.MessageEntity) bool {
	return e.Type == models.MessageEntityTypeCode || e.Type == models.MessageEntityTypePre
}

// without gives what is left of an entity outside of others, which stand in
// order.
func without(e models.MessageEntity, others []models.MessageEntity) []models.MessageEntity {
	var out []models.MessageEntity
	end := e.Offset + e.Length
	for _, o := range others {
		if o.Offset >= end || o.Offset+o.Length <= e.Offset {
			continue
		}
		if before := o.Offset - e.Offset; before > 0 {
			head := e
			head.Length = before
			out = append(out, head)
		}
		e.Offset = min(o.Offset+o.Length, end)
		e.Length = end - e.Offset
	}
	if e.Length > 0 {
		out = append(out, e)
	}
	return out
}
