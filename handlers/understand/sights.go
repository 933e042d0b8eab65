package understand

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"resetpin/handlers/bsre/outside"
)

// sight is a token as the learnt judgement sees it, by numbers.
type sight struct {
	word   uint64 // itself, in its one spelling
	name   uint64 // itself, or its sort when it is no word of talk
	sort   uint64 // its kind
	form   uint64 // what one with digits or signs is made of; 0 for a word
	what   role   // what it is good for in a sentence
	behind uint64 // the sign behind it
	opens  bool   // a quotation or a bracket begins with it
}

// role is what a token is good for in a sentence.
type role int

const (
	roleSign    role = iota
	roleSecret       // a word for a PIN
	roleGrammar      // one that holds a sentence together around a PIN
	roleTalk         // tells something of a PIN
	roleKnown        // other talk
	roleForeign      // a word of no talk
	roleNoun         // a thing, as PINs are made of
	roleNumber
	roleMixed  // letters and digits
	roleUsual  // an everyday form, or what was asked for
	roleJoined // words with signs between
	roleEnd    // nothing: before and behind a message
)

// The signs behind a token.
const (
	behindNothing uint64 = iota
	behindColon
	behindComma
	behindQuestion
	behindQuote
	behindOther
)

// hashOf is the number of a word (FNV-1a, 64 bits).
func hashOf(word string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * 1099511628211
	}
	return h
}

// placeGroup names what several places have in common for a secret.
func placeGroup(p Place) string {
	switch p {
	case StepDone, WorkedQuestion:
		return "after"
	case StepPIN, StepLogin:
		return "pin"
	case AskCode, AskNIP, AskPhone:
		return "ask"
	case ConfirmReset, AskBrowser:
		return string(p)
	}
	if walkPlace(p) {
		return "walk"
	}
	return "home"
}

// sights looks at all tokens, with nothing before and behind them.
func (g *guard) sights(tokens []token, awaited string) []sight {
	nothing := sight{word: hashOf("^"), name: hashOf("^"), sort: hashOf("^"), what: roleEnd}
	out := make([]sight, margin, len(tokens)+2*margin)
	phones := phonesIn(tokens)
	for i, t := range tokens {
		name, kind, what := g.sortOf(t, awaited)
		s := sight{word: hashOf(g.spell.one(t.lower)), name: hashOf(name), sort: hashOf(kind), what: what, form: g.form(t), behind: behind(t), opens: t.opens}
		switch {
		case phones[i]:
			s.name, s.sort, s.what = hashOf("phone"), hashOf("phone"), roleUsual
		case what != roleNumber:
		case g.labelled(tokens, i, 3):
			s.name = clue(1, s.name)
		case g.counts(tokens, i):
			s.name = clue(2, s.name)
		}
		out = append(out, s)
	}
	for i := range margin {
		out[i] = nothing
		out = append(out, nothing)
	}
	return out
}

func behind(t token) uint64 {
	switch {
	case t.colon:
		return behindColon
	case t.sign == 0:
		return behindNothing
	case t.sign == ',':
		return behindComma
	case t.sign == '?':
		return behindQuestion
	case strings.ContainsRune(`"'”’)`, t.sign):
		return behindQuote
	}
	return behindOther
}

// sortOf gives a token's name, its kind, and what it is good for.
func (g *guard) sortOf(t token, awaited string) (name, kind string, what role) {
	if awaited != "" && (g.isDigitWord(t) || outside.Digits(misread.Replace(t.text)) == awaited) {
		return "awaited", "awaited", roleUsual
	}
	switch t.kind {
	case kindStrong:
		return "strong " + shape(t.text), "strong", roleMixed
	case kindUsual:
		return "usual " + shape(t.text), "usual", roleUsual
	case kindTwice:
		return "twice", "twice", roleUsual
	case kindHandle:
		return "handle", "handle", roleUsual
	case kindMixed:
		return sortOfMixed(t)
	case kindNumber:
		return sortOfNumber(t, awaited)
	}
	return g.sortOfWord(t)
}

// misread puts digits in the place of the letters that people read for them.
var misread = strings.NewReplacer("O", "0", "o", "0", "I", "1", "l", "1")

// nameAndNumber is how people make a password that has to have both.
var (
	nameAndNumber  = regexp.MustCompile(`^\p{Lu}\p{Ll}{3,}\d{1,8}[!@#*.]?$`)
	nameThenNumber = regexp.MustCompile(`^\p{L}{4,}\d{2,8}[!@#*.]?$`)
)

