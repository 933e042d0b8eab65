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
	spell      *speller
	digitWords map[string]string
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
	return &guard{lexicon: words, spell: s, digitWords: spokenDigits()}, nil
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
// holds the number which the bot has asked for, about that it means something
// about a PIN.
func (g *guard) judge(place Place, text string, awaited, about bool) Secret {
	text = errorCode.ReplaceAllString(text, " ") // browsers show those, whatever number they hold
	tokens := g.tokens(text)
	said := slices.ContainsFunc(tokens, g.isSecret)
	awaited = awaited && !identified(tokens) // beside that number another is none
	verdict := SecretNone
	for i, t := range tokens {
		verdict = stronger(verdict, g.alone(place, tokens, i, said, awaited))
		if about && !awaited {
			verdict = stronger(verdict, glued(t))
		}
		if !awaited && (about || g.usedBefore(tokens[:i])) {
			verdict = stronger(verdict, g.become(tokens, i))
		}
		switch {
		case g.isSecret(t):
			verdict = stronger(verdict, g.introduced(tokens, i, awaited))
			if !awaited {
				verdict = stronger(verdict, g.backwards(tokens, i))
			}
		case g.say(t) && slices.ContainsFunc(tokens[:i], g.isSecret):
			verdict = stronger(verdict, g.given(tokens[i+1:], !t.ends, !t.ends, awaited))
		case t.colon && said && (g.joints[t.lower] || g.here[t.lower]): // "saya tulis di sini ya: …"
			verdict = stronger(verdict, g.given(tokens[i+1:], false, true, awaited))
		case t.colon && !awaited && slices.ContainsFunc(tokens[:i], g.isSecret) && !g.labels[t.lower] && !g.quotes[t.lower]: // "catat pin saya, takut lupa: …"
			verdict = stronger(verdict, g.given(tokens[i+1:], true, true, awaited))
		case g.sets(place, tokens, i, awaited):
			verdict = stronger(verdict, g.used(tokens[i+1:], awaited))
		case (g.use(t) || g.recalls[t.lower]) && !awaited && g.used(tokens[i+1:], awaited) == SecretPIN:
			if said {
				return SecretPIN // "pinnya … seingat saya …"
			}
			verdict = stronger(verdict, SecretMaybe) // "gara-gara saya ketik …"
		}
	}
	if awaited {
		return verdict
	}
	return stronger(verdict, g.whole(place, text, tokens, said))
}

// whole judges a message by what it is made of together.
func (g *guard) whole(place Place, text string, tokens []token, said bool) Secret {
	verdict := g.closed(place, tokens, said)
	if said || walkPlace(place) {
		verdict = stronger(verdict, dictated(text, tokens))
	}
	if said {
		verdict = stronger(verdict, g.told(place, tokens))
		if spoken(tens.ReplaceAllString(text, "")) != "" {
			return SecretPIN
		}
	}
	if pinPlace(place) {
		verdict = stronger(verdict, g.phrase(place, tokens))
	}
	return verdict
}

// isSecret tells whether a word names a PIN or a password, also with what the
// regions put behind it.
func (g *guard) isSecret(t token) bool {
	return g.secrets[t.lower] || strings.Contains(t.lower, "-") && g.secrets[strings.ReplaceAll(t.lower, "-", "")]
}

// unsuspected tells whether a text names no PIN and has no digit.
func (g *guard) unsuspected(text string) bool {
	return countDigits(text) == 0 && !slices.ContainsFunc(g.tokens(text), g.isSecret)
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
	used := g.usedBefore(tokens[:i])
	switch t.kind {
	case kindStrong:
		return SecretPIN
	case kindMixed:
		switch {
		case n < 6 && len(tokens) > 1, awaited && !nameAndNumber.MatchString(t.text):
			return SecretNone
		case awaited && !said:
			return SecretMaybe
		case said, pinPlace(place), used && (walkPlace(place) || nameAndNumber.MatchString(t.text)), walkPlace(place) && len(tokens) == 1:
			return SecretPIN
		case countDigits(t.text) >= 2 && nameAndNumber.MatchString(t.text):
			if (place == AskBrowser || g.ofOther(tokens[:i]) || g.ofYear(tokens, t)) && !g.recalled(tokens[:i]) {
				return SecretMaybe
			}
			return SecretPIN // nobody writes anything else so
		case countDigits(t.text) >= 4 && nameThenNumber.MatchString(t.text) && g.pointed(tokens[i+1:]):
			return SecretPIN
		case used, place == AskCode && nameAndNumber.MatchString(t.text), len(tokens) == 1 && n >= 6 && countDigits(t.text) >= 2:
			return SecretMaybe
		}
	case kindNumber:
		if !awaited {
			return g.numberAlone(place, tokens, i, said, used)
		}
	case kindPlain:
		if pinPlace(place) && joined.MatchString(t.text) {
			return SecretPIN
		}
		if walkPlace(place) && len(tokens) == 1 && n >= 9 && !g.talks(g.spell, t.text) && !strings.Contains(t.text, "_") {
			return SecretMaybe
		}
		if pinPlace(place) && strings.Count(t.text, "-") >= 2 && !g.talks(g.spell, t.text) {
			return SecretMaybe
		}
	}
	return SecretNone
}

