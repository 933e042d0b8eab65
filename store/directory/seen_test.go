package directory

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// someNIP gives a valid NIP; most of a small range, so that many come twice.
func someNIP(r *rand.Rand, days int) string {
	born := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(days))
	return fmt.Sprintf("%s%06d%d%03d", born.Format("20060102"), r.IntN(20), 1+r.IntN(2), r.IntN(20))
}

func TestSeenAgreesWithAMap(t *testing.T) {
	for _, days := range []int{1, 200, 73000} {
		r := rand.New(rand.NewPCG(1, uint64(days)))
		s, want := new(seen), make(map[string]int)
		for line := 2; line < 50_000; line++ {
			nip := someNIP(r, days)
			if got := s.add(nip, line); got != want[nip] {
				t.Fatalf("add(%s, %d) = %d, want %d", nip, line, got, want[nip])
			}
			if want[nip] == 0 {
				want[nip] = line
			}
		}
	}
}

func TestSeenTellsNeighboursApart(t *testing.T) {
	s := new(seen)
	for i, nip := range []string{
		"190001010000001000", "190001010000001001", "190001010000002000", "190001010000011000",
		"190001020000001000", "190002010000001000", "190101010000001000", "209912319999992999",
	} {
		if got := s.add(nip, i+1); got != 0 {
			t.Errorf("%s is taken for line %d", nip, got)
		}
	}
	if got := s.add("209912319999992999", 99); got != 8 {
		t.Errorf("got line %d, want 8", got)
	}
	s.add("209912319999992998", lastLine+5)
	if got := s.add("209912319999992998", 99); got != lastLine {
		t.Errorf("a line too far to be kept is told as %d", got)
	}
}

// Four million rows are to stay below 64 MB: at most 16 bytes each, however
// they are spread.
func TestSeenStaysSmall(t *testing.T) {
	const rows = 1_000_000
	s := new(seen)
	nip := []byte("198001010000001000")
	for i := range rows {
		copy(nip[8:], fmt.Appendf(nil, "%06d1%03d", i/1000, i%1000))
		if before := s.add(string(nip), i+2); before != 0 {
			t.Fatalf("row %d is taken for line %d", i, before)
		}
	}
	slots := 0
	for i := range s.shards {
		slots += len(s.shards[i].slots)
	}
	if perRow := float64(slots) * 8 / rows; perRow > 16 {
		t.Errorf("%.1f bytes for a row", perRow)
	}
}
