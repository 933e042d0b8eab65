package guides

import (
	"maps"
	"slices"
	"strings"
)

// offers tells whether a position shows such a choice.
func (g *Guide) offers(at string, kind ChoiceKind, target string, s Situation) bool {
	choices, ok := g.choices(at, s)
	return ok && slices.ContainsFunc(choices, func(c Choice) bool { return c.Kind == kind && c.Target == target })
}

// choices gives the buttons of a position. Where the certificate says stop,
// none leads past the step.
func (g *Guide) choices(at string, s Situation) ([]Choice, bool) {
	step, beside := g.position(at)
	all, ok := g.allChoices(step, beside, s)
	if p := g.page(step, s.Language); p != nil && p.stopped(s) {
		i := slices.Index(g.steps, step)
		all = slices.DeleteFunc(all, func(c Choice) bool {
			return c.Kind == ChoicePage && slices.Index(g.steps, c.Target) > i
		})
	}
	return all, ok
}

func (g *Guide) allChoices(step, beside string, s Situation) ([]Choice, bool) {
	i := slices.Index(g.steps, step)
	label := func(key string) string { return g.labels[s.Language][key] }
	switch {
	case beside == menu && i >= 0:
		return g.problemList(step, s, label("back")), true
	case beside != "" && i >= 0:
		p := g.page(beside, s.Language)
		if p == nil {
			return nil, false
		}
		return append(extra(p.in(s)), Choice{Label: label("return"), Kind: ChoiceBack}, Choice{Label: label("stop"), Kind: ChoiceStop}), true
	}
	p := g.page(step, s.Language)
	if p == nil {
		return nil, false
	}
	look := p.in(s)
	out := extra(look)
	if i < 0 {
		return out, true // a page beside the steps, shown by itself
	}
	if i < len(g.steps)-1 && !p.stopped(s) {
		for j := range out {
			out[j].Primary = false
		}
		out = append([]Choice{{Label: first(look.Next, label("next")), Kind: ChoiceNext, Primary: true}}, out...)
	}
	if len(look.Problems) > 0 {
		out = append(out, Choice{Label: label("problem"), Kind: ChoiceProblem})
	}
	if i > 0 {
		out = append(out, Choice{Label: label("back"), Kind: ChoiceBack})
	}
	return append(out, Choice{Label: label("stop"), Kind: ChoiceStop}), true
}

// problemList offers the pages about what goes wrong at a step.
func (g *Guide) problemList(step string, s Situation, back string) []Choice {
	var out []Choice
	if p := g.page(step, s.Language); p != nil {
		for _, id := range p.front.Problems {
			if problem := g.page(id, s.Language); problem != nil {
				out = append(out, Choice{Label: problem.in(s).Title, Kind: ChoicePage, Target: id})
			}
		}
	}
	return append(out, Choice{Label: back, Kind: ChoiceBack})
}

// extra gives the buttons that a page's front matter adds. The first is the
// one to press on pages that have no next step.
func extra(f front) []Choice {
	var out []Choice
	primary := false
	for _, b := range f.Buttons {
		kind, target := parseGo(b.Go)
		c := Choice{Label: b.Label, Kind: kind, Target: target}
		if kind != ChoiceCopy && !primary {
			c.Primary, primary = true, true
		}
		out = append(out, c)
	}
	return out
}

// Positions lists every position of a guide that can be shown: each step, its
// list of problems, and the pages that are opened from it. A guide without
// steps has its pages.
func (g *Guide) Positions() []string {
	if len(g.steps) == 0 {
		return slices.Sorted(maps.Keys(g.pages))
	}
	var out []string
	for _, step := range g.steps {
		out = append(out, step)
		p := g.page(step, "")
		if len(p.front.Problems) > 0 {
			out = append(out, step+"+"+menu)
		}
		seen := map[string]bool{step: true}
		for todo := p.leads(); len(todo) > 0; todo = todo[1:] {
			id := todo[0]
			if beside := g.page(id, ""); beside != nil && !seen[id] && !slices.Contains(g.steps, id) {
				out = append(out, step+"+"+id)
				todo = append(todo, beside.leads()...)
			}
			seen[id] = true
		}
	}
	return out
}

// leads lists the pages that a page's problems and buttons name.
func (p *page) leads() []string {
	out := slices.Clone(p.front.Problems)
	for _, b := range p.front.Buttons {
		if kind, target := parseGo(b.Go); kind == ChoicePage {
			out = append(out, target)
		}
	}
	return out
}

// parseGo reads where a button goes; what is no word of its own is a page.
func parseGo(s string) (ChoiceKind, string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	if word == "person" { // the same in the words of who is met there
		word = string(ChoiceHelpdesk)
	}
	switch kind := ChoiceKind(word); kind {
	case ChoiceHelpdesk:
		return kind, strings.TrimSpace(rest) // what it is about, for officers
	case ChoiceReset, ChoiceStatus, ChoiceDone, ChoiceProblem, ChoiceBrowser, ChoicePhone, ChoiceNumber:
		return kind, ""
	case ChoiceGuide, ChoiceCopy:
		return kind, strings.TrimSpace(rest)
	}
	return ChoicePage, word
}
