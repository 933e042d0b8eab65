package guides

import (
	"fmt"
	"maps"
	"slices"
)

// checkReach finds pages that nobody reaches.
func (g *Guide) checkReach() []Problem {
	if len(g.steps) == 0 {
		return nil
	}
	reached := map[string]bool{titlePage: true}
	for _, at := range g.Positions() {
		step, beside := position(at)
		reached[step], reached[beside] = true, true
	}
	var out []Problem
	for _, id := range slices.Sorted(maps.Keys(g.pages)) {
		if !reached[id] {
			out = append(out, Problem{File: g.anyPage(id).file, Text: fmt.Sprintf("nobody reaches the page %q: name it in the problems or buttons of another, or take it away", id)})
		}
	}
	return out
}

// checkEnds finds positions from which no way leads to the end, in any
// situation in which people are led on.
func (g *Guide) checkEnds() []Problem {
	if len(g.steps) == 0 {
		return nil
	}
	positions := g.Positions()
	var out []Problem
	for s := range situations(g.buttonKeys()) {
		s.Language = indonesian
		if slices.ContainsFunc(g.steps, func(id string) bool { return g.page(id, "").stopped(s) }) {
			continue
		}
		lost := g.endless(positions, s)
		for _, at := range positions {
			step, beside := position(at)
			if id := first(beside, step); lost[at] && beside != menu {
				bad := Problem{File: g.anyPage(id).file, Line: 2, Text: "no way leads to the end from here: give the last step a button with go: done"}
				if !slices.Contains(out, bad) {
					out = append(out, bad)
				}
			}
		}
	}
	return out
}

// endless gives the positions from which no choice leads to the end.
func (g *Guide) endless(positions []string, s Situation) map[string]bool {
	lost := make(map[string]bool)
	for _, at := range positions {
		lost[at] = true
	}
	for changed := true; changed; {
		changed = false
		for _, at := range positions {
			if lost[at] && g.leadsOut(at, s, lost) {
				lost[at], changed = false, true
			}
		}
	}
	return lost
}

// leadsOut tells whether a choice ends the guide or leads to a position that
// is not lost.
func (g *Guide) leadsOut(at string, s Situation, lost map[string]bool) bool {
	choices, _ := g.choices(at, s)
	return slices.ContainsFunc(choices, func(c Choice) bool {
		next, end, err := g.Move(at, c.Kind, c.Target, s)
		return err == nil && (end == EndDone || c.Kind == ChoiceGuide || c.Kind == ChoicePhone || c.Kind == ChoiceNumber || !lost[next])
	})
}

// buttonKeys are what any button of the guide depends on.
func (g *Guide) buttonKeys() map[string]bool {
	out := make(map[string]bool)
	for _, byLanguage := range g.pages {
		for _, p := range byLanguage {
			if len(p.front.Stop) > 0 {
				out["verdict"] = true
			}
			for _, b := range p.front.Buttons {
				for _, part := range b.holds {
					out[part.key] = true
				}
			}
		}
	}
	return out
}

// anyPage gives a page in the first language that has it.
func (g *Guide) anyPage(id string) *page { return g.page(id, indonesian) }
