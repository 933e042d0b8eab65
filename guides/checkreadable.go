package guides

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	markup   = regexp.MustCompile("[*_`>]|(?m)^(?:- |[0-9]\\. )")
	breaks   = regexp.MustCompile(`[.!?:](?:\s|$)|\n+`)
	spans    = regexp.MustCompile("`[^`]*`|\\S*[.@]\\S+") // codes and addresses, which nobody reads aloud
	wordForm = regexp.MustCompile(`[\p{L}-]+`)
)

// readable bounds what a tired person reads on a small phone: a page's text in
// a situation, as it is shown. Each bound is told in the first situation that
// breaks it.
func (c *pageCheck) readable(shown, at string) {
	if c.hard == nil {
		c.hard = make(map[string]bool)
	}
	once := func(bound, format string, args ...any) {
		if !c.hard[bound] {
			c.hard[bound] = true
			c.bad(c.page.bodyLine, format, args...)
		}
	}
	text := markup.ReplaceAllString(shown, "")
	if n := utf8.RuneCountInString(text); n > maxBody {
		once("body", "%sthe text has %d characters, at most %d fit on a small phone", at, n, maxBody)
	}
	words := len(strings.Fields(text))
	if words > maxWords {
		once("words", "%sthe text has %d words, at most %d are read", at, words, maxWords)
	}
	sentences := 0
	for _, s := range breaks.Split(text, -1) {
		if strings.TrimSpace(s) != "" {
			sentences++
		}
	}
	if sentences > 0 && float64(words)/float64(sentences) > maxMean {
		once("mean", "%ssentences have %.1f words on average, at most %.0f are read at ease: make two of the longest", at, float64(words)/float64(sentences), maxMean)
	}
	for _, word := range wordForm.FindAllString(spans.ReplaceAllString(shown, ""), -1) {
		if utf8.RuneCountInString(word) > maxWord {
			once(word, "the word %q is too long for a small phone: at most %d letters", word, maxWord)
		}
	}
}
