package mattermost

import (
	"strings"
	"unicode/utf8"
)

// splitMarkdown cuts a text into parts of at most limit characters, at the
// end of a paragraph, line or word where there is one in the later half. An
// empty text has no parts.
func splitMarkdown(s string, limit int) []string {
	var out []string
	for utf8.RuneCountInString(s) > limit {
		head := s[:byteOf(s, limit)]
		at := len(head)
		for _, between := range []string{"\n\n", "\n", " "} {
			if i := strings.LastIndex(head, between); i > len(head)/2 {
				at = i
				break
			}
		}
		if at == len(head) {
			at -= escapedEnd(head)
		}
		out = append(out, strings.TrimRight(s[:at], " \n"))
		s = strings.TrimLeft(s[at:], " \n")
	}
	if s != "" {
		out = append(out, s)
	}
	return out
}

// byteOf gives where the n-th character begins.
func byteOf(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// escapedEnd tells how many bytes at the end are a backslash that belongs to
// what follows.
func escapedEnd(s string) int {
	n := len(s) - len(strings.TrimRight(s, `\`))
	if n < len(s) {
		return n % 2
	}
	return 0
}
