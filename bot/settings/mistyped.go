package settings

import (
	"maps"
	"slices"
	"strings"
)

// Typo is a name that is no setting, and most likely was meant as one.
type Typo struct {
	Name    string
	Meant   string // the setting that is nearest; empty: none is near
	Environ bool   // it stands in the environment, not in the file
}

// String says what is wrong.
func (t Typo) String() string {
	where := "in the file of settings"
	if t.Environ {
		where = "in the environment"
	}
	words := t.Name + ", " + where + ", is no setting"
	if t.Meant != "" {
		words += "; did you mean " + t.Meant + "?"
	}
	return words
}

// Mistyped gives the names in a .env file that are no settings, and those of the
// environment that differ from one by a slip: what else stands there is not
// ours.
func Mistyped(environ []string, dotenv string) []Typo {
	var out []Typo
	for _, name := range Unknown(dotenv) {
		out = append(out, Typo{Name: name, Meant: nearest(name)})
	}
	names := make(map[string]bool)
	for _, line := range environ {
		name, _, _ := strings.Cut(line, "=")
		names[name] = true
	}
	for _, d := range List() {
		delete(names, d.Name)
	}
	for _, name := range proxyNames() {
		delete(names, strings.ToLower(name))
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if meant := nearest(name); meant != "" {
			out = append(out, Typo{Name: name, Meant: meant, Environ: true})
		}
	}
	return out
}

// slips is in how many letters a name may differ from the one that was meant,
// by its length: of short names, others are near by chance.
func slips(name string) int {
	switch n := len(name); {
	case n < 6:
		return 0
	case n < 12:
		return 1
	}
	return 2
}

// nearest gives the setting that a name differs least from, by slips.
func nearest(name string) string {
	best, least := "", slips(name)+1
	for _, d := range List() {
		if n := distance(strings.ToUpper(name), d.Name); n < least {
			best, least = d.Name, n
		}
	}
	return best
}

// distance counts the letters that were left out, added, changed or swapped with
// their neighbour (optimal string alignment).
func distance(a, b string) int {
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		now[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			now[j+1] = min(last[j+1]+1, now[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				now[j+1] = min(now[j+1], before[j-1]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
