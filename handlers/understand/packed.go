package understand

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// learnt is what the built-in sentences teach, made by go generate. It is
// asked where it lies and takes no memory of its own.
//
//go:generate go run ./learn model.bin guard.bin
//go:embed model.bin
var learnt []byte

// head stands at the beginning of a packed model; another form has another one.
const head = "resetpin model 1\n"

var errForm = errors.New("not a packed model of this program")

// packed is a learnt model as it is asked: its head, the digest of what it was
// learnt from, the classes, the places with what is possible and how likely it
// is beforehand, and for every feature its hash, a scale, and one byte a class.
// Numbers are little endian.
type packed struct {
	spell    *speller
	digest   [sha256.Size]byte
	classes  []Class
	possible map[Place][]int
	bias     map[Place][]float32
	features int
	hashes   []byte // 8 bytes each, in order
	scales   []byte // 4 bytes each
	weights  []byte // a row of one byte a class each
}

// digest names what a model is learnt from, by the names of the files.
func digest(files map[string][]byte) [sha256.Size]byte {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		_, _ = fmt.Fprintf(h, "%s %d\n", name, len(files[name])) // a hash takes all
		h.Write(files[name])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// pack writes a model. It fails for two features of one hash.
func (m *model) pack(digest [sha256.Size]byte) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(head)
	b.Write(digest[:])
	number := func(n int) { _ = binary.Write(&b, binary.LittleEndian, uint32(n)) } // a buffer takes all
	word := func(s string) { number(len(s)); b.WriteString(s) }
	number(len(m.classes))
	for _, c := range m.classes {
		word(string(c))
	}
	number(len(Places()))
	for _, p := range Places() {
		word(string(p))
		number(len(m.possible[p]))
		for _, c := range m.possible[p] {
			number(c)
		}
		_ = binary.Write(&b, binary.LittleEndian, m.bias[p])
	}
	number(len(m.index))
	rows := make(map[uint64]int32, len(m.index))
	for name, row := range m.index {
		rows[xxhash.Sum64String(name)] = row
	}
	if len(rows) != len(m.index) {
		return nil, errors.New("two features of the sentences have one hash")
	}
	order := slices.Sorted(maps.Keys(rows))
	_ = binary.Write(&b, binary.LittleEndian, order)
	scales, weights := make([]float32, len(order)), make([]byte, 0, len(order)*len(m.classes))
	for i, hash := range order {
		row := m.weights[rows[hash]]
		scales[i] = scaleOf(row)
		for _, w := range row {
			weights = append(weights, byte(int8(math.Round(float64(w/scales[i])))))
		}
	}
	_ = binary.Write(&b, binary.LittleEndian, scales)
	b.Write(weights)
	return b.Bytes(), nil
}

// scaleOf is what one of 127 steps of a row's weights is worth.
func scaleOf(row []float32) float32 {
	most := float32(0)
	for _, w := range row {
		most = max(most, w, -w)
	}
	return max(most, 1e-9) / 127
}

// unpack reads what pack wrote; the rows stay where they lie in data.
func unpack(data []byte, s *speller) (p *packed, err error) {
	defer func() { // a cut or foreign file ends anywhere
		if recover() != nil {
			p, err = nil, errForm
		}
	}()
	if !bytes.HasPrefix(data, []byte(head)) {
		return nil, errForm
	}
	data = data[len(head):]
	take := func(n int) []byte { part := data[:n:n]; data = data[n:]; return part }
	number := func() int { return int(binary.LittleEndian.Uint32(take(4))) }
	word := func() string { return string(take(number())) }
	p = &packed{spell: s, possible: make(map[Place][]int), bias: make(map[Place][]float32)}
	p.digest = [sha256.Size]byte(take(sha256.Size))
	for range number() {
		p.classes = append(p.classes, Class(word()))
	}
	for range number() {
		place := Place(word())
		for range number() {
			p.possible[place] = append(p.possible[place], number())
		}
		bias := make([]float32, len(p.classes))
		for i := range bias {
			bias[i] = math.Float32frombits(binary.LittleEndian.Uint32(take(4)))
		}
		p.bias[place] = bias
	}
	p.features = number()
	p.hashes, p.scales, p.weights = take(8*p.features), take(4*p.features), take(p.features*len(p.classes))
	if len(data) != 0 {
		return nil, errForm
	}
	return p, nil
}

// row finds a feature.
func (p *packed) row(feature string) (row []byte, scale float32, ok bool) {
	hash := xxhash.Sum64String(feature)
	i := sort.Search(p.features, func(i int) bool { return binary.LittleEndian.Uint64(p.hashes[8*i:]) >= hash })
	if i == p.features || binary.LittleEndian.Uint64(p.hashes[8*i:]) != hash {
		return nil, 0, false
	}
	n := len(p.classes)
	return p.weights[i*n : (i+1)*n], math.Float32frombits(binary.LittleEndian.Uint32(p.scales[4*i:])), true
}

// add adds what a feature says to the scores, when it was learnt.
func (p *packed) add(feature string, value float32, scores []float32) bool {
	row, scale, ok := p.row(feature)
	if !ok {
		return false
	}
	for c, w := range row {
		scores[c] += value * scale * float32(int8(w))
	}
	return true
}

// Scored is a class and how likely it is, from 0 to 1.
type Scored struct {
	Class Class
	Score float64
}

// heard tells of a sentence's words whether the examples have any, or the most
// parts of one, without which what is likely says nothing; and whether there is
// one that they have not.
type heard struct{ any, strange bool }

// judge gives the classes possible at a place, the likeliest first.
func (p *packed) judge(place Place, text string) (out []Scored, told heard) {
	scores := slices.Clone(p.bias[place])
	parts, familiar := 0, 0
	for _, f := range traits(p.spell, text) {
		found := p.add(f.name, f.value, scores)
		switch {
		case strings.HasPrefix(f.name, "c "):
			parts++
			if found {
				familiar++
			}
		case perPlace(f.name):
			if strings.HasPrefix(f.name, "w ") && f.name != "w ?" {
				told.any = told.any || found
				told.strange = told.strange || !found
			}
			p.add(placed(place, f.name), f.value*weightPlaced, scores)
		}
	}
	told.any = told.any || parts > 0 && float64(familiar) >= enough*float64(parts)
	possible := p.possible[place]
	softmax(scores, possible)
	for _, c := range possible {
		out = append(out, Scored{p.classes[c], float64(scores[c])})
	}
	slices.SortStableFunc(out, func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) })
	return out, told
}
