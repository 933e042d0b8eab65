package understand

import (
	"math"
	"strconv"
	"strings"
)

// How much each kind of feature counts.
const (
	weightWord  = 1.0
	weightPair  = 1.0
	weightSkip  = 0.5
	weightChar  = 0.2
	weightWhole = 1.0
	weightForm  = 0.5

	weightPlaced = 0.7 // of a feature at its place, to the same everywhere
)

// feature is a trait of a sentence and how much it counts.
type feature struct {
	name  string
	value float32
}

// traits gives the features of a sentence: its words, pairs of words, parts of
// words, the whole when it is short, and its form. The sum of their squares is 1.
func traits(s *speller, text string) []feature {
	raw := s.essence(split(text))
	words := s.spell(raw)
	b := bag{seen: make(map[string]bool)}
	for i, w := range words {
		b.add("w "+w, weightWord)
		if i > 0 {
			b.add("p "+words[i-1]+" "+w, weightPair)
		}
		for _, d := range []int{2, 3} {
			if i >= d {
				b.add("s "+words[i-d]+" "+w, weightSkip)
			}
		}
	}
	if n := len(words); n > 0 {
		b.add("p ^ "+words[0], weightPair)
		b.add("p "+words[n-1]+" $", weightPair)
		if n <= 4 {
			b.add("f "+strings.Join(words, " "), weightWhole)
		}
	}
	for _, w := range raw {
		b.parts(w)
	}
	b.add("n "+strconv.Itoa(bucket(len(words))), weightForm)
	return b.unit()
}

// perPlace tells whether a feature is learnt for each place by itself as well:
// words, and short sentences as a whole, mean one thing here and another there.
func perPlace(name string) bool {
	return strings.HasPrefix(name, "w ") || strings.HasPrefix(name, "f ")
}

// placed is the name of a feature at a place.
func placed(place Place, name string) string { return string(place) + " " + name }

// bucket is a rough measure of a sentence's length.
func bucket(words int) int {
	for i, limit := range []int{0, 1, 2, 4, 7, 12, 20} {
		if words <= limit {
			return i
		}
	}
	return 7
}

// bag collects features, each once.
type bag struct {
	seen map[string]bool
	list []feature
}

func (b *bag) add(name string, value float32) {
	if !b.seen[name] {
		b.seen[name] = true
		b.list = append(b.list, feature{name, value})
	}
}

// parts adds the parts of a word of 3 to 5 letters, with its ends marked.
func (b *bag) parts(word string) {
	if word == "#" {
		return
	}
	letters := []rune("‹" + word + "›")
	for n := 3; n <= 5; n++ {
		for i := 0; i+n <= len(letters); i++ {
			b.add("c "+string(letters[i:i+n]), weightChar)
		}
	}
}

// unit scales the features so that the sum of their squares is 1.
func (b *bag) unit() []feature {
	var sum float64
	for _, f := range b.list {
		sum += float64(f.value) * float64(f.value)
	}
	scale := float32(1 / math.Sqrt(max(sum, 1e-9)))
	for i := range b.list {
		b.list[i].value *= scale
	}
	return b.list
}
