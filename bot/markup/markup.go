// Package markup reads the small common subset of Markdown that bot.Reply is
// written in, for the platforms' renderers.
package markup

import (
	"html"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Parse reads a text, whatever it is. The tree's segments are of source.
func Parse(source []byte) ast.Node { return grammar().Parse(text.NewReader(source)) }

// grammar is the compiled parser; like a compiled regular expression it holds
// no state and serves everybody. Compiling it takes longer than a short text.
var grammar = sync.OnceValue(newParser)

// newParser knows the blocks and marks of the common subset, and no raw HTML:
// what looks like a tag is text.
func newParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500), // without it indented lines would be lost
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
		),
	)
}

// Resolve takes the backslashes off escaped punctuation and resolves
// character references, as Markdown does in text and addresses.
func Resolve(source []byte) string {
	s := string(source)
	if !strings.ContainsAny(s, "\\&\x00") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		switch {
		case s[i] == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			b.WriteByte(s[i+1])
			i += 2
			continue
		case s[i] == '&':
			if end := strings.IndexByte(s[i:min(len(s), i+32)], ';'); end > 1 {
				b.WriteString(html.UnescapeString(s[i : i+end+1]))
				i += end + 1
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// Valid replaces what is not UTF-8.
func Valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "�")
}
