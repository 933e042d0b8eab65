package guides

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// Bounds of what a tired person reads on a small phone, tighter than what a
// guide of others may do.
const (
	readableBody     = 520 // characters of a page, as it is shown
	readableWords    = 85  // words of a page
	readableSentence = 9.0 // words of a sentence, on average over a page
)

var (
	markup   = regexp.MustCompile("[*_`>]|(?m)^(?:- |[0-9]\\. )")
	breaks   = regexp.MustCompile(`[.!?:](?:\s|$)|\n+`)
	spans    = regexp.MustCompile("`[^`]*`|\\S*[.@]\\S+") // codes and addresses, which nobody reads aloud
	longWord = regexp.MustCompile(`[\p{L}-]{17,}`)
)

// Every page, in every situation, in both languages.
func TestEveryPageIsShort(t *testing.T) {
	l := builtinLibrary(t)
	for name, g := range l.guides {
		for _, lang := range languages() {
			for _, at := range g.Positions() {
				for s := range g.Situations(at, lang) {
					v, err := g.View(at, s)
					if err != nil {
						t.Fatal(err)
					}
					checkReadable(t, name+" "+at+" "+lang+" "+s.describe(), v.Body)
				}
			}
		}
	}
}

func checkReadable(t *testing.T, where, body string) {
	t.Helper()
	text := markup.ReplaceAllString(body, "")
	if n := utf8.RuneCountInString(text); n > readableBody {
		t.Errorf("%s: %d characters, at most %d", where, n, readableBody)
	}
	words := len(strings.Fields(text))
	if words > readableWords {
		t.Errorf("%s: %d words, at most %d", where, words, readableWords)
	}
	sentences := 0
	for _, s := range breaks.Split(text, -1) {
		if strings.TrimSpace(s) != "" {
			sentences++
		}
	}
	if sentences > 0 && float64(words)/float64(sentences) > readableSentence {
		t.Errorf("%s: %.1f words a sentence, at most %.1f on average", where, float64(words)/float64(sentences), readableSentence)
	}
	if long := longWord.FindString(spans.ReplaceAllString(body, "")); long != "" {
		t.Errorf("%s: the word %q is too long for a small phone", where, long)
	}
}

// The walks are short, and the reset's has the steps that running walks
// remember.
func TestWalksAreShort(t *testing.T) {
	l := builtinLibrary(t)
	reset, _ := l.Guide("reset")
	if got := strings.Join(reset.Steps(), " "); got != "notice mailbox mail link address warning pin login done" {
		t.Errorf("the steps are %s", got)
	}
	for _, name := range l.Names() {
		if g, _ := l.Guide(name); name != "reset" && len(g.Steps()) > 4 {
			t.Errorf("%s has %d steps", name, len(g.Steps()))
		}
	}
	if got := strings.Join(l.Names(), " "); got != "reset about renew activate nocert phone phishing" {
		t.Errorf("listed are %s", got)
	}
}
