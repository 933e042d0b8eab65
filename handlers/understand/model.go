package understand

import (
	"math"
	"math/rand/v2"
	"slices"
)

// How the model learns.
const (
	epochs     = 14
	rate       = 0.7
	decay      = 2e-6 // of a weight at every step that touches it
	forget     = 0.15 // share of a sentence's features left out at each look, so that none alone decides
	alsoShare  = 0.15 // how often a sentence is looked at where it can be met as well
	minFeature = 2    // sentences that must have a feature for it to count
)

// model is a linear model: for every feature and class a weight, for every
// place which classes are possible there and how likely they are beforehand.
type model struct {
	spell    *speller
	classes  []Class
	index    map[string]int32
	weights  [][]float32 // by feature, then class
	possible map[Place][]int
	bias     map[Place][]float32
}

// instance is an example ready to be learnt.
type instance struct {
	class    int
	at, also []Place
	features []int32
	values   []float32
	share    float32
}

// train learns from examples. The same examples give the same model.
func train(s *speller, examples []Example) *model {
	m := &model{spell: s, index: make(map[string]int32), possible: make(map[Place][]int), bias: make(map[Place][]float32)}
	m.learnClasses(examples)
	instances := m.prepare(examples)
	squares := make([][]float32, len(m.weights))
	for i := range m.weights {
		m.weights[i] = make([]float32, len(m.classes))
		squares[i] = make([]float32, len(m.classes))
	}
	biasSquares := make(map[Place][]float32)
	for _, p := range Places() {
		m.bias[p] = make([]float32, len(m.classes))
		biasSquares[p] = make([]float32, len(m.classes))
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // an order of learning, and always the same
	scores := make([]float32, len(m.classes))
	for range epochs {
		for _, i := range random.Perm(len(instances)) {
			in := instances[i]
			if in.share < 1 && random.Float32() >= in.share {
				continue
			}
			places := in.at
			if len(in.also) > 0 && random.Float32() < alsoShare {
				places = in.also
			}
			place := places[random.IntN(len(places))]
			features, values := dropped(random, in)
			m.learn(place, in.class, features, values, scores, squares, biasSquares[place])
		}
	}
	return m
}

// dropped leaves out some features.
func dropped(random *rand.Rand, in instance) ([]int32, []float32) {
	features := make([]int32, 0, len(in.features))
	values := make([]float32, 0, len(in.features))
	for i, f := range in.features {
		if random.Float32() >= forget {
			features, values = append(features, f), append(values, in.values[i])
		}
	}
	return features, values
}

// learn makes one step of AdaGrad on the probability of the right class among
// those possible at the place.
func (m *model) learn(place Place, right int, features []int32, values, scores []float32, squares [][]float32, biasSquares []float32) {
	m.score(place, features, values, scores)
	possible := m.possible[place]
	softmax(scores, possible)
	bias := m.bias[place]
	for _, c := range possible {
		slope := scores[c]
		if c == right {
			slope--
		}
		if math.Abs(float64(slope)) < 1e-3 {
			continue
		}
		biasSquares[c] += slope * slope * 0.01
		bias[c] -= rate * 0.1 * slope * 0.1 / float32(math.Sqrt(float64(biasSquares[c])+1e-4))
		for i, f := range features {
			g := slope * values[i]
			w, sq := m.weights[f], squares[f]
			sq[c] += g * g
			w[c] -= rate*g/float32(math.Sqrt(float64(sq[c])+1e-6)) + decay*w[c]
		}
	}
}

// score fills in the score of every class possible at the place.
func (m *model) score(place Place, features []int32, values, scores []float32) {
	copy(scores, m.bias[place])
	for i, f := range features {
		v := values[i]
		for c, w := range m.weights[f] {
			scores[c] += v * w
		}
	}
}

// softmax turns the scores of the possible classes into probabilities.
func softmax(scores []float32, possible []int) {
	top := float32(math.Inf(-1))
	for _, c := range possible {
		top = max(top, scores[c])
	}
	var sum float32
	for _, c := range possible {
		scores[c] = float32(math.Exp(float64(scores[c] - top)))
		sum += scores[c]
	}
	for _, c := range possible {
		scores[c] /= sum
	}
}

// learnClasses notes the classes, and which are possible where.
func (m *model) learnClasses(examples []Example) {
	number := make(map[Class]int)
	for _, e := range examples {
		c, ok := number[e.Class]
		if !ok {
			c = len(m.classes)
			number[e.Class] = c
			m.classes = append(m.classes, e.Class)
		}
		for _, p := range slices.Concat(e.At, e.Also) {
			if !slices.Contains(m.possible[p], c) {
				m.possible[p] = append(m.possible[p], c)
			}
		}
	}
}

// prepare turns examples into instances and numbers the features.
func (m *model) prepare(examples []Example) []instance {
	traitsOf := make([][]feature, len(examples))
	count := make(map[string]int)
	for i, e := range examples {
		traitsOf[i] = traits(m.spell, Clean(e.Text))
		for _, f := range traitsOf[i] {
			count[f.name]++
		}
	}
	instances := make([]instance, len(examples))
	for i, e := range examples {
		in := instance{class: slices.Index(m.classes, e.Class), at: e.At, also: e.Also, share: e.Share}
		for _, f := range traitsOf[i] {
			if count[f.name] < minFeature {
				continue
			}
			n, ok := m.index[f.name]
			if !ok {
				n = int32(len(m.index))
				m.index[f.name] = n
			}
			in.features, in.values = append(in.features, n), append(in.values, f.value)
		}
		instances[i] = in
	}
	m.weights = make([][]float32, len(m.index))
	return instances
}
