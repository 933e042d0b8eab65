package guides

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of what can be read on a small phone, and of what platforms take.
const (
	maxSentence = 18   // words
	maxBody     = 800  // characters of one page in one situation
	maxCaption  = 1024 // Telegram's bound for a text beside a picture
	maxLabel    = 28   // characters on a button
	maxPicture  = 200 << 10
)

// check finds what is wrong with guides that could be read.
func (l *Library) check() []Problem {
	var out []Problem
	for _, name := range slices.Sorted(maps.Keys(l.guides)) {
		out = append(out, l.checkGuide(l.guides[name])...)
	}
	for _, lang := range languages() {
		for _, key := range []string{"next", "back", "return", "problem", "problems", "stop"} {
			for _, g := range l.guides {
				if g.labels[lang][key] == "" {
					out = append(out, Problem{File: "labels.yaml", Text: fmt.Sprintf("the label %q is missing in %q", key, lang)})
				}
				break
			}
		}
	}
	return out
}

func (l *Library) checkGuide(g *Guide) []Problem {
	var out []Problem
	if len(g.name) > 8 {
		out = append(out, Problem{File: g.name, Text: "give the folder a name of at most 8 letters"})
	}
	if len(g.steps) > 0 && g.pages[titlePage] == nil {
		out = append(out, Problem{File: g.name, Text: "the page title.id.md with the guide's title is missing"})
	}
	for _, id := range slices.Sorted(maps.Keys(g.pages)) {
		byLanguage := g.pages[id]
		for _, lang := range languages() {
			p := byLanguage[lang]
			if p == nil {
				out = append(out, Problem{File: g.name, Text: fmt.Sprintf("the page %q is missing in %q", id, lang)})
				continue
			}
			out = append(out, l.checkPage(g, id, p)...)
		}
		if id, en := byLanguage["id"], byLanguage["en"]; id != nil && en != nil && shape(id) != shape(en) {
			out = append(out, Problem{File: en.file, Line: 2, Text: "problems, pictures and buttons are to be the same as in " + id.file})
		}
	}
	return append(out, g.checkReach()...)
}

// shape is what must be the same in every language.
func shape(p *page) string {
	var b strings.Builder
	for _, button := range p.front.Buttons {
		b.WriteString(button.Go + ";")
	}
	return fmt.Sprint(p.front.Problems, p.front.Picture != "", b.String())
}

// checkReach finds pages that nobody reaches.
func (g *Guide) checkReach() []Problem {
	if len(g.steps) == 0 {
		return nil
	}
	reached := map[string]bool{titlePage: true}
	for _, step := range g.steps {
		reached[step] = true
	}
	for changed := true; changed; {
		changed = false
		for id := range reached {
			for _, p := range g.pages[id] {
				targets := slices.Clone(p.front.Problems)
				for _, b := range p.front.Buttons {
					if kind, target := parseGo(b.Go); kind == ChoicePage {
						targets = append(targets, target)
					}
				}
				for _, t := range targets {
					if !reached[t] {
						reached[t], changed = true, true
					}
				}
			}
		}
	}
	var out []Problem
	for _, id := range slices.Sorted(maps.Keys(g.pages)) {
		if !reached[id] {
			out = append(out, Problem{File: g.name, Text: fmt.Sprintf("nobody reaches the page %q: name it in the problems or buttons of another", id)})
		}
	}
	return out
}

