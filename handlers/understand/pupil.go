package understand

import (
	"math"
	"math/rand/v2"
	"slices"
)

// pupil learns a model once, in an order of its own.
type pupil struct {
	of          *model
	weights     [][]float32
	squares     [][]float32
	bias        map[Place][]float32
	biasSquares map[Place][]float32
	scores      []float32
}

func newPupil(m *model) *pupil {
	p := &pupil{of: m, bias: make(map[Place][]float32), biasSquares: make(map[Place][]float32), scores: make([]float32, len(m.classes))}
	n := len(m.classes)
	p.weights, p.squares = rows(len(m.weights), n), rows(len(m.weights), n)
	for _, place := range Places() {
		p.bias[place], p.biasSquares[place] = make([]float32, n), make([]float32, n)
	}
	return p
}

// rows gives rows of n zeros each.
func rows(count, n int) [][]float32 {
	all := make([]float32, count*n)
	out := make([][]float32, count)
	for i := range out {
		out[i] = all[i*n : (i+1)*n : (i+1)*n]
	}
	return out
}

// study looks at every instance many times, each time at one of its places.
func (p *pupil) study(instances []instance, order uint64) {
	random := rand.New(rand.NewPCG(1, 2+order)) //nolint:gosec // an order of learning, and always the same
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
			features, values := dropped(random, p.of.at(place, in))
			p.learn(place, in.class, features, values)
		}
	}
}

// at gives an instance with the features that its words have at the place.
func (m *model) at(place Place, in instance) instance {
	in.features, in.values = slices.Clone(in.features), slices.Clone(in.values)
	for _, w := range in.words {
		if n, ok := m.index[placed(place, w.name)]; ok {
			in.features, in.values = append(in.features, n), append(in.values, w.value*weightPlaced)
		}
	}
	return in
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
func (p *pupil) learn(place Place, right int, features []int32, values []float32) {
	p.score(place, features, values)
	possible := p.of.possible[place]
	softmax(p.scores, possible)
	bias, biasSquares := p.bias[place], p.biasSquares[place]
	for _, c := range possible {
		slope := p.scores[c]
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
			w, sq := p.weights[f], p.squares[f]
			sq[c] += g * g
			w[c] -= rate*g/float32(math.Sqrt(float64(sq[c])+1e-6)) + decay*w[c]
		}
	}
}

// score fills in the score of every class possible at the place.
func (p *pupil) score(place Place, features []int32, values []float32) {
	copy(p.scores, p.bias[place])
	for i, f := range features {
		v := values[i]
		for c, w := range p.weights[f] {
			p.scores[c] += v * w
		}
	}
}

// addTo adds what was learnt to the mean of all pupils.
func (p *pupil) addTo(m *model) {
	for f, row := range p.weights {
		for c, w := range row {
			m.weights[f][c] += w / lessons
		}
	}
	for place, row := range p.bias {
		for c, w := range row {
			m.bias[place][c] += w / lessons
		}
	}
}
