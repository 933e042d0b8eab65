package understand

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"
)

// speller turns words as people write them into one spelling each.
type speller struct {
	words    map[string]string // one word, or some with spaces between, in place of another spelling
	pairs    map[string]string // the same for spellings of two words and more, joined by spaces
	longest  int               // words of the longest such spelling
	suffixes []string
	fillers  map[string]bool // words that say nothing
	greeting map[string]bool // words of greetings, and those that come with them
}

// readSpelling reads the table of spellings.
func readSpelling(data []byte) (*speller, error) {
	var file struct {
		Words    map[string]string
		Suffixes string
		Fillers  string
		Greeting string `yaml:"greetings"`
	}
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read spellings: %w", err)
	}
	s := &speller{words: make(map[string]string), pairs: make(map[string]string), suffixes: strings.Fields(file.Suffixes),
		fillers: set(file.Fillers), greeting: set(strings.ReplaceAll(file.Greeting, "+", " "))}
	for word, others := range file.Words {
		word = strings.ReplaceAll(word, "+", " ")
		if n := strings.Count(word, " ") + 1; n > 1 { // written out, it is what its short forms are
			s.pairs[word] = word
			s.longest = max(s.longest, n)
		}
		for other := range strings.FieldsSeq(others) {
			other = strings.Trim(strings.ReplaceAll(strings.ReplaceAll(other, "'", ""), "+", " "), " ")
			n := strings.Count(other, " ") + 1
			into := s.pairs
			if n == 1 {
				into = s.words
			}
			if before, ok := into[other]; ok && before != word {
				return nil, fmt.Errorf("read spellings: %q stands for both %q and %q", other, before, word)
			}
			into[other] = word
			s.longest = max(s.longest, n)
		}
	}
	return s, nil
}

// Clean takes out what cannot be seen and gives every character its usual
// form: full-width digits, direction marks, zero-width characters.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, norm.NFKC.String(text))
}

// split gives the words of a text in lower case as they were written, with "#"
// for numbers and a word for the signs that say something.
func split(text string) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			out = append(out, squeeze(word))
			word = word[:0]
		}
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.IsLetter(r):
			if len(word) > 0 && word[0] == '#' {
				flush()
			}
			word = append(word, r)
		case unicode.IsDigit(r):
			if len(word) > 0 && word[0] != '#' {
				flush()
			}
			if len(word) == 0 {
				word = append(word, '#')
			}
		case r == '\'' || r == '’':
		default:
			flush()
			if sign := signWord(r); sign != "" && (len(out) == 0 || out[len(out)-1] != sign) {
				out = append(out, sign)
			}
		}
	}
	flush()
	return out
}

// signWord is the word that a sign stands for, or "".
func signWord(r rune) string {
	switch r {
	case '?':
		return "?"
	case '👍', '👌', '✅', '🆗':
		return "👍"
	case '👎', '❌', '🙅':
		return "👎"
	case '🙏':
		return "🙏"
	case '🎉', '🥳':
		return "🎉"
	case '👋':
		return "👋"
	}
	return ""
}

// squeeze shortens letters that are held down: "haloooo".
func squeeze(word []rune) string {
	out := word[:0:0]
	for i, r := range word {
		if i >= 2 && r == word[i-1] && r == word[i-2] {
			continue
		}
		out = append(out, r)
	}
	if n := len(out); n > 2 && out[n-1] == out[n-2] && len(word) > n {
		out = out[:n-1]
	}
	return string(out)
}

// essence leaves out a greeting at the beginning and the words that say
// nothing, as long as others remain.
func (s *speller) essence(words []string) []string {
	start := 0
	for start < len(words) && (s.greeting[words[start]] || s.fillers[words[start]]) {
		start++
	}
	if len(words)-start >= 3 {
		words = words[start:]
	}
	out := make([]string, 0, len(words))
	for _, w := range words {
		if !s.fillers[w] {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return words
	}
	return out
}

// spell gives the words in their one spelling.
func (s *speller) spell(words []string) []string {
	out := make([]string, 0, len(words))
	for i := 0; i < len(words); {
		word, n := s.longestPair(words[i:])
		if n == 0 {
			word, n = s.one(words[i]), 1
		}
		if word != "#" || len(out) == 0 || out[len(out)-1] != "#" {
			out = append(out, strings.Fields(word)...)
		}
		i += n
	}
	return out
}

// longestPair is what the longest known spelling at the start stands for, and
// its number of words; 0 when there is none.
func (s *speller) longestPair(words []string) (string, int) {
	for n := min(s.longest, len(words)); n > 1; n-- {
		if word, ok := s.pairs[strings.Join(words[:n], " ")]; ok {
			return word, n
		}
	}
	return "", 0
}

func (s *speller) one(word string) string {
	if known, ok := s.words[word]; ok {
		return known
	}
	for _, suffix := range s.suffixes {
		stem, ok := strings.CutSuffix(word, suffix)
		if !ok || len(stem) < 3 {
			continue
		}
		if known, ok := s.words[stem]; ok {
			return known
		}
		return stem
	}
	return word
}
