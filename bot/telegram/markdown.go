package telegram

import (
	"slices"
	"strings"

	"github.com/go-telegram/bot/models"

	"resetpin/bot/markup"
)

// Format renders the neutral Markdown of bot.Reply as a text with entities,
// whatever it is. A line break stays a line break, headings become bold, raw
// HTML is shown as it was typed, a link that Telegram would not take becomes
// its text, and an address that stands in the text to be read becomes code.
func Format(markdown string) Formatted {
	r := &renderer{}
	markup.Write(markdown, r)
	f := Formatted{Text: r.out.String(), Entities: r.entities}
	f.Entities = inOrder(append(f.Entities, r.readable(f.Text)...))
	return f.trimmed()
}

// readable gives code around the addresses of a text that are no links, but
// where code or a link is already.
func (r *renderer) readable(text string) []models.MessageEntity {
	found := addresses(text)
	if len(found) == 0 {
		return nil
	}
	var taken, out []models.MessageEntity
	for _, e := range inOrder(r.entities) {
		if isCode(e) || e.Type == models.MessageEntityTypeTextLink {
			taken = append(taken, e)
		}
	}
	for _, at := range found {
		e := models.MessageEntity{Type: models.MessageEntityTypeCode, Offset: length16(text[:at[0]]), Length: length16(text[at[0]:at[1]])}
		out = append(out, without(e, taken)...)
	}
	return out
}

// renderer writes a document as text, and notes the entities. It is a
// markup.Writer.
type renderer struct {
	out      strings.Builder
	units    int // written
	entities []models.MessageEntity
	indent   string // begins every further line of a list item
	quoted   bool   // inside a block quote; Telegram nests none
	linked   bool   // inside a link, in which Telegram knows no code
	inside   []models.MessageEntityType
}

// write writes what Telegram keeps of a text.
func (r *renderer) write(s string) {
	s = clean(s)
	r.out.WriteString(s)
	r.units += length16(s)
}

// mark notes an entity around what do writes.
func (r *renderer) mark(e models.MessageEntity, do func()) {
	e.Offset = r.units
	at := len(r.entities)
	do()
	e.Length = r.units - e.Offset
	r.entities = slices.Insert(r.entities, at, e)
}

// clean takes out of a text what Telegram's servers take out of it, so that
// what is counted is what is shown. Source: clean_input_string of TDLib.
func clean(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\r', c >= 0x2028 && c <= 0x202e, c == 0x333, c == 0x33f, c == 0x30a:
			return -1
		case c < ' ' && c != '\n':
			return ' '
		}
		return c
	}, markup.Valid(s))
}

// Between writes the ends of lines, and where the next one begins.
func (r *renderer) Between(ends string) { r.write(ends + r.indent) }

// Rule writes a line across.
func (r *renderer) Rule() { r.write("———") }

// CodeBlock writes lines as they are.
func (r *renderer) CodeBlock(code string) {
	r.mark(models.MessageEntity{Type: models.MessageEntityTypePre}, func() { r.write(code) })
}

// Quote writes a quote; one within another is none.
func (r *renderer) Quote(inside func(between string)) {
	if r.quoted {
		inside("\n")
		return
	}
	r.quoted = true
	r.mark(models.MessageEntity{Type: models.MessageEntityTypeBlockquote}, func() { inside("\n") })
	r.quoted = false
}

// Item writes "• item" or "1. item"; what is inside an item is indented.
func (r *renderer) Item(number string, inside func()) {
	outer := r.indent
	switch {
	case number != "":
		r.write(number)
	case outer != "":
		r.write("◦ ")
	default:
		r.write("• ")
	}
	r.indent = outer + "   "
	inside()
	r.indent = outer
}

// Words writes what is shown as it is.
func (r *renderer) Words(s string) { r.write(s) }

// Address writes what Telegram makes a link by itself.
func (r *renderer) Address(s string) { r.write(s) }

// Strong writes bold.
func (r *renderer) Strong(inside func()) { r.as(models.MessageEntityTypeBold, inside) }

// Emphasis writes italics.
func (r *renderer) Emphasis(_ rune, inside func()) { r.as(models.MessageEntityTypeItalic, inside) }

// as writes an entity; one within its like is none.
func (r *renderer) as(kind models.MessageEntityType, inside func()) {
	if slices.Contains(r.inside, kind) {
		inside()
		return
	}
	r.inside = append(r.inside, kind)
	r.mark(models.MessageEntity{Type: kind}, inside)
	r.inside = r.inside[:len(r.inside)-1]
}

// Code writes code.
func (r *renderer) Code(s string) {
	if r.linked {
		r.write(s)
		return
	}
	r.mark(models.MessageEntity{Type: models.MessageEntityTypeCode}, func() { r.write(s) })
}

// Link writes a link, or its words where Telegram would not take it.
func (r *renderer) Link(to string, inside func()) {
	if !goodLink(to) {
		inside()
		return
	}
	r.mark(models.MessageEntity{Type: models.MessageEntityTypeTextLink, URL: to}, func() {
		before := r.units
		r.linked = true
		inside()
		r.linked = false
		if r.units == before {
			r.write(to)
		}
	})
}
