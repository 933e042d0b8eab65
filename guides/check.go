package guides

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Bounds of what can be read on a small phone, and of what platforms take.
const (
	maxSentence   = 18        // words
	maxMean       = 9.0       // words of a sentence, on average over a page
	maxWords      = 85        // of one page in one situation
	maxWord       = 16        // letters of a word: a longer one does not fit beside others on a small phone
	maxBody       = 520       // characters of one page in one situation, as they are shown
	maxCaption    = 1024      // Telegram's bound for a text beside a picture, in UTF-16 code units
	maxText       = 4096      // Telegram's bound for a text by itself
	maxPost       = 4000      // Mattermost's smallest bound for a post, in characters
	maxLabel      = 28        // characters on a button
	maxButtons    = 10        // under one page: more hide the text
	maxFolder     = 8         // letters of a guide's name, for the little room in a button's data
	maxPicture    = 200 << 10 // bytes
	longestDetail = 60        // characters of a help desk's contact that must fit
)

// check finds what is wrong with guides that could be read.
func (l *Library) check() []Problem {
	out := slices.Concat(l.checkLabels(), l.checkGlossary())
	for _, name := range slices.Sorted(maps.Keys(l.guides)) {
		out = append(out, l.checkGuide(l.guides[name])...)
	}
	return out
}

func (l *Library) checkLabels() []Problem {
	var out []Problem
	for _, lang := range l.languages {
		for _, key := range []string{"next", "back", "return", "problem", "problems", "stop"} {
			if l.labels[lang][key] == "" {
				out = append(out, Problem{File: labelsFile, Text: fmt.Sprintf("the label %q is missing in %q", key, lang)})
			}
		}
	}
	return out
}

// checkGlossary makes sure that every word of the glossary can be found.
func (l *Library) checkGlossary() []Problem {
	var out []Problem
	for _, lang := range slices.Sorted(maps.Keys(l.glossary)) {
		for _, word := range slices.Sorted(maps.Keys(l.glossary[lang])) {
			if plain := strings.TrimSpace(plainly(word)); plain != word {
				out = append(out, Problem{File: glossaryFile, Text: fmt.Sprintf("write %q instead of %q: small letters, without signs", plain, word)})
			}
		}
	}
	return out
}

func (l *Library) checkGuide(g *Guide) []Problem {
	var out []Problem
	if len(g.name) > maxFolder {
		out = append(out, Problem{File: g.name, Text: fmt.Sprintf("give the folder a name of at most %d letters", maxFolder)})
	}
	if len(g.steps) > 0 && g.pages[titlePage] == nil {
		out = append(out, Problem{File: g.name, Text: "the page title.id.md with the guide's title is missing"})
	}
	for _, id := range slices.Sorted(maps.Keys(g.pages)) {
		byLanguage := g.pages[id]
		for _, lang := range l.languages {
			p := byLanguage[lang]
			if p == nil {
				out = append(out, Problem{File: g.name, Text: fmt.Sprintf("the page %q is missing in %q", id, lang)})
				continue
			}
			out = append(out, l.checkPage(g, id, p)...)
			if first := byLanguage[indonesian]; first != nil && !first.unread && !p.unread && shape(first) != shape(p) {
				out = append(out, Problem{File: p.file, Line: 2, Text: "also, problems, pictures, stop, variants and buttons are to be the same as in " + first.file})
			}
		}
	}
	return slices.Concat(out, g.checkNamed(), g.checkReach(), g.checkEnds())
}

// shape is what must be the same in every language.
func shape(p *page) string {
	out := fmt.Sprint(p.front.Also, p.front.Problems, p.front.Picture, p.front.Stop, p.front.Order)
	for _, b := range p.front.Buttons {
		out += ";" + b.Go + " " + b.When
	}
	for _, v := range p.front.Variants {
		out += ";" + v.When + " " + v.Picture + fmt.Sprint(v.Title != "", v.Next != "")
	}
	return out
}
