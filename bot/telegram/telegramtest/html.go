package telegramtest

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// entity is a stretch of formatted text, counted in UTF-16 units.
type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

// entityTypes maps the tags that Telegram knows to what they make of a text.
func entityType(tag string) string {
	switch tag {
	case "b", "strong":
		return "bold"
	case "i", "em":
		return "italic"
	case "u", "ins":
		return "underline"
	case "s", "strike", "del":
		return "strikethrough"
	case "tg-spoiler", "span":
		return "spoiler"
	case "a":
		return "text_link"
	case "code", "pre", "blockquote":
		return tag
	}
	return ""
}

var linkScheme = regexp.MustCompile(`^(?i:https?://|tg:|ton:)`)

// openTag is a tag that waits for its end.
type openTag struct {
	name   string
	arg    string // href, or what makes a span a spoiler
	offset int
	start  int // in the plain text, bytes
}

// htmlParser reads Telegram's HTML: the way of its own server, its words for
// what is wrong included.
type htmlParser struct {
	in       string
	at       int
	out      strings.Builder
	offset   int // UTF-16 units written
	open     []openTag
	entities []entity
}

// ParseHTML reads a text in Telegram's HTML as the server does and gives what
// is shown of it; the error is in Telegram's words.
func ParseHTML(in string) (string, error) {
	text, _, err := parseHTML(in)
	return text, err
}

