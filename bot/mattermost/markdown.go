package mattermost

import (
	"bytes"
	"regexp"
	"strings"

	"resetpin/bot/markup"
)

// Markdown renders the neutral Markdown of bot.Reply as Mattermost's, whatever
// it is. The meaning is the same; but nothing in a text notifies anybody,
// becomes a channel's link, a hashtag or an emoji, or shows an image.
func Markdown(neutral string) string {
	r := &renderer{}
	markup.Write(neutral, r)
	return strings.TrimSpace(string(r.out))
}

// renderer writes a document as Mattermost's Markdown. It is a markup.Writer.
type renderer struct {
	out    []byte
	prefix string // begins every further line: a list item's indent, a quote's mark
}

func (r *renderer) write(s string) { r.out = append(r.out, s...) }

// tail is what was written of the line that goes on, with the end of the one
// before.
func (r *renderer) tail() string { return string(r.out[max(0, bytes.LastIndexByte(r.out, '\n')):]) }

// Between writes ends of lines, each followed by the prefix.
func (r *renderer) Between(ends string) { r.write(strings.ReplaceAll(ends, "\n", "\n"+r.prefix)) }

// Rule writes a line across.
func (r *renderer) Rule() { r.write("---") }

// CodeBlock writes lines as they are, between fences that none of them is.
func (r *renderer) CodeBlock(code string) {
	fence := fenceFor(code, "```")
	r.write(fence)
	for line := range strings.SplitSeq(code, "\n") {
		r.Between("\n")
		r.write(markup.Valid(line))
	}
	r.Between("\n")
	r.write(fence)
}

// fenceFor lengthens a fence until the code does not hold it.
func fenceFor(code, fence string) string {
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence
}

// Quote writes a quote.
func (r *renderer) Quote(inside func(between string)) {
	r.nested("> ", "> ", func() { inside("\n\n") })
}

// Item writes "- item" or "1. item"; what is inside an item is indented.
func (r *renderer) Item(number string, inside func()) {
	mark := number
	if mark == "" {
		mark = "- "
	}
	r.nested(mark, strings.Repeat(" ", len(mark)), inside)
}

// nested writes something whose first line begins with a mark and whose
// further lines begin with another.
func (r *renderer) nested(first, further string, inside func()) {
	outer := r.prefix
	r.write(first)
	r.prefix += further
	inside()
	r.prefix = outer
}

// Words writes text; adjoining pieces count as one, so that nothing is put
// together of halves.
func (r *renderer) Words(s string) { r.write(escapeAfter(r.tail(), s)) }

// Address writes what the apps make a link by themselves.
func (r *renderer) Address(s string) { r.write(markup.Valid(s)) }

// Strong writes bold.
func (r *renderer) Strong(inside func()) { r.marked("**", inside) }

// Emphasis writes italics. The web client takes no star before a quotation
// mark, and no underscore before a letter.
func (r *renderer) Emphasis(next rune, inside func()) {
	mark := "_"
	if isWord(next) || isWord(lastRune(r.tail())) {
		mark = "*"
	}
	r.marked(mark, inside)
}

// marked writes something between marks. The web client takes marks right
// before and after an e-mail address for a part of it (tried on 11.6:
// **a@b.id** became a link to "**a@b.id"): there something stands between.
func (r *renderer) marked(mark string, inside func()) {
	r.write(mark)
	at := len(r.out)
	inside()
	if inner := string(r.out[at:]); addressFirst.MatchString(inner) || addressLast.MatchString(inner) {
		r.out = append(r.out[:at], apart+inner+apart...)
	}
	r.write(mark)
}

// apart is a word joiner, which is not seen.
const apart = "\u2060"

// An e-mail address at an end of a text, perhaps in another mark.
var (
	addressFirst = regexp.MustCompile(`^[^\s@]+@[A-Za-z0-9.-]`)
	addressLast  = regexp.MustCompile(`[A-Za-z0-9]@[^\s@]+$`)
)

// Code writes a code span; nothing in it means anything to Mattermost.
func (r *renderer) Code(s string) {
	code := markup.Valid(s)
	fence := fenceFor(code, "`")
	if strings.HasPrefix(code, "`") || strings.HasSuffix(code, "`") || addressFirst.MatchString(code) {
		code = " " + code + " " // the blanks are not shown
	}
	r.write(fence + code + fence)
}

// Link writes a link; its words are written as if they stood alone.
func (r *renderer) Link(to string, inside func()) {
	outer := *r
	*r = renderer{}
	inside()
	words := string(r.out)
	*r = outer
	r.write(link(words, to))
}