func sortOfMixed(t token) (name, kind string, what role) {
	digits := strings.Repeat("0", min(countDigits(t.text), 5))
	switch {
	case nameAndNumber.MatchString(t.text):
		return "Name" + digits, "Name0", roleMixed
	case nameThenNumber.MatchString(t.text):
		return "name" + digits, "name0", roleMixed
	}
	return "mixed " + shape(t.text), "mixed", roleMixed
}

var phoneShape = regexp.MustCompile(`^(?:\+?62|0)8\d{7,12}$`)

// phonesIn finds the numbers that are a phone number together: "0812 0000 1001".
func phonesIn(tokens []token) map[int]bool {
	out := make(map[int]bool)
	for from := range tokens {
		together := ""
		for to := from; to < len(tokens) && to < from+4 && tokens[to].kind == kindNumber; to++ {
			if together += outside.Digits(tokens[to].text); phoneShape.MatchString(together) {
				for i := from; i <= to; i++ {
					out[i] = true
				}
			}
		}
	}
	return out
}

func sortOfNumber(t token, awaited string) (name, kind string, what role) {
	only := outside.Digits(t.text)
	n, ok := t.digits()
	switch {
	case only != "" && strings.Contains(awaited, only):
		return "awaited", "awaited", roleUsual
	case phoneShape.MatchString(only):
		return "phone", "phone", roleUsual
	case !ok:
		return "date", "date", roleUsual
	case thisYear.MatchString(t.text):
		return "year", "number", roleNumber
	case n >= 15:
		return "nip", "nip", roleUsual
	case birth.MatchString(only):
		return "birth", "number", roleNumber
	}
	return strings.Repeat("0", min(n, 9)), "number", roleNumber
}

// birth is a day with its year, written together.
var birth = regexp.MustCompile(`^(?:\d{4}(?:19|20)\d\d|(?:19|20)\d{6})$`)

func (g *guard) sortOfWord(t token) (name, kind string, what role) {
	if g.isSecret(t) {
		return "PIN", "PIN", roleSecret
	}
	if !strings.ContainsFunc(t.text, unicode.IsLetter) {
		return "sign", "sign", roleSign
	}
	if g.joined(t) {
		return "joined " + shape(t.text), "joined", roleJoined
	}
	word, capital := g.spell.one(t.lower), ""
	if named(t.text) {
		capital = "^"
	}
	switch {
	case g.says[t.lower], g.says[word]:
		return word, "say", roleGrammar
	case g.use(t):
		return word, "use", roleGrammar
	case g.joints[t.lower], word == "saya":
		return word, "joint", roleGrammar
	case g.particles[t.lower]:
		return word, "particle", roleGrammar
	case g.things[t.lower] && g.talks(g.spell, t.text):
		return word, "thing" + capital, roleNoun
	case g.things[t.lower]:
		return "thing" + capital, "thing" + capital, roleNoun
	case g.tells(t):
		return word, "tells" + capital, roleTalk
	case g.talks(g.spell, t.text):
		return word, "talk" + capital, roleKnown
	}
	kind = "foreign" + foreignForm(t) + capital
	return kind, kind, roleForeign
}

// verbal is the form of a word that tells what became of something.
var verbal = regexp.MustCompile(`^(?:di|ter|ke|ber|mem|men|meng|nge)\p{L}{4,}$|^se\p{L}{3,}nya$|\p{L}{3,}kan$`)

// foreignForm tells words of no talk apart by how they are built.
func foreignForm(t token) string {
	switch {
	case verbal.MatchString(t.lower):
		return " verb"
	case strings.HasSuffix(t.lower, "nya"):
		return " its"
	case utf8.RuneCountInString(t.lower) <= 3 || !strings.ContainsAny(t.lower, "aiueo"):
		return " short"
	case utf8.RuneCountInString(t.text) > 3 && t.text == strings.ToUpper(t.text):
		return " loud"
	}
	return ""
}

// usedForm is a word like "isi" in one of its forms: "diisi", "isinya", "kuisi".
var usedForm = regexp.MustCompile(`^(?:di|ku|tak|nge|ng|me|men)?(\p{L}{3,}?)(?:nya|in)?$`)

// use tells whether a PIN that is given away comes after a word, in any of its
// forms.
func (g *guard) use(t token) bool {
	if g.uses[t.lower] {
		return true
	}
	word := usedForm.FindStringSubmatch(t.lower)
	return word != nil && (g.uses[word[1]] || g.uses[strings.TrimSuffix(word[1], "kan")])
}

// named tells whether a word begins with a capital, as names do.
func named(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	rest := strings.TrimRightFunc(word[size:], unicode.IsDigit)
	return len(rest) >= 2 && unicode.IsUpper(first) && rest == strings.ToLower(rest)
}