func (l *Library) checkPage(g *Guide, id string, p *page) []Problem {
	var out []Problem
	bad := func(line int, format string, args ...any) {
		out = append(out, Problem{File: p.file, Line: line, Text: fmt.Sprintf(format, args...)})
	}
	if p.front.Title == "" {
		bad(2, "the title is missing")
	}
	if p.body == "" && id != titlePage {
		bad(p.bodyLine, "the text is missing")
	}
	for _, problem := range p.front.Problems {
		if g.pages[problem] == nil {
			bad(2, "problems name the page %q, which does not exist", problem)
		} else if n := utf8.RuneCountInString(g.page(problem, "").front.Title); n > maxLabel {
			bad(2, "the title of %q becomes a button: at most %d characters, it has %d", problem, maxLabel, n)
		}
	}
	for _, b := range append(p.front.Buttons, button{Label: p.front.Next, Go: "next"}) {
		if n := utf8.RuneCountInString(b.Label); n > maxLabel {
			bad(2, "the button %q has %d characters, at most %d fit", b.Label, n, maxLabel)
		}
		switch kind, target := parseGo(b.Go); {
		case b.Go == "next":
		case b.Label == "":
			bad(2, "a button has no label")
		case kind == ChoicePage && g.pages[target] == nil:
			bad(2, "the button %q leads to the page %q, which does not exist", b.Label, target)
		case kind == ChoiceGuide && l.guides[target] == nil:
			bad(2, "the button %q leads to the guide %q, which does not exist", b.Label, target)
		}
	}
	if p.picture != nil {
		if p.picture.Alt == "" {
			bad(2, "the picture has no alt: say what it shows, for those who cannot see it")
		}
		if len(p.picture.Data) > maxPicture {
			bad(2, "the picture has %d KB, at most %d", len(p.picture.Data)>>10, maxPicture>>10)
		}
	}
	return append(out, checkBody(p)...)
}

var (
	address  = regexp.MustCompile(`(?i)\b(?:[a-z0-9-]+\.)+(?:id|com|net|org|gov)\b`)
	sentence = regexp.MustCompile(`[.!?:](?:\s|$)|\n`)
	variant  = regexp.MustCompile(`^:::\s*(?:(browser|platform|verdict)((?: [a-z]+)+))?$`)
)

// known values of the blocks.
func variants() map[string][]string {
	return map[string][]string{
		"browser":  {"chrome", "android", "edge", "firefox", "safari", "iphone", "unknown"},
		"platform": {"telegram", "mattermost", "unknown"},
		"verdict":  {"trusted", "expected", "unknown", "bad"},
	}
}

// checkBody looks at every line of a page.
func checkBody(p *page) []Problem {
	var out []Problem
	for i, line := range strings.Split(p.body, "\n") {
		bad := func(format string, args ...any) {
			out = append(out, Problem{File: p.file, Line: p.bodyLine + i, Text: fmt.Sprintf(format, args...)})
		}
		if strings.HasPrefix(strings.TrimSpace(line), ":::") {
			checkVariant(strings.TrimSpace(line), bad)
			continue
		}
		for _, host := range address.FindAllString(line, -1) {
			bad("names the address %s: write {site}, {sender} or {email} instead, so that it is always the genuine one", host)
		}
		for _, ph := range placeholder.FindAllString(line, -1) {
			if !slices.Contains([]string{"{site}", "{sender}", "{subject}", "{email}", "{helpdesk}"}, ph) {
				bad("%s is not known", ph)
			}
		}
		for _, s := range sentence.Split(line, -1) {
			if n := len(strings.Fields(s)); n > maxSentence {
				bad("a sentence of %d words; at most %d can be read at a glance", n, maxSentence)
			}
		}
	}
	limit := maxBody
	if p.picture != nil {
		limit = min(maxBody, maxCaption-utf8.RuneCountInString(p.front.Title)-60)
	}
	if n := utf8.RuneCountInString(choose(p.body, Situation{})); n > limit {
		out = append(out, Problem{File: p.file, Line: p.bodyLine, Text: fmt.Sprintf("the text has %d characters, at most %d fit on a small phone", n, limit)})
	}
	return out
}

func checkVariant(line string, bad func(string, ...any)) {
	m := variant.FindStringSubmatch(line)
	if m == nil {
		bad("write ::: browser NAME…, ::: platform NAME… or ::: verdict NAME…, and ::: alone at the end")
		return
	}
	for _, value := range strings.Fields(m[2]) {
		if !slices.Contains(variants()[m[1]], value) {
			bad("%s has no value %q; known are %s", m[1], value, strings.Join(variants()[m[1]], ", "))
		}
	}
}
