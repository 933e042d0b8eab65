package mattermost

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"resetpin/bot/markup"

	"github.com/yuin/goldmark/ast"
)

// Markdown renders the neutral Markdown of bot.Reply as Mattermost's, whatever
// it is. The meaning is the same; but nothing in a text notifies anybody,
// becomes a channel's link, a hashtag or an emoji, or shows an image.
func Markdown(neutral string) string {
	source := []byte(neutral)
	r := &renderer{source: source}
	r.blocks(markup.Parse(source), "\n\n")
	return strings.TrimSpace(r.out.String())
}

// renderer writes a document as Mattermost's Markdown.
type renderer struct {
	source []byte
	out    strings.Builder
	prefix string // begins every further line: a list item's indent, a quote's mark
}

// blocks writes a node's child blocks with a separator between them.
func (r *renderer) blocks(parent ast.Node, between string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n != parent.FirstChild() {
			r.lines(between)
		}
		r.block(n)
	}
}

// lines writes line ends, each followed by the prefix.
func (r *renderer) lines(ends string) {
	for range ends {
		r.out.WriteString("\n" + r.prefix)
	}
}

func (r *renderer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		r.marked("**", n)
	case *ast.ThematicBreak:
		r.out.WriteString("---")
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		r.fenced(strings.TrimRight(string(n.Lines().Value(r.source)), "\n"))
	case *ast.Blockquote:
		r.nested("> ", "> ", func() { r.blocks(n, "\n\n") })
	case *ast.List:
		r.list(n)
	default: // a paragraph, or the text of a tight list's item
		r.inline(n)
	}
}

// nested writes something whose first line begins with a mark and whose
// further lines begin with another.
func (r *renderer) nested(first, further string, write func()) {
	outer := r.prefix
	r.out.WriteString(first)
	r.prefix += further
	write()
	r.prefix = outer
}

func (r *renderer) fenced(code string) {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	r.out.WriteString(fence)
	for line := range strings.SplitSeq(code, "\n") {
		r.lines("\n")
		r.out.WriteString(markup.Valid(line))
	}
	r.lines("\n")
	r.out.WriteString(fence)
}

// list writes "- item" or "1. item" lines; what is inside an item is indented.
func (r *renderer) list(l *ast.List) {
	number := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		if item != l.FirstChild() {
			r.lines("\n")
		}
		mark := "- "
		if l.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		r.nested(mark, strings.Repeat(" ", len(mark)), func() { r.blocks(item, "\n") })
	}
}

// inline writes a node's inline children.
func (r *renderer) inline(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			r.text(n)
		case *ast.String:
			r.out.WriteString(escapeText(string(n.Value)))
		case *ast.CodeSpan:
			r.code(n)
		case *ast.Emphasis:
			r.emphasis(n)
		case *ast.Link:
			r.link(n, markup.Resolve(n.Destination))
		case *ast.AutoLink:
			r.out.WriteString(markup.Valid(string(n.Label(r.source)))) // the apps make it clickable by themselves
		default: // an image in a text is its description
			r.inline(n)
		}
	}
}

// text writes text; adjoining pieces count as one, so that nothing is put
// together of halves.
func (r *renderer) text(n *ast.Text) {
	s := escapeAfter(r.out.String(), markup.Resolve(n.Segment.Value(r.source)))
	r.out.WriteString(s)
	if n.SoftLineBreak() || n.HardLineBreak() {
		r.lines("\n")
	}
}

// emphasis writes bold or italics. The web client takes no star before a
// quotation mark, and no underscore before a letter.
func (r *renderer) emphasis(n *ast.Emphasis) {
	if n.Level >= 2 {
		r.marked("**", n)
		return
	}
	mark := "_"
	if next, ok := n.NextSibling().(*ast.Text); ok {
		if c, _ := utf8.DecodeRune(next.Segment.Value(r.source)); isWord(c) {
			mark = "*"
		}
	}
	if isWord(lastRune(r.out.String())) {
		mark = "*"
	}
	r.marked(mark, n)
}

// marked writes a node's children between marks. The web client takes marks
// right before and after an e-mail address for a part of it (tried on 11.6:
// **a@b.id** became a link to "**a@b.id"): there something stands between.
func (r *renderer) marked(mark string, n ast.Node) {
	r.out.WriteString(mark)
	at := r.out.Len()
	r.inline(n)
	inner := r.out.String()[at:]
	if addressFirst.MatchString(inner) || addressLast.MatchString(inner) {
		before := r.out.String()[:at]
		r.out.Reset()
		r.out.WriteString(before + apart + inner + apart)
	}
	r.out.WriteString(mark)
}

// apart is a word joiner, which is not seen.
const apart = "\u2060"

// An e-mail address at an end of a text, perhaps in another mark.
var (
	addressFirst = regexp.MustCompile(`^[^\s@]+@[A-Za-z0-9.-]`)
	addressLast  = regexp.MustCompile(`[A-Za-z0-9]@[^\s@]+$`)
)

// code writes a code span; nothing in it means anything to Mattermost.
func (r *renderer) code(n ast.Node) {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.WriteString(strings.ReplaceAll(string(t.Segment.Value(r.source)), "\n", " "))
		}
	}
	code := markup.Valid(b.String())
	fence := "`"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	if strings.HasPrefix(code, "`") || strings.HasSuffix(code, "`") || addressFirst.MatchString(code) {
		code = " " + code + " " // the blanks are not shown
	}
	r.out.WriteString(fence + code + fence)
}

func (r *renderer) link(n ast.Node, to string) {
	inner := &renderer{source: r.source}
	inner.inline(n)
	r.out.WriteString(link(inner.out.String(), to))
}

// plain renders neutral Markdown as bare words, for where no marks are shown.
func plain(neutral string) string {
	source := []byte(neutral)
	var b strings.Builder
	_ = ast.Walk(markup.Parse(source), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Type() == ast.TypeBlock && entering && b.Len() > 0 {
			b.WriteString("\n")
		}
		if t, ok := n.(*ast.Text); ok && entering {
			b.WriteString(markup.Valid(markup.Resolve(t.Segment.Value(source))))
			if t.SoftLineBreak() || t.HardLineBreak() {
				b.WriteString("\n")
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}
