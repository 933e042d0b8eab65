package mattermost

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"resetpin/bot/markup"
)

// joiner stands invisibly between a sign and the word that it would give a
// meaning to; a backslash does not keep Mattermost from seeing a mention.
const joiner = "\u2060"

// Signs that need a backslash: anywhere, and at the beginning of a line. The
// web client takes a backslash before fewer signs than the others do
// (https://github.com/mattermost/marked): what is not among them would show.
const (
	special      = "`*_[]~|"
	specialFirst = "#+->"
)

var (
	// lineStart is a line to whose block the next sign is the first.
	lineStart = regexp.MustCompile(`^[ >]*(?:(?:-|\d+\.) +[ >]*)*(\d*)$`)
	// bareURL is an address in a text; the apps make it clickable by
	// themselves, as long as nothing is put into it.
	bareURL = regexp.MustCompile(`https?://[A-Za-z0-9./:?=&%_~#+-]*[A-Za-z0-9/]`)
	// emoji follows the colon of an emoji's name.
	emoji = regexp.MustCompile(`^[A-Za-z0-9_+-]+:`)
)

// escapeText makes data a text that is shown as it is, at the beginning of a
// line.
func escapeText(s string) string { return escapeAfter("", s) }

// escapeAfter makes data a text that is shown as it is behind what was
// written already.
func escapeAfter(before, s string) string {
	s = strings.NewReplacer("\x00", "", "\r", "").Replace(markup.Valid(s))
	e := escaper{last: lastRune(before)}
	if m := lineStart.FindStringSubmatch(before[strings.LastIndexByte(before, '\n')+1:]); m != nil {
		e.start, e.number = true, m[1] != ""
	}
	at := 0
	for _, span := range bareURL.FindAllStringIndex(s, -1) {
		e.write(s[at:span[0]], s[span[0]:])
		e.out.WriteString(s[span[0]:span[1]])
		e.last, e.start = '/', false
		at = span[1]
	}
	e.write(s[at:], "")
	return e.out.String()
}

// escaper writes text with what keeps its signs from meaning anything.
type escaper struct {
	out    strings.Builder
	last   rune // before what is written next; 0: nothing
	start  bool // nothing but a number was written in this block
	number bool
}

// write writes s, which after follows.
func (e *escaper) write(s, after string) {
	for i, r := range s {
		rest := s[i+utf8.RuneLen(r):]
		next, _ := utf8.DecodeRuneInString(rest + after)
		switch {
		case r == '\\':
			if !isWord(next) { // before a letter it is shown as it is, and a second one too
				e.out.WriteByte('\\')
			}
		case r == '_' && isWord(e.last) && isWord(next):
		case strings.ContainsRune(special, r), e.start && !e.number && strings.ContainsRune(specialFirst, r), e.start && e.number && (r == '.' || r == ')'):
			e.out.WriteByte('\\')
		case e.start && r == '=':
			e.out.WriteString(joiner)
		}
		e.out.WriteRune(r)
		if invites(e.last, r, next, rest) {
			e.out.WriteString(joiner)
		}
		e.number = e.start && unicode.IsDigit(r)
		e.start = e.number || e.start && r == ' '
		e.last = r
	}
}

// invites tells whether a sign between two others would begin a mention, a
// channel's link, a hashtag, a tag or an emoji. An address of e-mail is none.
func invites(last, r, next rune, rest string) bool {
	switch r {
	case '@', '~', '#':
		return !isWord(last) && (isWord(next) || rest == "")
	case '<':
		return isWord(next) || next == '/' || next == '!'
	case ':':
		return emoji.MatchString(rest)
	}
	return false
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_')
}

func lastRune(s string) rune {
	if s == "" {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// link writes a link whose text is Markdown already. What is no web address
// becomes its text.
func link(text, to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return text
	}
	to = strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "<", "%3C", ">", "%3E", "\\", "%5C", "\n", "", "\r", "").Replace(markup.Valid(to))
	if text == "" {
		text = escapeText(to)
	}
	return "[" + text + "](" + to + ")"
}
