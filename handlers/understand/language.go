package understand

import "math"

// plainly is how much likelier the words of a sentence must be in one language
// than in the other, as a logarithm, for it to be told.
const plainly = 3

// tongues knows how often a word is written in each language.
type tongues struct {
	counts map[string][2]float64 // Indonesian, English
	totals [2]float64
}

func newTongues(examples []Example) *tongues {
	t := &tongues{counts: make(map[string][2]float64), totals: [2]float64{1, 1}}
	for _, e := range examples {
		i := 0
		if e.Language == "en" {
			i = 1
		}
		for _, w := range split(Clean(e.Text)) {
			n := t.counts[w]
			n[i] += float64(e.Share)
			t.counts[w] = n
			t.totals[i] += float64(e.Share)
		}
	}
	return t
}

// of is the language that a sentence is plainly in, "id" or "en", or "" when it
// may be either.
func (t *tongues) of(text string) string {
	var english float64
	known := 0
	for _, w := range split(text) {
		n, ok := t.counts[w]
		if !ok || w == "#" {
			continue
		}
		known++
		english += math.Log((n[1]+0.1)/t.totals[1]) - math.Log((n[0]+0.1)/t.totals[0])
	}
	switch {
	case known >= 2 && english > plainly:
		return "en"
	case known >= 2 && english < -plainly:
		return "id"
	}
	return ""
}
