package store

import (
	"slices"
	"testing"
	"time"
)

// A name counts as a dead process' when it was unlocked at all looks of three
// seconds. Whoever looks and was away itself, stopped or without a processor,
// begins to count anew: the others had no chance to be seen.
func TestWhoIsMissingForLongIsDead(t *testing.T) {
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		looks map[int]bool // by the second; whether the name was found unlocked
		dead  []int
	}{
		"for three seconds":         {map[int]bool{0: true, 1: true, 2: true, 3: true}, []int{3}},
		"back in between":           {map[int]bool{0: true, 1: true, 2: false, 3: true, 4: true, 5: true, 6: true}, []int{6}},
		"the looker was away":       {map[int]bool{0: true, 1: true, 4: true, 5: true, 6: true, 7: true}, []int{7}},
		"the looker was stopped":    {map[int]bool{0: true, 1: true, 60: true, 61: true}, nil},
		"the looker was a bit late": {map[int]bool{0: true, 2: true, 4: true}, []int{4}},
	} {
		t.Run(name, func(t *testing.T) {
			var m missing
			var dead []int
			for at := range 100 {
				unlocked, looks := tt.looks[at]
				if !looks {
					continue
				}
				var names []string
				if unlocked {
					names = []string{"a"}
				}
				if len(m.dead(names, begin.Add(time.Duration(at)*time.Second))) > 0 {
					dead = append(dead, at)
				}
			}
			if !slices.Equal(dead, tt.dead) {
				t.Errorf("dead at %d, want %d", dead, tt.dead)
			}
		})
	}
}
