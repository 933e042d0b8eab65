package guides

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	// address finds hosts and links, of which only the genuine ones may be
	// named, and those by their placeholder. Countries' ends are looked for in
	// small letters alone: S.Si is no host.
	address = regexp.MustCompile(`(?i:\bhttps?://\S*|\bwww\.\S*|\b(?:[a-z0-9-]+\.)+(?:id|com|net|org|gov|info|biz|xyz|site|online|app|link|web|top|shop|store|cloud|dev|page|live|click|vip|club)\b)|` +
		`\b(?:[a-z0-9-]+\.)+[a-z]{2}\b|\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b`)
	sentence = regexp.MustCompile(`[.!?:](?:\s|$)|\n`)
)

// words looks at every line that people read.
func (c *pageCheck) words() {
	p := c.page
	f := p.front
	for _, words := range slices.Concat([]string{f.Title, f.Next, f.Alt}, f.shown()) {
		c.line(p.lineOf(words), words, false)
	}
	for _, b := range p.blocks {
		for i, line := range strings.Split(b.text, "\n") {
			c.line(p.bodyLine+b.line+i, line, true)
		}
	}
}

// shown lists the words of variants and buttons.
func (f front) shown() []string {
	var out []string
	for _, v := range f.Variants {
		out = append(out, v.Title, v.Next, v.Alt)
	}
	for _, b := range f.Buttons {
		out = append(out, b.Label)
	}
	return out
}

// line looks at one line. Placeholders are filled in texts alone.
func (c *pageCheck) line(number int, line string, filled bool) {
	if strings.ContainsAny(line, "./") {
		for _, host := range address.FindAllString(line, -1) {
			c.bad(number, "names the address %s: write {site}, {sender} or {email} instead, so that it is always the genuine one", host)
		}
	}
	for _, ph := range placeholder.FindAllString(line, -1) {
		if _, ok := Examples()[ph[1:len(ph)-1]]; !ok {
			c.bad(number, "%s is not known; known are {%s}", ph, strings.Join(slices.Sorted(maps.Keys(Examples())), "}, {"))
		} else if !filled {
			c.bad(number, "%s is not filled in here: only in the text", ph)
		}
	}
	for _, s := range sentence.Split(line, -1) {
		if n := len(strings.Fields(s)); n > maxSentence {
			c.bad(number, "a sentence of %d words; at most %d can be read at a glance", n, maxSentence)
		}
	}
	plain := plainly(placeholder.ReplaceAllString(line, ""))
	for word, instead := range c.library.glossary[c.page.language] {
		if strings.Contains(plain, " "+word+" ") {
			c.bad(number, "says %q; say: %s", word, instead)
		}
	}
}

// plainly gives the words of a text in small letters, each between spaces.
func plainly(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	})
	return " " + strings.Join(words, " ") + " "
}
