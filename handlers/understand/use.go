package understand

import (
	"regexp"
	"strings"
)

// login tells whether a user's name or number comes right before: "user
// 198805052012122001 sandi asem jawa 1".
func (g *guard) login(before []token) bool {
	n := len(before)
	if n == 0 {
		return false
	}
	d, ok := before[n-1].digits()
	return ok && d >= 10 || n > 1 && g.users[before[n-2].lower]
}

// pointed tells whether somebody says behind a word that it is what is used:
// "…, itu yang saya pakai".
func (g *guard) pointed(after []token) bool {
	for i, t := range after {
		if g.use(t) {
			return i > 0
		}
		if !g.links[t.lower] && !g.joints[t.lower] {
			return false
		}
	}
	return false
}

// sets tells whether a word says that something is entered as a PIN, or that a
// PIN is to be what follows.
func (g *guard) sets(place Place, tokens []token, i int, awaited bool) bool {
	use := g.use(tokens[i])
	switch {
	case pinPlace(place):
		return use
	case awaited:
		return false
	case walkPlace(place), place == ConfirmReset:
		return use || place == ConfirmReset && g.say(tokens[i])
	}
	next := i + 1
	for next < len(tokens) && g.joints[tokens[next].lower] && !g.becomes(tokens[next]) {
		next++
	}
	return use && next < len(tokens) && g.becomes(tokens[next])
}

// becomes tells whether what follows is to be the new one: "ganti ke …".
func (g *guard) becomes(t token) bool {
	return g.say(t) || t.lower == "ke" || t.lower == "to" || t.lower == "dgn" || t.lower == "dengan"
}

// use tells whether a PIN that is given away comes after a word, in any of its
// forms: "isi", "diisi", "isinya", "kuisi".
func (g *guard) use(t token) bool {
	if g.uses[t.lower] {
		return true
	}
	word := usedForm.FindStringSubmatch(t.lower)
	return word != nil && (g.uses[word[1]] || g.uses[strings.TrimSuffix(word[1], "kan")])
}

var usedForm = regexp.MustCompile(`^(?:di|ku|tak|nge|ng|me|men)?(\p{L}{3,}?)(?:nya|in)?$`)

// say tells whether a word says what a PIN is, in any spelling.
func (g *guard) say(t token) bool { return g.says[t.lower] || g.says[g.spell.one(t.lower)] }

// born leaves words of a day of birth out that stand before a number that is
// the whole of a PIN: "pin tanggal lahir saya 170885".
func (g *guard) born(rest []token) []token {
	n := 0
	for n < len(rest) && !rest[n].ends && (g.births[rest[n].lower] || g.joints[rest[n].lower] || g.spell.one(rest[n].lower) == "tanggal" || g.manner[rest[n].lower]) {
		n++
	}
	if n == len(rest) || !g.birthday(rest[:n]) {
		return rest
	}
	if d, ok := rest[n].digits(); ok && d >= 6 && d <= 8 {
		return rest[n:]
	}
	return rest
}
