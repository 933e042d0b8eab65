package handlers

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
)

// intentThanks is the one intent that is no command.
const intentThanks = "thanks"

// intents knows the plain words that people use for what the bot can do.
type intents struct {
	rules []intentRule
	words map[string]bool // ordinary words that are no PIN
}

// intentRule leads to a command, or to a guide, when the text has a word of
// every group.
type intentRule struct {
	Command string
	Guide   string // with the command panduan: the guide that answers
	All     [][]string
}

// loadIntents reads texts/words.yaml.
func loadIntents() (*intents, error) {
	data, err := builtinTexts.ReadFile("texts/words.yaml")
	if err != nil {
		return nil, fmt.Errorf("read plain words: %w", err)
	}
	var file struct {
		Intents []struct {
			Command string
			Guide   string
			All     []string
		}
		Ordinary []string
	}
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read plain words: %w", err)
	}
	in := &intents{words: make(map[string]bool)}
	for _, f := range file.Intents {
		rule := intentRule{Command: f.Command, Guide: f.Guide}
		for _, group := range f.All {
			words := strings.Fields(group)
			rule.All = append(rule.All, words)
			in.know(words)
		}
		in.rules = append(in.rules, rule)
	}
	for _, line := range file.Ordinary {
		in.know(strings.Fields(line))
	}
	return in, nil
}

func (in *intents) know(words []string) {
	for _, w := range words {
		for part := range strings.SplitSeq(w, "+") {
			in.words[part] = true
		}
	}
}

// find gives the command that plain words lead to, or "".
func (in *intents) find(text string) string { return in.match(text).Command }

// match gives the first rule that fits, or one without a command.
func (in *intents) match(text string) intentRule {
	if len(text) > 300 {
		return intentRule{} // a story, not a wish
	}
	words := plainWords(text)
	joined := " " + strings.Join(words, " ") + " "
	for _, rule := range in.rules {
		if fits(rule, joined) {
			return rule
		}
	}
	return intentRule{}
}

// fits tells whether the text has a word of every group; "tanda+tangan" is
// the two words one after the other.
func fits(rule intentRule, joined string) bool {
	for _, group := range rule.All {
		if !slices.ContainsFunc(group, func(w string) bool {
			return strings.Contains(joined, " "+strings.ReplaceAll(w, "+", " ")+" ")
		}) {
			return false
		}
	}
	return true
}

// ordinary tells whether a word stands in the lists of known words.
func (in *intents) ordinary(word string) bool {
	for _, w := range plainWords(word) {
		if !in.words[w] {
			return false
		}
	}
	return true
}

// plainWords gives the words of a text in lower case, letters and digits only.
func plainWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