// parseHTML gives the plain text and its entities.
func parseHTML(in string) (string, []entity, error) {
	p := &htmlParser{in: in}
	for p.at < len(p.in) {
		var err error
		switch {
		case p.in[p.at] == '&':
			p.reference()
		case strings.HasPrefix(p.in[p.at:], "</"):
			err = p.end()
		case p.in[p.at] == '<':
			err = p.start()
		default:
			r, size := utf8.DecodeRuneInString(p.in[p.at:])
			p.write(r)
			p.at += size
		}
		if err != nil {
			return "", nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, wordf("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	slices.SortStableFunc(p.entities, func(a, b entity) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return b.Length - a.Length
	})
	return p.out.String(), p.entities, nil
}

func (p *htmlParser) write(r rune) {
	p.out.WriteRune(r)
	p.offset++
	if r > 0xffff {
		p.offset++
	}
}

// reference reads a character reference; what is none stands for itself.
func (p *htmlParser) reference() {
	r, size := decodeReference(p.in[p.at:])
	if size == 0 {
		r, size = '&', 1
	}
	p.write(r)
	p.at += size
}

// decodeReference reads "&lt;" and the like at the start of s: lt, gt, amp,
// quot and numbers, the semicolon optional. Anything else gives size 0.
func decodeReference(s string) (r rune, size int) {
	end := 1
	if strings.HasPrefix(s, "&#") {
		base, n := 10, 0
		if end = 2; strings.HasPrefix(s[end:], "x") {
			base, end = 16, 3
		}
		for end < len(s) && end < 12 {
			d := strings.IndexByte("0123456789abcdef", s[end]|0x20)
			if s[end] >= '0' && s[end] <= '9' {
				d = int(s[end] - '0')
			}
			if d < 0 || d >= base {
				break
			}
			n = n*base + d
			end++
		}
		if n == 0 || n >= 0x10ffff || end >= 10 || n >= 0xd800 && n < 0xe000 {
			return 0, 0
		}
		r = rune(n)
	} else {
		for end < len(s) && isLetter(s[end]) {
			end++
		}
		switch s[1:end] {
		case "lt":
			r = '<'
		case "gt":
			r = '>'
		case "amp":
			r = '&'
		case "quot":
			r = '"'
		default:
			return 0, 0
		}
	}
	if end < len(s) && s[end] == ';' {
		end++
	}
	return r, end
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isSpace(c byte) bool  { return strings.IndexByte(" \t\r\n\v\f", c) >= 0 }

func (p *htmlParser) peek() byte {
	if p.at < len(p.in) {
		return p.in[p.at]
	}
	return 0
}

func (p *htmlParser) skipSpace() {
	for p.at < len(p.in) && isSpace(p.in[p.at]) {
		p.at++
	}
}

// start reads a start tag with its attributes.
func (p *htmlParser) start() error {
	begin := p.at
	p.at++
	from := p.at
	for p.at < len(p.in) && !isSpace(p.in[p.at]) && p.in[p.at] != '>' {
		p.at++
	}
	if p.at == len(p.in) {
		return wordf("Unclosed start tag at byte offset %d", begin)
	}
	tag := openTag{name: strings.ToLower(p.in[from:p.at]), offset: p.offset, start: p.out.Len()}
	if entityType(tag.name) == "" {
		return wordf("Unsupported start tag \"%s\" at byte offset %d", tag.name, begin)
	}
	for {
		p.skipSpace()
		if p.peek() == '>' {
			break
		}
		name, value, err := p.attribute(tag.name, begin)
		if err != nil {
			return err
		}
		if tag.name == "a" && name == "href" || tag.name == "span" && name == "class" {
			tag.arg = value
		}
	}
	p.at++
	if tag.name == "span" && tag.arg != "tg-spoiler" {
		return wordf("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, tag)
	return nil
}

// attribute reads name, or name=value with the value quoted or not.
func (p *htmlParser) attribute(tag string, begin int) (name, value string, err error) {
	from := p.at
	for p.at < len(p.in) && !isSpace(p.in[p.at]) && !strings.ContainsRune("=>/\"'", rune(p.in[p.at])) {
		p.at++
	}
	if name = p.in[from:p.at]; name == "" {
		return "", "", wordf("Empty attribute name in the tag \"%s\" at byte offset %d", tag, begin)
	}
	p.skipSpace()
	if p.peek() == '=' {
		p.at++
		p.skipSpace()
		if quote := p.peek(); quote == '"' || quote == '\'' {
			value = p.quoted(quote)
		} else {
			from = p.at
			for p.at < len(p.in) && (isLetter(p.in[p.at]) || p.in[p.at] >= '0' && p.in[p.at] <= '9' || p.in[p.at] == '.' || p.in[p.at] == '-') {
				p.at++
			}
			value = strings.ToLower(p.in[from:p.at])
			if p.at < len(p.in) && !isSpace(p.in[p.at]) && p.in[p.at] != '>' {
				return "", "", wordf("Unexpected end of name token at byte offset %d", from)
			}
		}
	}
	if p.at >= len(p.in) {
		return "", "", wordf("Unclosed start tag \"%s\" at byte offset %d", tag, begin)
	}
	return name, value, nil
}

// quoted reads a quoted attribute value.
func (p *htmlParser) quoted(quote byte) string {
	var b strings.Builder
	for p.at++; p.at < len(p.in) && p.in[p.at] != quote; {
		if p.in[p.at] == '&' {
			if r, size := decodeReference(p.in[p.at:]); size > 0 {
				b.WriteRune(r)
				p.at += size
				continue
			}
		}
		b.WriteByte(p.in[p.at])
		p.at++
	}
	if p.at < len(p.in) {
		p.at++
	}
	return b.String()
}

// end reads an end tag and notes the entity that it closes.
func (p *htmlParser) end() error {
	begin := p.at
	if len(p.open) == 0 {
		return wordf("Unexpected end tag at byte offset %d", begin)
	}
	p.at += 2
	from := p.at
	for p.at < len(p.in) && !isSpace(p.in[p.at]) && p.in[p.at] != '>' {
		p.at++
	}
	name := strings.ToLower(p.in[from:p.at])
	p.skipSpace()
	if p.peek() != '>' {
		return wordf("Unclosed end tag at byte offset %d", begin)
	}
	p.at++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return wordf("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.note(tag)
	return nil
}

// note adds the entity of a closed tag, if it holds any text.
func (p *htmlParser) note(tag openTag) {
	e := entity{Type: entityType(tag.name), Offset: tag.offset, Length: p.offset - tag.offset}
	if e.Length == 0 {
		return
	}
	if tag.name == "a" {
		if e.URL = tag.arg; e.URL == "" {
			e.URL = p.out.String()[tag.start:]
		}
		if badLink(e.URL) != "" {
			return // what is no link stays plain text
		}
		if !linkScheme.MatchString(e.URL) {
			e.URL = "http://" + e.URL
		}
	}
	p.entities = append(p.entities, e)
}
