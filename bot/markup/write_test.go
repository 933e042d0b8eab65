package markup_test

import (
	"strings"
	"testing"

	"resetpin/bot/markup"
)

// spoken writes the parts of a text as a reader would say them.
type spoken struct{ strings.Builder }

func (s *spoken) Between(ends string)               { s.WriteString(strings.Repeat("/", len(ends))) }
func (s *spoken) Rule()                             { s.WriteString("rule") }
func (s *spoken) CodeBlock(code string)             { s.WriteString("block{" + code + "}") }
func (s *spoken) Quote(inside func(between string)) { s.around("quote", func() { inside("\n") }) }
func (s *spoken) Item(number string, inside func()) { s.around("item "+number, inside) }
func (s *spoken) Words(words string)                { s.WriteString(words) }
func (s *spoken) Code(code string)                  { s.WriteString("code{" + code + "}") }
func (s *spoken) Strong(inside func())              { s.around("strong", inside) }
func (s *spoken) Emphasis(next rune, inside func()) { s.around("before "+string(next), inside) }
func (s *spoken) Link(to string, inside func())     { s.around("link "+to+" ", inside) }
func (s *spoken) Address(address string)            { s.WriteString("address{" + address + "}") }

func (s *spoken) around(name string, inside func()) {
	s.WriteString(name + "{")
	inside()
	s.WriteString("}")
}

func TestWrite(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a\nb\n\nc":                     "a/b//c",
		"# Judul":                       "strong{Judul}",
		"**a _b_c** _d_":                "strong{a _b_c} before \ufffd{d}",
		"*a*b":                          "before b{a}b",
		"- a\n- b\n  - c":               "item {a}/item {b/item {c}}",
		"3. a\n4. b":                    "item 3. {a}/item 4. {b}",
		"> a\n> b\n>\n> c":              "quote{a/b/c}",
		"`a\nb` \\*c\\*":                "code{a b} *c*",
		"```\na\n b\n```":               "block{a\n b}",
		"[**a**](https://contoh.go.id)": "link https://contoh.go.id {strong{a}}",
		"<https://contoh.go.id>":        "address{https://contoh.go.id}",
		"a\n\n---":                      "a//rule",
		"<b>x</b> &amp; y":              "<b>x</b> & y",
	} {
		var got spoken
		markup.Write(in, &got)
		if got.String() != want {
			t.Errorf("%q: %s\nwant %s", in, got.String(), want)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	if got, want := markup.Plain("**Tekan** `/resetpin`\n\n- satu\n- [dua](https://contoh.go.id)"), "Tekan /resetpin"; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "dua") {
		t.Errorf("got %q", got)
	}
}
