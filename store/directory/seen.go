package directory

import "math/bits"

// seen remembers the NIPs of a file with the line that each stood in, in
// about 12 bytes each, so that a file of four million rows stays small beside
// everything else.
//
// A NIP that ParseNIP accepts fits into 48 bits. They are mixed by a
// one-to-one function; the upper 10 choose a shard, and the other 38 share a
// 64-bit slot with the line. No two NIPs look alike.
type seen struct{ shards [1 << shardBits]shard }

const (
	nipBits   = 48
	shardBits = 10
	restBits  = nipBits - shardBits
	lineBits  = 64 - restBits
	lastLine  = 1<<lineBits - 1 // 67 million; a line beyond is kept as this
)

// shard is a hash table with open addressing. A free slot is 0: lines begin
// with 1.
type shard struct {
	slots []uint64
	used  int
}

// add notes that the NIP stands in a line (from 1 on), and gives the line of
// an earlier row with the same NIP, or 0.
func (s *seen) add(nip string, line int) (before int) { return s.addKey(mix(pack(nip)), line) }

// line gives the line that a NIP stands in, or 0.
func (s *seen) line(nip string) int {
	key := mix(pack(nip))
	h := &s.shards[key>>restBits]
	if len(h.slots) == 0 {
		return 0
	}
	return int(h.slots[h.find(key&(1<<restBits-1))] & lastLine)
}

// addKey is add for a number of 48 bits that is spread already.
func (s *seen) addKey(key uint64, line int) (before int) {
	return s.shards[key>>restBits].add(key&(1<<restBits-1), uint64(min(line, lastLine)))
}

func (h *shard) add(rest, line uint64) (before int) {
	if h.used*5 >= len(h.slots)*4 {
		h.grow()
	}
	at := h.find(rest)
	if slot := h.slots[at]; slot != 0 {
		return int(slot & lastLine)
	}
	h.slots[at] = rest<<lineBits | line
	h.used++
	return 0
}

// find gives the slot of a key, or the free one where it belongs.
func (h *shard) find(rest uint64) int {
	hi, _ := bits.Mul64(rest<<(64-restBits), uint64(len(h.slots)))
	at := int(hi)
	for h.slots[at] != 0 && h.slots[at]>>lineBits != rest {
		if at++; at == len(h.slots) {
			at = 0
		}
	}
	return at
}

// grow makes half as many slots more, so that at least half are in use.
func (h *shard) grow() {
	old := h.slots
	h.slots = make([]uint64, len(old)+len(old)/2+16)
	for _, slot := range old {
		if slot != 0 {
			h.slots[h.find(slot>>lineBits)] = slot
		}
	}
}

// pack turns a valid NIP into a number below 2^48: 17 bits for the birth
// date, 20 for the six digits after it, one for the sex, 10 for the sequence.
func pack(nip string) uint64 {
	day := ((digitsOf(nip[:4])-firstYear)*12+digitsOf(nip[4:6])-1)*31 + digitsOf(nip[6:8]) - 1
	return day<<31 | digitsOf(nip[8:14])<<11 | (uint64(nip[14]-'1') << 10) | digitsOf(nip[15:18])
}

func digitsOf(s string) uint64 {
	var n uint64
	for i := range len(s) {
		n = n*10 + uint64(s[i]-'0')
	}
	return n
}

// mix spreads 48 bits, one to one: a shifted xor and a product with an odd
// number can both be undone.
func mix(x uint64) uint64 {
	const mask = 1<<nipBits - 1
	x ^= x >> (nipBits / 2)
	x = x * 0x9e3779b97f4a7c15 & mask
	x ^= x >> (nipBits / 2)
	x = x * 0xbf58476d1ce4e5b9 & mask
	return x ^ x>>(nipBits/2)
}
