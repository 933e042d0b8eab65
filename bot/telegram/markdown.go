package telegram

import (
	"strconv"
	"strings"

	"resetpin/bot/markup"

	"github.com/yuin/goldmark/ast"
)

// HTML renders the neutral Markdown of bot.Reply as Telegram's HTML
// (https://core.telegram.org/bots/api#html-style), whatever it is: the result
// is always one that Telegram can parse. A line break stays a line break,
// headings become bold, raw HTML is shown as it was typed, and a link that
// Telegram would not take becomes its text.
func HTML(markdown string) string {
	source := []byte(markdown)
	r := &renderer{source: source}
	r.blocks(markup.Parse(source), "\n\n")
	return strings.TrimSpace(r.out.String())
}

// renderer writes a document as Telegram's HTML.
type renderer struct {
	source []byte
	out    strings.Builder
	indent string // begins every further line of a list item
	quoted bool   // inside a block quote; Telegram nests none
}

// blocks writes a node's child blocks with a separator between them.
func (r *renderer) blocks(parent ast.Node, between string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n != parent.FirstChild() {
			r.out.WriteString(between + r.indent)
		}
		r.block(n)
	}
}

func (r *renderer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		r.tagged("b", n)
	case *ast.ThematicBreak:
		r.out.WriteString("———")
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		r.out.WriteString("<pre>")
		r.out.WriteString(escape(strings.TrimRight(string(n.Lines().Value(r.source)), "\n")))
		r.out.WriteString("</pre>")
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
	r.out.WriteString("<blockquote>")
	r.blocks(n, "\n")
	r.out.WriteString("</blockquote>")
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
			r.out.WriteString("\n" + outer)
		}
		if l.IsOrdered() {
			r.out.WriteString(strconv.Itoa(number) + ". ")
			number++
		} else {
			r.out.WriteString(bullet)
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
			r.out.WriteString(escape(markup.Resolve(n.Segment.Value(r.source))))
			if n.SoftLineBreak() || n.HardLineBreak() {
				r.out.WriteString("\n" + r.indent)
			}
		case *ast.String:
			r.out.WriteString(escape(string(n.Value)))
		case *ast.CodeSpan:
			r.code(n)
		case *ast.Emphasis:
			if n.Level == 2 {
				r.tagged("b", n)
			} else {
				r.tagged("i", n)
			}
		case *ast.Link:
			r.link(n, markup.Resolve(n.Destination))
		case *ast.AutoLink: // Telegram's apps make it clickable by themselves
			r.out.WriteString(escape(string(n.Label(r.source))))
		default: // an image in a text is its description
			r.inline(n)
		}
	}
}

// tagged writes a node's children inside a tag.
func (r *renderer) tagged(tag string, n ast.Node) {
	r.out.WriteString("<" + tag + ">")
	r.inline(n)
	r.out.WriteString("</" + tag + ">")
}

func (r *renderer) code(n ast.Node) {
	r.out.WriteString("<code>")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			r.out.WriteString(escape(strings.ReplaceAll(string(t.Segment.Value(r.source)), "\n", " ")))
		}
	}
	r.out.WriteString("</code>")
}

func (r *renderer) link(n ast.Node, to string) {
	if !goodLink(to) {
		r.inline(n)
		return
	}
	r.out.WriteString(`<a href="` + escapeQuoted(to) + `">`)
	if n.FirstChild() == nil {
		r.out.WriteString(escape(to))
	}
	r.inline(n)
	r.out.WriteString("</a>")
}

var (
	escaper       = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\x00", "", "\r", "")
	quotedEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\x00", "", "\r", "")
)

func escape(s string) string       { return escaper.Replace(markup.Valid(s)) }
func escapeQuoted(s string) string { return quotedEscaper.Replace(markup.Valid(s)) }
