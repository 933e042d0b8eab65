package understand

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostWords is of how many words a PIN is at most.
const mostWords = 7

// introduced judges what stands behind a word like PIN, which is at i.
func (g *guard) introduced(tokens []token, i int, awaited bool) Secret {
	intro, rest := tokens[i], tokens[i+1:]
	if intro.ends {
		return SecretNone
	}
	said := intro.colon || g.login(tokens[:i])
	mine := strings.HasSuffix(intro.lower, "nya") || strings.HasSuffix(intro.lower, "ku") || i > 0 && g.use(tokens[i-1])
	for len(rest) > 0 && (g.joint(rest[0]) || g.say(rest[0]) || g.secrets[rest[0].lower]) {
		said = said || rest[0].colon || g.say(rest[0])
		mine = mine || !g.secrets[rest[0].lower] && rest[0].lower != "untuk" && rest[0].lower != "utk"
		if rest[0].ends {
			return SecretNone
		}
		rest = rest[1:]
	}
	if len(rest) > 1 && rest[0].lower == "ke" && slices.ContainsFunc(tokens[:i], func(t token) bool { return g.use(t) }) {
		rest, said = rest[1:], true // "set pin saya ke …"
	}
	if n := g.hedged(rest); n > 0 {
		rest = rest[n:]
		said = said || !verbal.MatchString(rest[0].lower)
	}
	if n := g.addressed(rest); n > 0 && g.handed(tokens[:i]) {
		return g.given(rest[n:], true, true, awaited)
	}
	return g.given(rest, said, mine, awaited)
}

// joint tells whether a word may stand between "pin" and the PIN, as those for
// "saya" in the regions' languages do.
func (g *guard) joint(t token) bool { return g.joints[t.lower] || g.spell.one(t.lower) == "saya" }

// used judges what stands behind a word like "pakai", where people have a PIN
// in mind.
func (g *guard) used(rest []token, awaited bool) Secret {
	for len(rest) > 0 && (g.joint(rest[0]) || g.particles[rest[0].lower] || g.lasting[rest[0].lower]) && !rest[0].ends {
		if len(rest) > 1 && g.lasting[rest[0].lower] && rest[1].kind == kindNumber {
			return SecretNone // "sejak 2020"
		}
		rest = rest[1:]
	}
	if phrase := g.phraseOf(rest); len(phrase) < 3 || phrase[0].kind == kindPlain && g.tells(phrase[0]) {
		return SecretNone // "pakai laptop kantor"
	}
	return g.given(rest, false, true, awaited)
}

// given judges what follows where a PIN is said (with a colon, "adalah"), or
// called one's own.
func (g *guard) given(rest []token, said, mine, awaited bool) Secret {
	for len(rest) > 1 && (g.manner[rest[0].lower] || countDigits(rest[0].text) <= 2 && rest[0].kind == kindNumber && len(rest) > 2 && g.manner[rest[1].lower] || said && g.isDigitWord(rest[0]) && !rest[0].ends) {
		rest = rest[1:]
	}
	if number := g.born(rest); len(number) < len(rest) {
		rest, mine = number, true
	}
	phrase := g.phraseOf(rest)
	if len(phrase) == 0 && said && g.closesWithNumber(rest) {
		return SecretPIN // "aku suka durian 2"
	}
	if len(phrase) == 0 || !said && !mine && len(phrase) == 1 && phrase[0].kind == kindPlain {
		return SecretNone
	}
	if (said || mine) && !awaited && (g.spaced(phrase, rest[len(phrase):]) || g.series(rest)) {
		return SecretPIN
	}
	return g.phraseSecret(phrase, rest[len(phrase):], said, mine, awaited)
}

