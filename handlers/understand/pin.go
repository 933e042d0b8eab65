package understand

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Secret is the guard's judgement on a message.
type Secret string

// The judgements.
const (
	SecretNone  Secret = ""
	SecretMaybe Secret = "maybe" // cannot be told: the person is asked
	SecretPIN   Secret = "pin"   // a PIN or password is given away
)

// guard judges whether a message gives a PIN or a password away.
type guard struct {
	*lexicon
	spell *speller
}

// newGuard reads what ordinary words are.
func newGuard(s *speller, examples []Example, layers []fs.FS) (*guard, error) {
	data, err := readLast(ordinaryFile, layers)
	if err != nil {
		return nil, err
	}
	words, err := readLexicon(data, s, examples)
	if err != nil {
		return nil, err
	}
	return &guard{lexicon: words, spell: s}, nil
}

// pinPlace tells where people have a PIN in mind, and type it by mistake.
func pinPlace(p Place) bool {
	return slices.Contains([]Place{StepPIN, StepLogin, StepDone, WorkedQuestion}, p)
}

// walkPlace tells whether somebody is on the way through the reset.
func walkPlace(p Place) bool { return strings.HasPrefix(string(p), "step:") || p == WorkedQuestion }

// guarded is the place that the guard takes a message to be typed at. Days
// after a reset people still have their new PIN in mind.
func (in Input) guarded() Place {
	if in.Wary && !walkPlace(in.Place) {
		return StepMail
	}
	return in.Place
}

// judge tells whether a message gives a secret away. Awaited says that it
// holds the number which the bot has asked for.
func (g *guard) judge(place Place, text string, awaited bool) Secret {
	tokens := g.tokens(text)
	said := slices.ContainsFunc(tokens, func(t token) bool { return g.secrets[t.lower] })
	verdict := SecretNone
	for i, t := range tokens {
		verdict = stronger(verdict, g.alone(place, tokens, i, said, awaited))
		if g.secrets[t.lower] || strings.Contains(t.lower, "-nya") && g.secrets[strings.TrimSuffix(t.lower, "-nya")] {
			verdict = stronger(verdict, g.introduced(tokens[i+1:], t, awaited))
		}
	}
	if !awaited && pinPlace(place) {
		verdict = stronger(verdict, g.phrase(text, tokens))
	}
	return verdict
}

func stronger(a, b Secret) Secret {
	if a == SecretPIN || b == SecretNone {
		return a
	}
	return b
}

// alone judges a token by itself and by what stands before it.
func (g *guard) alone(place Place, tokens []token, i int, said, awaited bool) Secret {
	t := tokens[i]
	n := utf8.RuneCountInString(t.text)
	used := i > 0 && g.uses[tokens[i-1].lower]
	switch t.kind {
	case kindStrong:
		return SecretPIN
	case kindMixed:
		switch {
		case n < 6 && len(tokens) > 1, awaited:
			return SecretNone
		case said, pinPlace(place), used && walkPlace(place), walkPlace(place) && len(tokens) == 1:
			return SecretPIN
		case used, len(tokens) == 1 && n >= 6 && countDigits(t.text) >= 2:
			return SecretMaybe
		}
	case kindNumber:
		d := countDigits(t.text)
		if awaited || d != n || d < 6 || d > 14 || phoneShape.MatchString(t.text) {
			return SecretNone
		}
		if pinPlace(place) && (said || used || len(tokens) <= 2 || d == 8) {
			return SecretPIN
		}
		if walkPlace(place) && (used || len(tokens) == 1 && d != 6) {
			return SecretPIN
		}
	case kindPlain:
		if walkPlace(place) && len(tokens) == 1 && n >= 9 && !g.talks(g.spell, t.text) && !strings.Contains(t.text, "_") {
			return SecretMaybe
		}
		if pinPlace(place) && strings.Count(t.text, "-") >= 2 && !g.talks(g.spell, t.text) {
			return SecretMaybe
		}
	}
	return SecretNone
}

var phoneShape = regexp.MustCompile(`^(?:\+?62|0)8\d{7,12}$`)

