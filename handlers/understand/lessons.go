package understand

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
)

// How the guard learns.
const (
	guardEpochs = 14
	guardRate   = 0.25
	guardDecay  = 1e-5 // of a weight at every step that touches it
	guardForget = 0.3  // share of the clues left out at each look, so that none alone decides
	guardLeast  = 0.1  // weight of a clue to be kept
	guardTerms  = 2    // times that all is learnt, each in another order; what counts is their mean
	asideShare  = 0.3  // of the examples of the meanings are looked at: they give nothing away
)

// lesson is a message, and whether it gives a secret away.
type lesson struct {
	evidence
	secret bool
}

// studied is a lesson with the numbers of those clues that count.
type studied struct {
	whole  []int32
	runs   [][]int32
	secret bool
}

// student learns a suspicion once, in an order of its own.
type student struct {
	bias, biasSquare float32
	weights, squares []float32
	random           *rand.Rand
}

// study learns from messages that give a secret away and others that do not.
// The same lessons give the same suspicion.
func study(lessons []lesson) suspicion {
	all, clues := numbered(lessons)
	out := suspicion{weights: make(map[uint64]float32, len(clues))}
	for term := range uint64(guardTerms) {
		s := student{weights: make([]float32, len(clues)), squares: make([]float32, len(clues))}
		s.random = rand.New(rand.NewPCG(7, term)) //nolint:gosec // an order of learning, and always the same
		for range guardEpochs {
			for _, i := range s.random.Perm(len(all)) {
				s.learn(all[i])
			}
		}
		out.bias += s.bias / guardTerms
		for i, w := range s.weights {
			out.weights[clues[i]] += w / guardTerms
		}
	}
	maps.DeleteFunc(out.weights, func(_ uint64, w float32) bool { return max(w, -w) < guardLeast })
	return out
}

// learn makes one step of AdaGrad on the clues of the whole message and of the
// run in it that looks most like a secret.
func (s *student) learn(l studied) {
	used := s.remembered(nil, l.whole)
	worst, most := -1, float32(math.Inf(-1))
	for i, r := range l.runs {
		if z := s.sum(r); z > most {
			worst, most = i, z
		}
	}
	if worst >= 0 {
		used = s.remembered(used, l.runs[worst])
	}
	slope := float32(logistic(s.bias + s.sum(used)/(1-guardForget)))
	if l.secret {
		slope--
	}
	if math.Abs(float64(slope)) < 1e-3 {
		return
	}
	s.biasSquare += slope * slope * 0.01
	s.bias -= guardRate * 0.01 * slope / float32(math.Sqrt(float64(s.biasSquare)+1e-4))
	g := slope * clueWeight
	for _, c := range used {
		s.squares[c] += g * g
		s.weights[c] -= guardRate*g/float32(math.Sqrt(float64(s.squares[c])+1e-6)) + guardDecay*s.weights[c]
	}
}

// remembered adds the clues to others, some of them left out.
func (s *student) remembered(used, clues []int32) []int32 {
	for _, c := range clues {
		if s.random.Float32() >= guardForget {
			used = append(used, c)
		}
	}
	return used
}

func (s *student) sum(clues []int32) float32 {
	var z float32
	for _, c := range clues {
		z += s.weights[c]
	}
	return z * clueWeight
}

// numbered numbers the clues that enough messages have, and gives them by
// their numbers.
func numbered(lessons []lesson) (all []studied, clues []uint64) {
	type count struct{ messages, last int }
	counts := make(map[uint64]count)
	for i, l := range lessons {
		for _, part := range append(slices.Clone(l.runs), l.whole) {
			for _, c := range part {
				if n := counts[c]; n.last != i+1 {
					counts[c] = count{n.messages + 1, i + 1}
				}
			}
		}
	}
	number := make(map[uint64]int32)
	those := func(of []uint64) (out []int32) {
		for _, c := range of {
			if counts[c].messages < minFeature {
				continue
			}
			n, ok := number[c]
			if !ok {
				n = int32(len(clues))
				number[c] = n
				clues = append(clues, c)
			}
			out = append(out, n)
		}
		return out
	}
	for _, l := range lessons {
		s := studied{whole: those(l.whole), secret: l.secret}
		for _, r := range l.runs {
			s.runs = append(s.runs, those(r))
		}
		all = append(all, s)
	}
	return all, clues
}
