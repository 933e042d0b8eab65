package understand

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
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

// How likely a message must be to give a secret away to be taken, and to be
// asked after. Measured on what people wrote who had not seen the program.
const (
	certain = 0.5
	perhaps = 0.35
)

// guard judges whether a message gives a PIN or a password away: by what was
// learnt from messages that do and messages that do not.
type guard struct {
	*lexicon
	spell      *speller
	digitWords map[string]string
	learnt     suspicion
}

// newGuard reads what ordinary words are. It has learnt nothing yet.
func newGuard(s *speller, examples []Example, layers []fs.FS) (*guard, error) {
	data, err := readLast(ordinaryFile, layers)
	if err != nil {
		return nil, err
	}
	words, err := readLexicon(data, s, examples)
	if err != nil {
		return nil, err
	}
	return &guard{lexicon: words, spell: s, digitWords: spokenDigits()}, nil
}

// walkPlace tells whether somebody is on the way through the reset.
func walkPlace(p Place) bool { return strings.HasPrefix(string(p), "step:") || p == WorkedQuestion }

// guarded is the place that the guard takes a message to be typed at. Days
// after a reset people still have their new PIN in mind; but asked which browser
// they use, they tell of foxes and of colours.
func (in Input) guarded() Place {
	if in.Wary && !walkPlace(in.Place) && in.Place != AskBrowser {
		return StepMail
	}
	return in.Place
}

// judge tells whether a message gives a secret away. Awaited are the digits
// that the bot has asked for: those are none.
func (g *guard) judge(place Place, text, awaited string) Secret {
	if codeAlone.MatchString(text) && !pinPlace(place) {
		return SecretNone
	}
	e := g.evidence(place, text, awaited)
	switch p := g.learnt.of(e); {
	case e.strong, p >= certain:
		return SecretPIN
	case p >= perhaps, walkPlace(place) && g.madeUp(text):
		return SecretMaybe
	}
	return SecretNone
}

// codeAlone is a message of nothing but a number as long as a code: a code that
// comes late, or to where none is awaited.
var codeAlone = regexp.MustCompile(`^\s*\d{4,6}\s*$`)

// pinPlace tells where people have a PIN in mind, and type it by mistake.
func pinPlace(p Place) bool {
	return slices.Contains([]Place{StepPIN, StepLogin, StepDone, WorkedQuestion}, p)
}

// madeUp tells whether a message is one long word that nobody talks with.
func (g *guard) madeUp(text string) bool {
	tokens := g.tokens(text)
	return len(tokens) == 1 && tokens[0].kind == kindPlain && utf8.RuneCountInString(tokens[0].text) >= 9 &&
		!strings.Contains(tokens[0].text, "_") && !g.talks(g.spell, tokens[0].text)
}

// isSecret tells whether a word names a PIN or a password, also with what the
// regions put behind it.
func (g *guard) isSecret(t token) bool {
	return g.secrets[t.lower] || strings.Contains(t.lower, "-") && g.secrets[strings.ReplaceAll(t.lower, "-", "")]
}
