package directory

import (
	_ "embed" // words.yaml
	"fmt"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
)

//go:embed words.yaml
var wordsFile []byte

// words are the words that personnel offices write, as words.yaml lists them.
type words struct {
	Columns  map[string][][]string
	Active   []string
	Inactive []string
	Totals   []string
	Private  []string
}

func loadWords() (*words, error) {
	w := new(words)
	if err := yaml.UnmarshalWithOptions(wordsFile, w, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the words of employee files: %w", err)
	}
	return w, nil
}

// plainWords gives a text without capitals, line ends and punctuation, its
// words a blank apart.
func plainWords(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// saysOneOf tells whether a text, as plainWords gives it, is one of the
// patterns, of which those that end in * stand for all that begin so.
func saysOneOf(text string, patterns []string) bool {
	for _, p := range patterns {
		if start, open := strings.CutSuffix(p, "*"); text == p || open && strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}
