package guides

import (
	"fmt"
	"strings"
)

// Fill puts values into the {placeholders} of a Markdown text. Values are
// data, never Markdown: they are escaped. Inside `code`, where nothing can be
// escaped, what would end it is exchanged, and nothing is shown as a dash. The
// error names a placeholder that has no value; it stays as it is.
func Fill(text string, value func(name string) (string, bool)) (string, error) {
	var b strings.Builder
	b.Grow(len(text) + 64)
	var missing error
	code := false
	for {
		at := strings.IndexAny(text, "{`")
		if at < 0 {
			break
		}
		b.WriteString(text[:at])
		text = text[at:]
		name := begins(text)
		if name == "" {
			code = code != (text[0] == '`')
			b.WriteByte(text[0])
			text = text[1:]
			continue
		}
		hole := text[:len(name)+2]
		text = text[len(hole):]
		v, ok := value(name)
		switch {
		case !ok:
			missing = fmt.Errorf("placeholder %s has no value", hole)
			b.WriteString(hole)
		case code:
			b.WriteString(inCode(v))
		default:
			b.WriteString(escape(v))
		}
	}
	b.WriteString(text)
	return b.String(), missing
}

// variable gives a placeholder's value.
func (s Situation) variable(name string) (string, bool) {
	v, ok := s.Vars[name]
	return v, ok
}

// begins gives the name of the placeholder that a text begins with, or
// nothing.
func begins(text string) string {
	end := strings.IndexByte(text, '}')
	if text[0] != '{' || end < 0 || strings.Trim(text[1:end], "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return text[1:end]
}

// inCode makes data safe to stand in code.
func inCode(s string) string {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, "`", "'")), " ")
	if s == "" {
		return "–"
	}
	return s
}

// escape makes data safe to stand in Markdown: it is shown as it is and cannot
// become Markdown's link, emphasis, a list or a second line.
func escape(s string) string {
	if !strings.ContainsAny(s, "\\`*_[]<>~|#&!\n\r\t") && !strings.ContainsAny(s[:min(1, len(s))], "-+=0123456789") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
			continue
		case strings.ContainsRune("\\`*_[]<>~|#&!", r), i == 0 && strings.ContainsRune("-+=", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Verbatim makes data a Markdown text that shows the lines of it as they are,
// for what one person says to another. Lines without anything part paragraphs.
func Verbatim(s string) string {
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimSpace(s)), "\n")
	for i, line := range lines {
		line = strings.TrimSpace(line)
		number := len(line) - len(strings.TrimLeft(line, "0123456789"))
		if number > 0 && number < len(line) && strings.ContainsRune(".)", rune(line[number])) { // no item of a list
			lines[i] = line[:number] + "\\" + escape(line[number:])
			continue
		}
		lines[i] = escape(line)
	}
	return strings.Join(lines, "\n")
}
