package understand

import (
	"cmp"
	"slices"
)

// How certain the likeliest meaning must be, and how far before the next, to be
// done; how certain to be asked after, with up to MaxOffers others. Measured on
// sentences that were no examples. Somebody else's matter often has a word that
// the bot never heard, beside others that it knows: then it asks sooner.
const (
	sure      = 0.45
	sureNot   = 0.8 // that the sentence is about nothing the bot does
	ahead     = 0.5
	aheadFar  = 0.75 // with a word that no example has
	askable   = 0.18
	MaxOffers = 3
	enough    = 0.55 // share of a strange word's parts that are known from others, as of one spelt wrongly
)

// decide does the likeliest meaning when it is sure, asks when it is not, and
// has nothing understood when nothing is likely. Classes of one meaning, and
// meanings that do the same at the place, count together.
func (r Result) decide(place Place, heard heard) Result {
	sums := pooled(place, r.Runners)
	top := sums[0]
	r.Meaning, r.Answer, r.Score = top.Class.Meaning(), top.Class.Answer(), top.Score
	least := ahead
	if heard.strange {
		least = aheadFar
	}
	switch {
	case r.Meaning != Unknown && top.Score >= sure && top.Score-second(sums) >= least, r.Meaning == Unknown && top.Score >= sureNot:
		return r
	case top.Score >= askable:
		for _, s := range sums {
			if s.Class.Meaning() != Unknown && len(r.Offers) < MaxOffers && s.Score > 0.02 {
				r.Offers = append(r.Offers, s)
			}
		}
		if r.Ask = len(r.Offers) > 0; r.Ask {
			return r
		}
	}
	r.Meaning, r.Answer, r.Lost = Unknown, "", true
	return r
}

// pooled adds up the scores of the classes by which the same is done at a
// place, the likeliest first.
func pooled(place Place, runners []Scored) []Scored {
	var sums []Scored
	for _, s := range runners {
		found := false
		for i := range sums {
			if place.deed(sums[i].Class.Meaning()) == place.deed(s.Class.Meaning()) {
				sums[i].Score += s.Score
				found = true
			}
		}
		if !found {
			sums = append(sums, s)
		}
	}
	slices.SortStableFunc(sums, func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) })
	return sums
}

// second is the score of the second likeliest meaning.
func second(sums []Scored) float64 {
	if len(sums) < 2 {
		return 0
	}
	return sums[1].Score
}
