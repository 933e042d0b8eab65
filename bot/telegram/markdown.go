package telegram

import (
	"slices"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"
	"github.com/yuin/goldmark/ast"

	"resetpin/bot/markup"
)

// Format renders the neutral Markdown of bot.Reply as a text with entities,
// whatever it is. A line break stays a line break, headings become bold, raw
// HTML is shown as it was typed, a link that Telegram would not take becomes
// its text, and an address that stands in the text to be read becomes code.
func Format(markdown string) Formatted {
	source := []byte(markdown)
	r := &renderer{source: source}
	r.blocks(markup.Parse(source), "\n\n")
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

// renderer writes a document as text, and notes the entities.
type renderer struct {
	source   []byte
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

// blocks writes a node's child blocks with a separator between them.
func (r *renderer) blocks(parent ast.Node, between string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n != parent.FirstChild() {
			r.write(between + r.indent)
		}
		r.block(n)
	}
}

func (r *renderer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		r.inlineAs(models.MessageEntityTypeBold, n)
	case *ast.ThematicBreak:
		r.write("———")
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		r.mark(models.MessageEntity{Type: models.MessageEntityTypePre}, func() {
			r.write(strings.TrimRight(string(n.Lines().Value(r.source)), "\n"))
		})
	case *ast.Blockquote:
		r.quote(n)
	case *ast.List:
		r.list(n)
	default: // a paragraph, or the text of a tight list's item
		r.inline(n)
	}
}

func (r *renderer) quote(n *ast.Blockquote) {
	if r.quoted {
		r.blocks(n, "\n")
		return
	}
	r.quoted = true
	r.mark(models.MessageEntity{Type: models.MessageEntityTypeBlockquote}, func() { r.blocks(n, "\n") })
	r.quoted = false
}

// list writes "• item" or "1. item" lines; what is inside an item is indented.
func (r *renderer) list(l *ast.List) {
	number := l.Start
	bullet := "• "
	if r.indent != "" {
		bullet = "◦ "
	}
	outer := r.indent
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		if item != l.FirstChild() {
			r.write("\n" + outer)
		}
		if l.IsOrdered() {
			r.write(strconv.Itoa(number) + ". ")
			number++
		} else {
			r.write(bullet)
		}
		r.indent = outer + "   "
		r.blocks(item, "\n")
		r.indent = outer
	}
}

// inline writes a node's inline children.
func (r *renderer) inline(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			r.write(markup.Resolve(n.Segment.Value(r.source)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				r.write("\n" + r.indent)
			}
		case *ast.String:
			r.write(string(n.Value))
		case *ast.CodeSpan:
			r.code(n)
		case *ast.Emphasis:
			if n.Level == 2 {
				r.inlineAs(models.MessageEntityTypeBold, n)
			} else {
				r.inlineAs(models.MessageEntityTypeItalic, n)
			}
		case *ast.Link:
			r.link(n, markup.Resolve(n.Destination))
		case *ast.AutoLink: // Telegram makes it a link by itself
			r.write(string(n.Label(r.source)))
		default: // an image in a text is its description
			r.inline(n)
		}
	}
}

// inlineAs writes a node's children as an entity; one within its like is none.
func (r *renderer) inlineAs(kind models.MessageEntityType, n ast.Node) {
	if slices.Contains(r.inside, kind) {
		r.inline(n)
		return
	}
	r.inside = append(r.inside, kind)
	r.mark(models.MessageEntity{Type: kind}, func() { r.inline(n) })
	r.inside = r.inside[:len(r.inside)-1]
}

func (r *renderer) code(n ast.Node) {
	write := func() {
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				r.write(strings.ReplaceAll(string(t.Segment.Value(r.source)), "\n", " "))
			}
		}
	}
	if r.linked {
		write()
		return
	}
	r.mark(models.MessageEntity{Type: models.MessageEntityTypeCode}, write)
}

func (r *renderer) link(n ast.Node, to string) {
	if !goodLink(to) {
		r.inline(n)
		return
	}
	r.mark(models.MessageEntity{Type: models.MessageEntityTypeTextLink, URL: to}, func() {
		r.linked = true
		r.inline(n)
		r.linked = false
		if n.FirstChild() == nil {
			r.write(to)
		}
	})
}
