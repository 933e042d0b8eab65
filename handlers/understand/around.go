package understand

import (
	"regexp"
	"slices"
	"strings"
)

// hedged gives how many of the words at the front only say how sure somebody
// is ("kalau tidak salah"), in any spelling.
func (g *guard) hedged(rest []token) int {
	most := 0
	for _, phrase := range g.hedges {
		if len(phrase) > most && len(rest) > len(phrase) && g.begins(rest, phrase) {
			most = len(phrase)
		}
	}
	for most > 0 && most < len(rest)-1 && g.particles[rest[most].lower] {
		most++ // "kalau tidak salah sih"
	}
	return most
}

func (g *guard) begins(rest []token, phrase []string) bool {
	for i, word := range phrase {
		if rest[i].lower != word && g.spell.one(rest[i].lower) != word {
			return false
		}
	}
	return true
}

// addressed gives how many of the words at the front are said to the listener
// before what is to be told comes: "pin saya ya bu, …".
func (g *guard) addressed(rest []token) int {
	n := 0
	for n < len(rest)-1 && g.particles[rest[n].lower] {
		if n++; rest[n-1].ends {
			return n
		}
	}
	return 0
}

// handed tells whether nothing but words that hand something over stands
// before: "catat pin saya ya, …", not "lupa pin saya bu, …".
func (g *guard) handed(before []token) bool {
	return !slices.ContainsFunc(before, func(t token) bool {
		return !g.keeps[t.lower] && !g.particles[t.lower] && !g.here[t.lower] && !g.joints[t.lower]
	})
}

// recalled tells whether words like "seingat saya" or "maksud saya" come before
// in the message.
func (g *guard) recalled(before []token) bool {
	return slices.ContainsFunc(before, func(t token) bool { return g.recalls[t.lower] || g.recalls[g.spell.one(t.lower)] })
}

// backwards judges what stands before a word like PIN, which is at i, where
// something between says that it is one: "kuda hitam 9 itu pin saya", "green
// parrot 12 as my pin".
func (g *guard) backwards(tokens []token, i int) Secret {
	end, linked := i, false
	for end > 0 && !tokens[end-1].ends && (g.links[tokens[end-1].lower] || g.joints[tokens[end-1].lower]) {
		end--
		linked = linked || g.links[tokens[end].lower]
	}
	if !linked || end == 0 {
		return SecretNone
	}
	start := end
	for start > 0 && end-start < mostWords && (start == end || !tokens[start-1].ends) && !g.opens(tokens[start-1]) {
		start--
	}
	if start == end {
		return SecretNone
	}
	return g.phraseSecret(tokens[start:end], tokens[end:], true, true, false)
}

// opens tells whether a word is one of talk that is no part of a PIN.
func (g *guard) opens(t token) bool {
	return t.kind == kindPlain && (g.use(t) || g.tells(t) && !named(t.text))
}

// series judges numbers that follow one another, and are a PIN together: "7 7 1 2
// sama 9 9 0 1".
func (g *guard) series(rest []token) bool {
	n := slices.IndexFunc(rest, func(t token) bool { _, ok := t.digits(); return !ok })
	if n < 0 {
		n = len(rest)
	}
	return n >= 3 && g.spaced(rest[:n], rest[n:])
}

// closed judges some words of no talk that close with a number, in a message
// that names a PIN, or tells of what somebody enters on the way: "tikar pandan
// 9 <-- pin saya".
func (g *guard) closed(place Place, tokens []token, said bool) Secret {
	if !said && !walkPlace(place) {
		return SecretNone
	}
	used := slices.ContainsFunc(tokens, func(t token) bool { return g.use(t) })
	for i, t := range tokens {
		if d, ok := t.digits(); !ok || d > 5 || g.everyday(tokens, i) {
			continue
		}
		words, in := g.run(tokens[:i])
		if words >= 2 && in.foreign >= 2 && (said || used || place == StepPIN) || said && g.apart(tokens, i, words) && in.foreign >= 1 {
			return SecretPIN
		}
	}
	return SecretNone
}

// apart tells whether words and the number at i are all that stands behind a
// comma: "pinku padahal gampang, meja makan 4".
func (g *guard) apart(tokens []token, i, words int) bool {
	return words >= 2 && i > words && tokens[i-words-1].ends && (i == len(tokens)-1 || tokens[i].ends)
}

// identified tells whether the message holds the number of a person.
func identified(tokens []token) bool {
	return slices.ContainsFunc(tokens, func(t token) bool {
		d, ok := t.digits()
		return ok && (d == 16 || d == 18)
	})
}

// ofOffice tells whether an office is among the last three words without a sign
// that ends them: "wilayah kerja Kapuas Hulu 2".
func (g *guard) ofOffice(words []token) bool {
	for i, t := range slices.Backward(words) {
		if t.ends || len(words)-i > 3 {
			return false
		}
		if g.offices[t.lower] {
			return true
		}
	}
	return false
}

// ofYear tells whether a word with a year is that of a course or an event as
// well as a PIN, as nothing is entered: "sertifikat Latsar2024".
func (g *guard) ofYear(tokens []token, t token) bool {
	return len(tokens) > 2 && thisYear.MatchString(keepDigits(t.text)) && !slices.ContainsFunc(tokens, g.use)
}

// ofOther tells whether what stands before says that a name with a number is
// that of something else: "akun Sari1990".
func (g *guard) ofOther(before []token) bool {
	return slices.ContainsFunc(before[max(0, len(before)-2):], func(t token) bool { return g.users[t.lower] || g.offices[t.lower] || g.labels[t.lower] })
}

// told judges a number that closes a message behind a comma, after talk of a
// PIN: "pin saya nomor rumah sama RT, 1204". A year may be an error's number.
func (g *guard) told(place Place, tokens []token) Secret {
	last := len(tokens) - 1
	if last < 2 || !tokens[last-1].ends || place == AskCode {
		return SecretNone
	}
	d, ok := tokens[last].digits()
	if !ok || d < 4 || d > 8 || d == 4 && year.MatchString(tokens[last].text) {
		return SecretNone
	}
	start := last - 1
	for start > 0 && !tokens[start-1].ends {
		start--
	}
	if g.labels[tokens[start].lower] {
		return SecretNone // "tiket sudah saya buat, 48213"
	}
	return SecretPIN
}

var year = regexp.MustCompile(`^(?:19|20)`)

// shouted is a name with a number in capitals: "KATA SANDI RAKIT2024".
func (g *guard) shouted(t token) bool {
	m := shouted.FindStringSubmatch(t.text)
	return m != nil && !g.counted[strings.ToLower(m[1])] && !g.talks(g.spell, m[1])
}

var shouted = regexp.MustCompile(`^(\p{Lu}{4,})\d{2,}$`)
