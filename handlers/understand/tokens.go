package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a piece of a message between spaces.
type token struct {
	text  string // without the punctuation around it
	lower string
	kind  tokenKind
	ends  bool // a comma or another end of a phrase follows
	colon bool // a colon or an equals sign follows, or stands alone
	opens bool // a quotation or a bracket begins with it
	sign  rune // the first sign behind it, or 0
}

type tokenKind int

const (
	kindPlain  tokenKind = iota // letters only
	kindNumber                  // digits, and what separates them
	kindMixed                   // letters and digits
	kindStrong                  // letters, digits and signs, as passwords have them
	kindUsual                   // digits or signs, but an everyday form
	kindTwice                   // a word said twice: "muncul2"
	kindHandle                  // an account of a chat: "@sari_contoh87"
)

// strongSigns are the signs that passwords are made of.
const strongSigns = "@#$%^&*_+=!~|\\"

// tokens cuts a message into tokens. Addresses of mail and of sites are left out.
func (g *guard) tokens(text string) []token {
	var out []token
	for field := range strings.FieldsSeq(text) {
		if strings.Contains(field, "://") || address.MatchString(strings.Trim(field, ".,;:()<>\"'")) {
			continue
		}
		if field == ":" || field == "=" {
			if len(out) > 0 {
				out[len(out)-1].colon = true
			}
			continue
		}
		name, rest, split := strings.Cut(field, ":")
		if lower := strings.ToLower(name); split && rest != "" && g.secrets[lower] {
			out = append(out, token{text: name, lower: lower, colon: true})
			field = rest
		}
		t := g.token(field)
		if t.text != "" {
			out = append(out, t)
		} else if t.ends && len(out) > 0 {
			out[len(out)-1].ends = true
		}
	}
	return out
}

func (g *guard) token(field string) token {
	text := strings.TrimLeft(field, `"'“‘(<[{.,;:?`)
	trimmed := strings.TrimRight(text, `"'”’)>]}.,;:?`)
	tail := text[len(trimmed):]
	t := token{opens: strings.ContainsAny(field[:len(field)-len(text)], "\"'“‘(<[{"), text: trimmed, lower: strings.ToLower(trimmed), ends: strings.ContainsAny(tail, ",;.?)"), colon: strings.ContainsAny(tail, ":")}
	t.kind = g.kind(trimmed)
	for _, t.sign = range tail {
		break
	}
	return t
}

// kind judges a token by its characters.
func (g *guard) kind(text string) tokenKind {
	var letters, digits, signs, inside, last int
	for i, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		default:
			signs++
			if strings.ContainsRune(strongSigns, r) && i > 0 {
				inside++
				last = i
			}
		}
	}
	switch {
	case text == strings.ToLower(text) && isSite(text): // "belajar.id"
		return kindUsual
	case g.invented(text):
		return kindStrong
	case letters == 0 && digits == 0, digits == 0 && inside == 0, digits == 0 && letters > 0 && !strings.ContainsAny(text, "@#$%&*"):
		return kindPlain
	case letters == 0:
		return kindNumber
	case twice.MatchString(text):
		return kindTwice
	case handle.MatchString(text):
		return kindHandle
	case strings.Contains(text, `":`), g.ordinary(g.spell, strings.TrimRight(text, "!")): // a piece of data, or an everyday form
		return kindUsual
	case inside > 0 && (digits > 0 || inside < signs+1) && utf8.RuneCountInString(text) >= 6 && !strings.HasPrefix(text, "#"):
		if digits == 0 && last == len(text)-1 {
			return kindPlain // an exclamation
		}
		return kindStrong
	case digits == 0:
		return kindPlain
	}
	return kindMixed
}