func countDigits(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// introduced judges what stands behind a word like PIN.
func (g *guard) introduced(rest []token, intro token, awaited bool) Secret {
	said := intro.colon
	if intro.ends {
		return SecretNone
	}
	mine := strings.HasSuffix(intro.lower, "nya") || strings.HasSuffix(intro.lower, "ku")
	for len(rest) > 0 && g.joints[rest[0].lower] {
		said = said || rest[0].colon || slices.Contains([]string{"adalah", "is", "jadi", "itu"}, rest[0].lower)
		mine = true
		if rest[0].ends {
			return SecretNone
		}
		rest = rest[1:]
	}
	phrase := g.phraseOf(rest)
	if len(phrase) == 0 || !said && !mine && len(phrase) == 1 && phrase[0].kind == kindPlain {
		return SecretNone
	}
	next := token{}
	if len(rest) > len(phrase) {
		next = rest[len(phrase)]
	}
	return g.phraseSecret(phrase, next, said, mine, awaited)
}

// phraseOf takes the words up to the first that people talk with.
func (g *guard) phraseOf(rest []token) []token {
	for i, t := range rest {
		if i > 0 && rest[i-1].ends || i == 7 {
			return rest[:i]
		}
		if t.kind == kindPlain && g.talks(g.spell, t.text) && !named(t.text) && (i == 0 && !g.mostlyForeign(rest[1:]) || i > 0 && !g.unknownAhead(rest[i+1:])) {
			return rest[:i]
		}
	}
	return rest
}

// mostlyForeign tells whether two of the next three words are of no talk.
func (g *guard) mostlyForeign(rest []token) bool {
	n := 0
	for _, t := range rest[:min(3, len(rest))] {
		if t.kind == kindPlain && !g.talks(g.spell, t.text) {
			n++
		}
	}
	return n >= 2
}

// unknownAhead tells whether within two words there is one of no talk, or a
// number: "kopi toraja pagi 9" goes on behind "pagi".
func (g *guard) unknownAhead(rest []token) bool {
	for i, t := range rest {
		if i == 2 {
			return false
		}
		if t.kind == kindNumber && !g.counts(rest, i) || t.kind == kindMixed || t.kind == kindPlain && !g.talks(g.spell, t.text) {
			return true
		}
	}
	return false
}

// counts tells whether a number counts what follows: "3 kali".
func (g *guard) counts(tokens []token, i int) bool {
	return i+1 < len(tokens) && g.unit(tokens[i+1])
}

// unit tells whether a token is what is counted; short particles are only
// behind a number without a space.
func (g *guard) unit(t token) bool {
	return g.units[t.lower] && !slices.Contains([]string{"ya", "an", "lah", "nya", "ke"}, t.lower)
}

// named tells whether a word begins with a capital, as names do.
func named(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	rest := word[size:]
	return len(rest) >= 2 && unicode.IsUpper(first) && rest == strings.ToLower(rest)
}

// phraseSecret judges the words behind "pin saya".
func (g *guard) phraseSecret(phrase []token, next token, said, mine, awaited bool) Secret {
	var foreign, names, numbers int
	for i, t := range phrase {
		switch t.kind {
		case kindStrong, kindMixed:
			if utf8.RuneCountInString(t.text) >= 4 {
				return SecretPIN
			}
			numbers++
		case kindNumber:
			counted := g.counts(phrase, i) || i == len(phrase)-1 && g.unit(next)
			if d := countDigits(t.text); !awaited && !counted && (d >= 4 && len(phrase) == 1 && d < 18 || d < 18 && len(phrase) > 1) {
				numbers++
				if d >= 4 && len(phrase) == 1 && (mine || said) && d == utf8.RuneCountInString(t.text) {
					return SecretPIN
				}
			}
		case kindPlain:
			if !g.talks(g.spell, t.text) {
				foreign++
			} else if named(t.text) {
				names++
			}
		}
	}
	switch {
	case numbers > 0 && names > 0 && (mine || said):
		return SecretPIN
	case foreign == 0:
		return SecretNone
	case numbers > 0 && (mine || said), said && foreign > 1 && foreign == len(phrase):
		return SecretPIN
	case said && foreign > 1, (said || mine) && foreign == len(phrase) && foreign > 1, (said || mine) && len(phrase) == 1 && utf8.RuneCountInString(phrase[0].text) >= 8:
		return SecretMaybe
	}
	return SecretNone
}

// phrase judges a whole message where people have a PIN in mind: some words
// and a number, or one spelled out.
func (g *guard) phrase(text string, tokens []token) Secret {
	if spelled.MatchString(text) {
		return SecretPIN
	}
	if i := slices.IndexFunc(tokens, func(t token) bool { return t.colon }); i >= 0 {
		tokens = tokens[i+1:]
	}
	if len(tokens) < 2 || len(tokens) > 7 {
		return SecretNone
	}
	var foreign, numbers, words int
	for i, t := range tokens {
		switch t.kind {
		case kindNumber:
			if d := countDigits(t.text); d <= 5 && !g.counts(tokens, i) && d == utf8.RuneCountInString(t.text) {
				numbers++
			}
		case kindPlain:
			words++
			if !g.talks(g.spell, t.text) {
				foreign++
			}
		}
	}
	switch {
	case numbers == 1 && foreign >= 2 && foreign*2 >= words:
		return SecretPIN
	case numbers == 1 && foreign >= 1 && foreign*2 >= words, numbers == 0 && words == len(tokens) && words >= 3 && foreign == words:
		return SecretMaybe
	}
	return SecretNone
}

// spelled is a PIN told letter by letter.
var spelled = regexp.MustCompile(`(?i)\bhuruf \p{L}\b.*\b(?:besar|kecil)\b.*\d.*|(?i)\b(?:besar|kapital) (?:semua )?(?:terus|trs|lalu)\b.*\d.*\b(?:pagar|bintang|seru|tanda)\b`)
