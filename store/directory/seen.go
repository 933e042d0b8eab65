package directory

// seen remembers in which line of a file something stood, in some 40 bytes for
// each: a file of a million rows takes 40 MB for a while.
type seen map[uint64]int32

// add notes that something stands in a line (from 1 on), and gives the line in
// which it stood before, or 0.
func (s seen) add(key uint64, line int) (before int) {
	if before := s[key]; before != 0 {
		return int(before)
	}
	s[key] = int32(line)
	return 0
}

// digitsOf is a number of at most 19 digits.
func digitsOf(s string) uint64 {
	var n uint64
	for i := range len(s) {
		n = n*10 + uint64(s[i]-'0')
	}
	return n
}
