package guides

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// pageCheck gathers what is wrong with one page, each thing once.
type pageCheck struct {
	library *Library
	guide   *Guide
	page    *page
	found   []Problem
	hard    map[string]bool // bounds of what is read at ease that were told
}

func (c *pageCheck) bad(line int, format string, args ...any) {
	p := Problem{File: c.page.file, Line: line, Text: fmt.Sprintf(format, args...)}
	if !slices.Contains(c.found, p) {
		c.found = append(c.found, p)
	}
}

func (l *Library) checkPage(g *Guide, id string, p *page) []Problem {
	c := &pageCheck{library: l, guide: g, page: p}
	switch {
	case p.unread:
		return nil
	case p.front.Title == "":
		c.bad(2, "the title is missing")
	case id == titlePage:
		c.label(p.lineOf("title:"), "the guide's title", p.front.Title)
	}
	if p.body == "" && id != titlePage {
		c.bad(p.bodyLine, "the text is missing")
	}
	c.also(id)
	c.problems()
	c.buttons()
	c.pictures()
	c.stops()
	c.words()
	if p.body != "" {
		c.lengths()
	}
	return c.found
}

// label bounds what stands on a button.
func (c *pageCheck) label(line int, what, label string) {
	if n := utf8.RuneCountInString(label); n > maxLabel {
		c.bad(line, "%s %q has %d characters, at most %d fit on a button", what, label, n, maxLabel)
	}
}

// also looks at the steps that became part of this one.
func (c *pageCheck) also(id string) {
	line := c.page.lineOf("also:")
	for _, was := range c.page.front.Also {
		switch {
		case !slices.Contains(c.guide.steps, id):
			c.bad(line, "also: only a step can stand for others")
		case c.guide.pages[was] != nil:
			c.bad(line, "also: the page %q is still there", was)
		case c.guide.merged[was] != id:
			c.bad(line, "also: the step %q became part of %q too", was, c.guide.merged[was])
		}
	}
}

func (c *pageCheck) problems() {
	line := c.page.lineOf("problems:")
	for _, id := range c.page.front.Problems {
		problem := c.guide.page(id, c.page.language)
		if problem == nil {
			c.bad(line, "problems name the page %q, which does not exist", id)
			continue
		}
		c.label(line, "the title of "+problem.file, problem.front.Title)
		for _, v := range problem.front.Variants {
			c.label(line, "a title of "+problem.file, v.Title)
		}
	}
}

func (c *pageCheck) buttons() {
	c.label(c.page.lineOf("next:"), "the button", c.page.front.Next)
	for _, v := range c.page.front.Variants {
		c.label(c.page.lineOf("when: "+v.When), "the button", v.Next)
	}
	for _, b := range c.page.front.Buttons {
		line := c.page.lineOf("label: " + b.Label)
		c.label(line, "the button", b.Label)
		switch kind, target := parseGo(b.Go); {
		case b.Label == "":
			c.bad(2, "a button has no label")
		case b.Go == "":
			c.bad(line, "the button %q leads nowhere: say where with go:", b.Label)
		case kind == ChoicePage && c.guide.pages[target] == nil:
			c.bad(line, "the button %q leads to the page %q, which does not exist", b.Label, target)
		case kind == ChoiceCopy && Examples()[target] == "":
			c.bad(line, "the button %q copies {%s}, which is no placeholder", b.Label, target)
		case kind == ChoiceGuide && (c.library.guides[target] == nil || c.library.guides[target].First() == ""):
			c.bad(line, "the button %q leads to the guide %q, which does not exist", b.Label, target)
		}
	}
}

// pictures looks at every picture that the page can show.
func (c *pageCheck) pictures() {
	f := c.page.front
	for _, v := range append([]variant{{Picture: f.Picture, Alt: f.Alt}}, f.Variants...) {
		line := c.page.lineOf("picture: " + v.Picture)
		switch {
		case v.Picture == "" || v.Picture == noPicture:
			if v.Alt != "" {
				c.bad(c.page.lineOf("alt: "+v.Alt), "there is an alt, but no picture: add picture:, or take the alt away")
			}
			continue
		case strings.Contains(v.Picture, "."):
			c.bad(line, "write the picture's name alone: picture: %s", strings.SplitN(v.Picture, ".", 2)[0])
			continue
		case c.page.pictures.find(v.Picture, "", c.page.language) == nil:
			c.bad(line, "the picture %s.%s.png is not in the folder %s: put it there", v.Picture, c.page.language, c.guide.name)
		}
		if v.Alt == "" {
			c.bad(line, "the picture has no alt: say what it shows, for those who cannot see it")
		}
	}
}

// stops looks at the verdicts with which nobody is led on.
func (c *pageCheck) stops() {
	line := c.page.lineOf("stop:")
	for _, verdict := range c.page.front.Stop {
		if !slices.Contains(keys()["verdict"], verdict) {
			c.bad(line, "stop: verdict has no value %q; known are %s", verdict, strings.Join(keys()["verdict"], ", "))
			continue
		}
		s := Situation{Verdict: verdict, Language: c.page.language}
		if len(c.page.in(s).Buttons) == 0 {
			c.bad(line, "with the verdict %s nobody is led on: add a button that helps, for example go: helpdesk", verdict)
		}
	}
}

// lengths looks at the page in every situation there is.
func (c *pageCheck) lengths() {
	for s := range situations(c.page.keys()) {
		s.Language = c.page.language
		look, at := c.page.in(s), s.describe()
		text := c.page.text(s)
		if shown, err := Fill(text, s.variable); err == nil {
			c.readable(shown, at)
		}
		s.Vars["helpdesk"] = strings.Repeat("x", longestDetail)
		filled, err := Fill(text, s.variable)
		if err != nil {
			return // the placeholder is named elsewhere
		}
		if text == "" {
			c.bad(c.page.bodyLine, "%sthe text is empty", at)
		}
		whole := "Langkah 99 dari 99\n" + look.Title + "\n\n" + filled
		units := len(utf16.Encode([]rune(whole)))
		if look.Picture != "" && units > maxCaption {
			c.bad(c.page.bodyLine, "%sthe text has %d characters with its title, Telegram takes %d beside a picture", at, units, maxCaption)
		}
		if units > maxText {
			c.bad(c.page.bodyLine, "%sthe text has %d characters with its title, Telegram takes %d", at, units, maxText)
		}
		if n := utf8.RuneCountInString(whole); n > maxPost {
			c.bad(c.page.bodyLine, "%sthe text has %d characters with its title, Mattermost takes %d", at, n, maxPost)
		}
		if n := len(look.Buttons) + 4; n > maxButtons {
			c.bad(2, "%sthe page has %d buttons with the usual ones, at most %d can be overlooked at once", at, n, maxButtons)
		}
	}
}