// phraseOf takes the words up to the first that people talk with.
func (g *guard) phraseOf(rest []token) []token {
	for i, t := range rest {
		if i > 0 && rest[i-1].ends || i == mostWords {
			return rest[:i]
		}
		if t.kind == kindPlain && g.tells(t) && !named(t.text) && (i == 0 && !g.mostlyForeign(rest[1:]) || i > 0 && !g.unknownAhead(rest[i+1:])) {
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

// closesWithNumber tells whether the words up to the first sign that ends them
// have one of no talk and close with a number.
func (g *guard) closesWithNumber(rest []token) bool {
	if i := slices.IndexFunc(rest, func(t token) bool { return t.ends }); i >= 0 {
		rest = rest[:i+1]
	}
	if len(rest) < 3 || len(rest) > mostWords || g.everyday(rest, len(rest)-1) {
		return false
	}
	_, ok := rest[len(rest)-1].digits()
	return ok && slices.ContainsFunc(rest, func(t token) bool { return t.kind == kindPlain && !g.talks(g.spell, t.text) })
}

// spaced tells whether a phrase is of numbers alone that are one together:
// "88 55 22 11".
func (g *guard) spaced(phrase, after []token) bool {
	all := ""
	for _, t := range phrase {
		if _, ok := t.digits(); !ok {
			return false
		}
		all += keepDigits(t.text)
	}
	counted := len(after) > 0 && g.unit(after[0])
	return len(phrase) > 1 && !counted && len(all) >= 4 && len(all) <= 14 && !phoneShape.MatchString(all)
}

// contents counts what a phrase is made of: words of no talk, other words that
// say nothing of a PIN, those of them with a capital, numbers, and those that
// belong to what stands beside them.
type contents struct{ foreign, plain, names, numbers, everyday int }

// phraseSecret judges the words behind "pin saya".
func (g *guard) phraseSecret(phrase, after []token, said, mine, awaited bool) Secret {
	var in contents
	if g.offices[phrase[0].lower] {
		return SecretNone
	}
	own := said || mine
	for i, t := range phrase {
		switch t.kind {
		case kindStrong, kindMixed:
			if utf8.RuneCountInString(t.text) >= 4 {
				return SecretPIN
			}
			in.numbers++
		case kindUsual:
			if (own || len(phrase) == 1) && i == 0 && g.shouted(t) {
				return SecretPIN
			}
		case kindTwice, kindHandle:
			if own && i == 0 && (said || named(t.text)) {
				return SecretPIN
			}
		case kindNumber:
			d, _ := t.digits()
			if awaited || d >= 18 || len(phrase) == 1 && d < 4 {
				continue
			}
			if g.everyday(slices.Concat(phrase, after), i) || !said && i == 0 && len(phrase) > 1 && phrase[1].kind == kindPlain {
				in.everyday++
				continue
			}
			in.numbers++
			if len(phrase) == 1 && own {
				return SecretPIN
			}
		case kindPlain:
			g.count(&in, t)
		}
	}
	if len(phrase) == 1 && len(after) > 0 && verbal.MatchString(phrase[0].lower) {
		return SecretNone // "pin saya tertukar dengan …"
	}
	return in.secret(len(phrase), utf8.RuneCountInString(phrase[0].text), said, mine)
}

// verbal is the form of a word that tells what became of something.
var verbal = regexp.MustCompile(`^(?:di|ter|ke|ber|mem|men|meng|nge)\p{L}{4,}$|^se\p{L}{3,}nya$`)

func (g *guard) count(in *contents, t token) {
	switch {
	case !g.talks(g.spell, t.text):
		in.foreign++
	case named(t.text):
		in.names++
	case !g.tells(t):
		in.plain++
	}
}

// secret judges a phrase by its contents; first is the length of its first word.
func (in contents) secret(words, first int, said, mine bool) Secret {
	own := said || mine
	switch {
	case own && in.numbers > 0 && (in.names > 0 || in.foreign > 0 || in.plain > 1), said && in.foreign > 1 && in.foreign == words:
		return SecretPIN
	case own && in.numbers > 0 && in.plain > 0, own && in.everyday > 0 && in.foreign > 1:
		return SecretMaybe
	case in.foreign == 0:
		return SecretNone
	case said && in.foreign > 1, own && in.foreign == words && (in.foreign > 1 || first >= 8):
		return SecretMaybe
	}
	return SecretNone
}

// phrase judges a whole message where people have a PIN in mind: some words
// and a number.
func (g *guard) phrase(place Place, tokens []token) Secret {
	if i := slices.IndexFunc(tokens, func(t token) bool { return t.colon }); i >= 0 {
		tokens = tokens[i+1:]
	}
	if len(tokens) < 2 || len(tokens) > mostWords+4 {
		return SecretNone
	}
	var in contents
	words, joints, verdict, counts := 0, 0, SecretNone, false
	for i, t := range tokens {
		switch d, ok := t.digits(); {
		case ok && d <= 5 && !g.everyday(tokens, i):
			in.numbers++
			counts = i+1 < len(tokens) && !t.ends && !g.talks(g.spell, tokens[i+1].text)
			before := g.before(tokens[:i])
			if verdict != SecretNone && before != SecretNone && !afterwards(place) {
				return SecretPIN // "jagung bakar 8 atau jagung bakar 9"
			}
			verdict = stronger(verdict, before)
		case t.kind == kindPlain && g.joints[t.lower]:
			joints++
		case t.kind == kindPlain:
			words++
			g.count(&in, t)
		}
	}
	if len(tokens) > mostWords {
		return verdict
	}
	after := afterwards(place)
	foreign := in.foreign*2 >= words+joints
	noneTells := in.foreign+in.names+in.plain == words && words > 1
	switch {
	case in.numbers >= 1 && (noneTells && !after || in.foreign >= 2 && foreign && (!counts || !after)):
		return SecretPIN
	case in.numbers >= 1 && in.foreign >= 1 && (foreign || !after && g.closesWithNumber(tokens)), words == len(tokens) && words >= 3 && in.foreign == words:
		return stronger(verdict, SecretMaybe)
	}
	return verdict
}

// afterwards tells whether a new PIN was made, and people tell of their work,
// with what they signed and how much of it.
func afterwards(p Place) bool { return p == StepDone || p == WorkedQuestion }

// before judges the words that stand before a number without one between that
// tells something: "klo kuda merah naik becak 9 boleh ga".
func (g *guard) before(words []token) Secret {
	n, in := g.run(words)
	switch {
	case n >= 3 && in.foreign+in.names >= 2:
		return SecretPIN
	case n >= 2 && in.foreign+in.names >= 1:
		return SecretMaybe
	}
	return SecretNone
}

// run counts the words at the end that are of one phrase.
func (g *guard) run(words []token) (int, contents) {
	var in contents
	n := 0
	for i, t := range slices.Backward(words) {
		if g.isDigitWord(t) && !t.ends {
			continue
		}
		if t.kind != kindPlain || t.ends || g.offices[t.lower] || g.tells(t) && !named(t.text) {
			if g.ofOffice(words[:i+1]) {
				return 0, contents{} // "SDN Melati 3"
			}
			break
		}
		g.count(&in, t)
		n++
	}
	return n, in
}

// named tells whether a word begins with a capital, as names do.
func named(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	rest := strings.TrimRightFunc(word[size:], unicode.IsDigit)
	return len(rest) >= 2 && unicode.IsUpper(first) && rest == strings.ToLower(rest)
}
