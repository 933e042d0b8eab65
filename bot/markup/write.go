package markup

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// Writer is how a platform writes the parts of a text. What stands inside a
// part is written by the function that it is given, at most once.
type Writer interface {
	Between(ends string) // the ends of lines between two blocks, or two lines of one
	Rule()
	CodeBlock(code string)
	Quote(inside func(between string)) // between: its blocks
	Item(number string, inside func()) // of a list: "1. ", or "" where none are counted
	Words(s string)                    // to be shown as they are
	Code(s string)
	Strong(inside func())              // headings too: chats have none
	Emphasis(next rune, inside func()) // next: what follows it; utf8.RuneError: nothing
	Link(to string, inside func())
	Address(s string) // which the apps make a link by themselves
}

// Write has a text written, whatever it is: its blocks stand an empty line
// apart, those of a list's item do not.
func Write(text string, to Writer) {
	w := walker{[]byte(text), to}
	w.blocks(Parse(w.source), "\n\n")
}

// walker goes through a text and has its parts written.
type walker struct {
	source []byte
	to     Writer
}

func (w walker) blocks(parent ast.Node, between string) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if n != parent.FirstChild() {
			w.to.Between(between)
		}
		w.block(n)
	}
}

func (w walker) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		w.to.Strong(func() { w.inline(n) })
	case *ast.ThematicBreak:
		w.to.Rule()
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		w.to.CodeBlock(strings.TrimRight(string(n.Lines().Value(w.source)), "\n"))
	case *ast.Blockquote:
		w.to.Quote(func(between string) { w.blocks(n, between) })
	case *ast.List:
		w.list(n)
	default: // a paragraph, or the text of a tight list's item
		w.inline(n)
	}
}

func (w walker) list(l *ast.List) {
	at := l.Start
	for item := l.FirstChild(); item != nil; item = item.NextSibling() {
		if item != l.FirstChild() {
			w.to.Between("\n")
		}
		number := ""
		if l.IsOrdered() {
			number = strconv.Itoa(at) + ". "
			at++
		}
		w.to.Item(number, func() { w.blocks(item, "\n") })
	}
}

func (w walker) inline(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			w.to.Words(Resolve(n.Segment.Value(w.source)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				w.to.Between("\n")
			}
		case *ast.CodeSpan:
			w.to.Code(w.code(n))
		case *ast.Emphasis:
			w.emphasis(n)
		case *ast.Link:
			w.to.Link(Resolve(n.Destination), func() { w.inline(n) })
		case *ast.AutoLink:
			w.to.Address(string(n.Label(w.source)))
		default: // an image in a text is its description
			w.inline(n)
		}
	}
}

func (w walker) emphasis(n *ast.Emphasis) {
	inside := func() { w.inline(n) }
	if n.Level >= 2 {
		w.to.Strong(inside)
		return
	}
	next := utf8.RuneError
	if t, ok := n.NextSibling().(*ast.Text); ok {
		next, _ = utf8.DecodeRune(t.Segment.Value(w.source))
	}
	w.to.Emphasis(next, inside)
}

// code gives the words of a code span, on one line.
func (w walker) code(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.WriteString(strings.ReplaceAll(string(t.Segment.Value(w.source)), "\n", " "))
		}
	}
	return b.String()
}

// Plain gives the bare words of a text, for where no marks are shown.
func Plain(text string) string {
	source := []byte(text)
	var b strings.Builder
	_ = ast.Walk(Parse(source), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Type() == ast.TypeBlock && entering && b.Len() > 0 {
			b.WriteString("\n")
		}
		if t, ok := n.(*ast.Text); ok && entering {
			b.WriteString(Valid(Resolve(t.Segment.Value(source))))
			if t.SoftLineBreak() || t.HardLineBreak() {
				b.WriteString("\n")
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}
