package understand

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"maps"
	"math"
	"slices"
)

// learntSecrets is what the built-in messages teach the guard, made by go
// generate beside the model of the meanings.
//
//go:embed guard.bin
var learntSecrets []byte

// guardHead stands at the beginning of a packed suspicion.
const guardHead = "resetpin guard 1\n"

// clueWeight is what a clue counts beside its learnt weight.
const clueWeight = 0.2

// suspicion is what was learnt about how secrets are given away: a linear
// model over the clues of a message, and over those of the run of words in it
// that is the likeliest to be the secret.
type suspicion struct {
	weights map[uint64]float32
	bias    float32
}

// evidence is what a message says about whether it gives a secret away: the
// clues of the whole, and those of each run of words that can be one.
type evidence struct {
	strong bool // it holds what nobody writes but in a password
	whole  []uint64
	runs   [][]uint64
}

// of tells how likely it is that the message gives a secret away, from 0 to 1.
func (s suspicion) of(e evidence) float64 {
	z := s.bias + s.sum(e.whole)
	if len(e.runs) > 0 {
		worst := float32(math.Inf(-1))
		for _, r := range e.runs {
			worst = max(worst, s.sum(r))
		}
		z += worst
	}
	return logistic(z)
}

func (s suspicion) sum(clues []uint64) float32 {
	var z float32
	for _, c := range clues {
		z += s.weights[c]
	}
	return z * clueWeight
}

func logistic(z float32) float64 { return 1 / (1 + math.Exp(-float64(z))) }

// pack writes a suspicion behind the digest of what it was learnt from: the
// number of clues, the bias, the clues in order, and the weight of each. Numbers are little endian.
func (s suspicion) pack(digest [sha256.Size]byte) []byte {
	var b bytes.Buffer
	b.WriteString(guardHead)
	b.Write(digest[:])
	clues := slices.Sorted(maps.Keys(s.weights))
	weights := make([]float32, len(clues))
	for i, c := range clues {
		weights[i] = s.weights[c]
	}
	for _, part := range []any{uint32(len(clues)), s.bias, clues, weights} {
		_ = binary.Write(&b, binary.LittleEndian, part) // a buffer takes all
	}
	return b.Bytes()
}

// unpackSuspicion reads what pack wrote.
func unpackSuspicion(data []byte) (s suspicion, digest [sha256.Size]byte, err error) {
	const fixed = len(guardHead) + sha256.Size + 8
	if len(data) < fixed || !bytes.HasPrefix(data, []byte(guardHead)) || len(data)-fixed != 12*int(binary.LittleEndian.Uint32(data[fixed-8:])) {
		return s, digest, errForm
	}
	digest = [sha256.Size]byte(data[len(guardHead):])
	float := func(at int) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(data[at:])) }
	s.bias = float(fixed - 4)
	n := (len(data) - fixed) / 12
	s.weights = make(map[uint64]float32, n)
	for i := range n {
		s.weights[binary.LittleEndian.Uint64(data[fixed+8*i:])] = float(fixed + 8*n + 4*i)
	}
	return s, digest, nil
}
