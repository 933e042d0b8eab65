package understand

import "slices"

// clue names a trait by its kind and what it is made of.
func clue(kind uint64, parts ...uint64) uint64 {
	h := kind*0x9e3779b97f4a7c15 + 1
	for _, p := range parts {
		h ^= p + 0x9e3779b97f4a7c15 + h<<6 + h>>2
		h *= 0xff51afd7ed558ccd // the mixing step of MurmurHash3
		h ^= h >> 33
	}
	return h
}

// The kinds of clues of a whole message; those of a run follow them.
const (
	cluePlace uint64 = iota
	clueSaid
	clueWord
	clueWordPlace
	clueSort
	cluePair
	cluePairSorts
	clueThree
	clueThreeSorts
	clueSign
	clueSkip
	clueLength
	clueHow
	clueHowPlace
	clueDictated
	clueSpoken
	clueRun // and more
)

// longestRun is of how many words a secret is looked at.
const longestRun = 6

// scene is what all clues of a message have in common.
type scene struct {
	words   []sight // with three of nothing before and behind
	place   uint64
	said    uint64 // 1 with a word for a PIN
	awaited uint64 // 1 with the number that was asked for
}

// margin is how many words are looked at beside a run.
const margin = 3

// evidence gives the clues of a message.
func (g *guard) evidence(place Place, text, awaited string) evidence {
	text = errorCode.ReplaceAllString(text, " ") // browsers show those, whatever number they hold
	tokens := g.tokens(text)
	s := scene{place: hashOf(placeGroup(place)), words: g.sights(tokens, awaited)}
	if awaited != "" {
		s.awaited = 1
	}
	if slices.ContainsFunc(tokens, g.isSecret) {
		s.said = 1
	}
	e := evidence{whole: s.whole(), strong: slices.ContainsFunc(tokens, func(t token) bool { return t.kind == kindStrong })}
	if dictated(text, tokens) {
		e.whole = append(e.whole, clue(clueDictated, s.said), clue(clueDictated, s.place, 2))
	}
	if spoken(tens.ReplaceAllString(text, "")) != "" {
		e.whole = append(e.whole, clue(clueSpoken, s.said), clue(clueSpoken, s.place, 2))
	}
	end := len(s.words) - margin
	for from := margin; from < end; from++ {
		for to := from; to < min(from+longestRun, end) && s.words[to].what != roleSecret && s.words[to].what != roleSign; to++ {
			if clues := s.run(from, to); clues != nil {
				e.runs = append(e.runs, clues)
			}
			if s.words[to].behind == behindColon {
				break
			}
		}
	}
	return e
}

// whole gives the clues of a message as a whole.
func (s scene) whole() []uint64 {
	end := len(s.words) - margin
	out := make([]uint64, 0, 9*len(s.words)+24)
	add := func(kind uint64, parts ...uint64) { out = append(out, clue(kind, parts...)) }
	add(cluePlace, s.place, s.awaited)
	add(clueSaid, s.said, s.place, s.awaited)
	var count [roleEnd + 1]int
	for i := margin; i < end; i++ {
		a, b, c := s.words[i], s.words[i+1], s.words[i+2]
		count[a.what]++
		add(clueWord, a.word)
		add(clueWordPlace, a.name, s.place)
		add(clueSort, a.sort, s.said, s.awaited)
		add(cluePair, a.name, b.name)
		add(cluePairSorts, a.sort, b.sort, s.place)
		add(clueThree, a.name, b.name, c.name)
		add(clueThreeSorts, a.sort, b.sort, c.sort)
		add(clueSign, a.name, a.behind)
		add(clueSkip, a.name, c.name)
	}
	add(cluePair, s.words[margin-1].name, s.words[margin].name)
	add(clueThree, s.words[margin-1].name, s.words[margin].name, s.words[margin+1].name)
	add(clueLength, roughly(end-margin), s.place, s.said)
	for what, n := range count {
		add(clueHow, uint64(what), roughly(n), s.said)
		add(clueHowPlace, uint64(what), roughly(n), s.place)
	}
	return out
}

// roughly is a number of words, the exact one when it is small.
func roughly(n int) uint64 {
	switch {
	case n <= 4:
		return uint64(n)
	case n <= 6:
		return 5
	case n <= 9:
		return 7
	}
	return 10
}