// nameAndNumber is how people make a password that has to have both.
var nameAndNumber = regexp.MustCompile(`^\p{Lu}\p{Ll}{3,}\d{1,8}[!@#*.]?$`)

// joined are two names with a sign between, as on the page for the PIN.
var joined = regexp.MustCompile(`^\p{Lu}\p{Ll}{2,}[_+=|~]\p{Lu}\p{Ll}{2,}$`)

var nameThenNumber = regexp.MustCompile(`^\p{L}{4,}\d{2,8}[!@#*.]?$`)

// glued judges a word with a number at its end, in a message about a PIN that
// does not name it.
func glued(t token) Secret {
	switch {
	case t.kind != kindMixed || !nameThenNumber.MatchString(t.text):
		return SecretNone
	case countDigits(t.text) >= 4, nameAndNumber.MatchString(t.text):
		return SecretPIN
	}
	return SecretMaybe
}

// become judges a number that something is to be: "reset jadi 11223344".
func (g *guard) become(tokens []token, i int) Secret {
	if d, ok := tokens[i].digits(); ok && d == 8 && i > 0 && g.say(tokens[i-1]) {
		return SecretPIN
	}
	return SecretNone
}

// numberAlone judges a number that nothing awaits.
func (g *guard) numberAlone(place Place, tokens []token, i int, said, used bool) Secret {
	d, ok := tokens[i].digits()
	if !ok || d < 6 || d > 14 || phoneShape.MatchString(keepDigits(tokens[i].text)) {
		return SecretNone
	}
	switch {
	case pinPlace(place) && (said || used || len(tokens) <= 2 || d >= 8 && !g.labelled(tokens, i, 3)),
		walkPlace(place) && (used || len(tokens) == 1 && d != 6),
		said && d >= 8 && !g.labelled(tokens, i, 3) && !g.birthday(tokens[:i]),
		said && d == 8 && g.birthday(tokens[:i]) && slices.ContainsFunc(tokens[:i], func(t token) bool { return g.use(t) }):
		return SecretPIN
	case said && (!g.labelled(tokens, i, 3) || g.birthday(tokens[:i])):
		return SecretMaybe // a code, or a date of birth
	}
	return SecretNone
}

var phoneShape = regexp.MustCompile(`^(?:\+?62|0)8\d{7,12}$`)

// tens go out of a PIN of numbers in words: "dua puluh dua tiga puluh tiga".
var tens = regexp.MustCompile(`(?i)\b(?:puluh|belas)\b`)

// birthday tells whether a day of birth is spoken of.
func (g *guard) birthday(before []token) bool {
	return slices.ContainsFunc(before, func(t token) bool { return g.births[t.lower] })
}

// usedBefore tells whether what stands before is a word like "pakai", also with
// "jadi" or its kind between.
func (g *guard) usedBefore(before []token) bool {
	for _, t := range slices.Backward(before) {
		if g.use(t) {
			return true
		}
		if t.ends || !g.joints[t.lower] && !g.say(t) && t.lower != "ke" {
			return false
		}
	}
	return false
}

// dictated judges a PIN that is told sign by sign: "g a r u d a 1 9 4 5", "huruf
// besar M, lalu elati, terus 2024".
func dictated(text string, tokens []token) Secret {
	letters, digits := 0, 0
	for _, t := range tokens {
		switch r, _ := utf8.DecodeRuneInString(t.text); {
		case utf8.RuneCountInString(t.text) != 1:
			letters, digits = 0, 0
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
		if digits > 0 && letters+digits >= 6 {
			return SecretPIN
		}
	}
	if spelled.MatchString(text) {
		return SecretPIN
	}
	return SecretNone
}

// spelled is a PIN of which the letters are told.
var spelled = regexp.MustCompile(`(?i)\bhuruf \p{L}\b.*\b(?:besar|kecil)\b.*\d|\b(?:huruf )?(?:besar|kecil|kapital|capital|uppercase|lowercase) [b-z]\b.*\d|\b(?:besar|kapital) (?:semua )?(?:terus|trs|lalu)\b.*\d.*\b(?:pagar|bintang|seru|tanda)\b`)

func countDigits(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}
