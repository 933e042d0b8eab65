package understand

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml"
)

// lexicon knows ordinary words, for the guard.
type lexicon struct {
	units, counted, labels, secrets, joints, says, uses, particles, extensions, things map[string]bool

	talk    map[string]bool // words that people talk with
	telling map[string]bool // those of them that tell something of a PIN
}

// readLexicon reads the lists, and takes the words of the examples that are
// about the bot's business for words of talk as well.
func readLexicon(data []byte, s *speller, examples []Example) (*lexicon, error) {
	var file struct {
		Units, Counted, Labels, Secrets, Joints, Says, Uses, Particles, Extensions, Things string

		Talk []string
	}
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read ordinary words: %w", err)
	}
	l := &lexicon{
		units: set(file.Units), counted: set(file.Counted), labels: set(file.Labels), secrets: set(file.Secrets), joints: set(file.Joints), says: set(file.Says),
		uses: set(file.Uses), particles: set(file.Particles), extensions: set(file.Extensions), things: set(file.Things), talk: set(strings.Join(file.Talk, " ")),
	}
	l.telling = maps.Clone(l.talk)
	said, ofPIN := make(map[string]int), make(map[string]int)
	for _, e := range examples {
		kind, _, _ := strings.Cut(string(e.Class), ":")
		if e.Class.Meaning() == Unknown || kind == "browser" {
			continue // words of anything, and pictures of foxes
		}
		words := split(e.Text)
		aboutPIN := slices.ContainsFunc(words, func(w string) bool { return l.secrets[w] })
		for _, w := range words {
			if said[w]++; said[w] >= oftenSaid {
				l.talk[w] = true
			}
			if !aboutPIN {
				continue
			}
			if ofPIN[w]++; ofPIN[w] >= oftenOfPIN {
				l.telling[w] = true
			}
		}
	}
	for other, word := range s.words {
		for _, w := range []string{other, word} {
			l.talk[w], l.telling[w] = true, true
		}
	}
	return l, nil
}

// In how many sentences a word must be to be one of talk, and in how many about
// a PIN to tell something of it.
const (
	oftenSaid  = 2
	oftenOfPIN = 3
)

func set(words string) map[string]bool {
	out := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// talks tells whether a word of letters is one that people talk with.
func (l *lexicon) talks(s *speller, word string) bool {
	word = strings.TrimSuffix(strings.ToLower(word), "-nya")
	return l.talk[word] || l.measures(word) || l.has(l.talk, s, word)
}

// measures tells whether a word is one that goes with numbers.
func (l *lexicon) measures(word string) bool {
	return l.counted[word] && len(word) > 2 || l.units[word] && len(word) > 1
}

// has tells whether a word is among some, also when letters are held down.
func (l *lexicon) has(some map[string]bool, s *speller, word string) bool {
	w := squeeze([]rune(word))
	once := string(slices.Compact([]rune(word)))
	return some[w] || some[s.one(w)] || once != word && (some[once] || some[s.one(once)])
}

// tells tells whether a word tells something of a PIN: that it was forgotten,
// or refused. What does not can be a part of one.
func (g *guard) tells(t token) bool {
	return g.telling[t.lower] || g.measures(t.lower) || g.has(g.telling, g.spell, t.lower)
}

// The forms of what looks like a PIN and is none.
var (
	numberUnit   = regexp.MustCompile(`^(?:[\p{L}]{2,5})?\d+(?:[.,x]\d+)*[-]?([\p{L}]+)$`)
	wordNumber   = regexp.MustCompile(`^(?:e-)?([\p{L}]+)[.:-]?\d+(?:[.,:]\d+)*[\p{L}]?$`)
	handle       = regexp.MustCompile(`^@[a-z][a-z\d_.]{2,}$`)
	twice        = regexp.MustCompile(`^[\p{L}-]{2,}2(?:an|nya|in|kan|lah|ku)?$`)
	letterNumber = regexp.MustCompile(`^[\p{L}\d.()]*[\p{L}\d]+(?:[-/.][\p{L}\d.()]+)+$`)
	acronym      = regexp.MustCompile(`^[A-Z]{1,5}-?\d{1,6}[A-Z]?$|^\d{1,5}-?[A-Z]\d?$|^[A-Z]+\d[A-Z]+$`)
	constant     = regexp.MustCompile(`^(?:[A-Z]+::)?[A-Z]+(?:_[A-Z]+[A-Z\d]*)+$`)
	hexadecimal  = regexp.MustCompile(`^(?i:0x[\da-f]+|[\da-f]{2}(?::[\da-f]{2})+)$`)
	version      = regexp.MustCompile(`(?i)^v?\d+(?:\.\d+)+[a-z]?\d*$`)
	roman        = regexp.MustCompile(`^(?i:gol(?:ongan)?\.?)?(?i:i{1,3}|iv)[/.-]?[a-eA-E]\d?$`)
	percent      = regexp.MustCompile(`^[\p{L}]*\d+(?:[.,]\d+)?%$`)
	money        = regexp.MustCompile(`^(?i:rp|idr|usd|us)?[.$]?\d[\d.,]*(?:,-|-)?$`)
	filename     = regexp.MustCompile(`\.([A-Za-z\d]{2,4})$`)
	address      = regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$`)
	labelled     = regexp.MustCompile(`^([\p{L}.]+)[#_&+-]\d+$`)
)

// ordinary tells whether a token with digits or signs in it is something that
// people write every day: a date, a version, a room, a letter's number, a word
// said twice. One with signs that passwords have is not asked.
func (l *lexicon) ordinary(s *speller, token string) bool {
	if m := filename.FindStringSubmatch(token); m != nil && l.extensions[strings.ToLower(m[1])] {
		return true
	}
	for _, form := range []*regexp.Regexp{acronym, constant, hexadecimal, version, roman, percent, money, address} {
		if form.MatchString(token) {
			return true
		}
	}
	if m := numberUnit.FindStringSubmatch(token); m != nil && l.units[strings.ToLower(m[1])] {
		return true
	}
	if m := wordNumber.FindStringSubmatch(token); m != nil && l.numbered(s, m[1], token) {
		return true
	}
	if m := labelled.FindStringSubmatch(token); m != nil && l.numbered(s, m[1], token) {
		return true
	}
	return strings.Contains(token, "/") || letterNumber.MatchString(token) && !strings.ContainsFunc(token, inWord(token))
}

// numbered tells whether a word is one that goes with a number.
func (l *lexicon) numbered(s *speller, word, token string) bool {
	digits := strings.IndexFunc(token, unicode.IsDigit)
	lower := strings.ToLower(strings.Trim(word, "."))
	return l.counted[lower] || len(token)-digits <= 2 && word == lower && !l.things[lower] && l.talks(s, lower)
}

// inWord finds small letters that stand beside others with capitals: a
// letter's number has none ("ND-45/KPP.12/2025"), a passphrase with dashes has.
func inWord(token string) func(rune) bool {
	small := 0
	for _, r := range token {
		if unicode.IsLower(r) {
			small++
		}
	}
	return func(r rune) bool { return small > 2 && unicode.IsLower(r) }
}
