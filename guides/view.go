package guides

import (
	"fmt"
	"regexp"
	"slices"
)

// View gives the page at a position for a situation. It fails when the guide
// has no such page, or a placeholder has no value.
func (g *Guide) View(at string, s Situation) (View, error) {
	step, beside := g.position(at)
	id := step
	if beside != "" && beside != menu {
		id = beside
	}
	choices, ok := g.choices(at, s)
	p := g.page(id, s.Language)
	if !ok || p == nil {
		return View{}, fmt.Errorf("guide %s has no page %q", g.name, at)
	}
	for i, c := range choices {
		if c.Kind == ChoiceCopy {
			choices[i].Target, _ = s.variable(c.Target) // one that does not exist was refused with the page
		}
	}
	look := p.in(s)
	v := View{Title: look.Title, Choices: choices, Index: slices.Index(g.steps, step) + 1, Total: len(g.steps)}
	if v.Index == 0 {
		v.Total = 0
	}
	if beside == menu {
		v.Title, v.Body = g.labels[s.Language]["problem"], g.labels[s.Language]["problems"]
		return v, nil
	}
	body, err := Fill(p.text(s), s.variable)
	if err != nil {
		return View{}, fmt.Errorf("guide %s, page %s: %w", g.name, id, err)
	}
	v.Body, v.Picture, v.Varies = body, p.picture(s), g.varies(step, p, s)
	if v.Picture != nil && s.Mode == "text" {
		v.Shown, v.Picture = v.Picture.Alt, nil
	}
	return v, nil
}

// picture is a page's picture in a situation, or nil.
func (p *page) picture(s Situation) *Picture {
	look := p.in(s)
	if look.Picture == "" {
		return nil
	}
	found := p.pictures.find(look.Picture, s.Browser, p.language)
	if found == nil {
		return nil // impossible in a library that was checked
	}
	return &Picture{Name: found.Name, Data: found.Data, Alt: look.Alt}
}

// varies names what the page depends on, together with the step it was opened
// from, which may lead nobody on.
func (g *Guide) varies(step string, p *page, s Situation) []string {
	out := p.varies(s)
	if from := g.page(step, s.Language); from != nil && len(from.front.Stop) > 0 && !slices.Contains(out, "verdict") {
		out = append(out, "verdict")
		slices.Sort(out)
	}
	return out
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)
