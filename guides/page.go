package guides

import (
	"regexp"
	"slices"
	"strings"
)

// page is one page in one language.
type page struct {
	file     string
	bodyLine int // where the body begins in the file
	head     string
	front    front
	body     string
	blocks   []block
	pictures pictureSet // the pictures of the folder
	language string
	unread   bool // the file could not be read as a page, which is told elsewhere
}

// front is a page's front matter.
type front struct {
	Title    string    `yaml:"title"`
	Also     []string  `yaml:"also"` // ids of steps that became part of this one
	Next     string    `yaml:"next"`
	Problems []string  `yaml:"problems"`
	Picture  string    `yaml:"picture"`
	Alt      string    `yaml:"alt"`
	Stop     []string  `yaml:"stop"`  // verdicts with which nobody is led on
	Order    int       `yaml:"order"` // of the page "title": the guide's place in the list
	Buttons  []button  `yaml:"buttons"`
	Variants []variant `yaml:"variants"`
}

type button struct {
	Label string `yaml:"label"`
	Go    string `yaml:"go"`
	When  string `yaml:"when"`

	holds condition
}

// variant replaces parts of the front matter where it holds. What it leaves
// out stays; the picture "none" takes the picture away.
type variant struct {
	When    string `yaml:"when"`
	Title   string `yaml:"title"`
	Next    string `yaml:"next"`
	Picture string `yaml:"picture"`
	Alt     string `yaml:"alt"`

	holds condition
}

// noPicture in a variant takes the page's picture away.
const noPicture = "none"

// block is a part of a body that stands under one condition.
type block struct {
	holds condition
	text  string
	line  int // where it begins in the body, from 0
}

// parseBlocks cuts a body at its ::: lines. bad is told of conditions that
// cannot be read, with their line in the body.
func parseBlocks(body string, bad func(line int, err error)) []block {
	var out []block
	current := block{}
	var text []string
	end := func() {
		current.text = strings.Join(text, "\n")
		if strings.TrimSpace(current.text) != "" || current.holds != nil {
			out = append(out, current)
		}
		text = nil
	}
	for i, line := range strings.Split(body, "\n") {
		words, ok := strings.CutPrefix(strings.TrimSpace(line), ":::")
		if !ok {
			text = append(text, line)
			continue
		}
		end()
		holds, err := parseCondition(words)
		if err != nil {
			bad(i, err)
		}
		current = block{holds: holds, line: i + 1}
	}
	end()
	return out
}

// text is the body in a situation, with its placeholders. Each block is a
// paragraph of its own, or several.
func (p *page) text(s Situation) string {
	var parts []string
	for _, b := range p.blocks {
		if text := strings.TrimSpace(b.text); text != "" && b.holds.holds(s) {
			parts = append(parts, text)
		}
	}
	return manyBlank.ReplaceAllString(strings.Join(parts, "\n\n"), "\n\n")
}

var manyBlank = regexp.MustCompile(`\n{3,}`)

// in is the front matter in a situation: the first variant that holds and
// says something wins.
func (p *page) in(s Situation) front {
	f := p.front
	f.Title, f.Next, f.Picture, f.Alt = "", "", "", ""
	for _, v := range append(slices.Clone(p.front.Variants), variant{Title: p.front.Title, Next: p.front.Next, Picture: p.front.Picture, Alt: p.front.Alt}) {
		if !v.holds.holds(s) {
			continue
		}
		f.Title, f.Next = first(f.Title, v.Title), first(f.Next, v.Next)
		if f.Picture == "" {
			f.Picture, f.Alt = v.Picture, v.Alt
		}
	}
	if f.Picture == noPicture {
		f.Picture, f.Alt = "", ""
	}
	f.Buttons = slices.DeleteFunc(slices.Clone(p.front.Buttons), func(b button) bool { return !b.holds.holds(s) })
	return f
}

// first gives the first of two words that is not empty.
func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// stopped tells whether nobody is led on from the page.
func (p *page) stopped(s Situation) bool {
	return len(p.front.Stop) > 0 && clause{key: "verdict", values: p.front.Stop}.holds(s)
}

// varies names what the page's words and buttons still depend on in a
// situation, sorted. A picture alone makes nobody be asked for their browser.
func (p *page) varies(s Situation) []string {
	var out []string
	if len(p.front.Stop) > 0 {
		out = append(out, "verdict")
	}
	for _, c := range p.conditions() {
		out = append(out, c.decides(s)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// conditions lists all that a page holds.
func (p *page) conditions() []condition {
	var out []condition
	for _, b := range p.blocks {
		out = append(out, b.holds)
	}
	for _, b := range p.front.Buttons {
		out = append(out, b.holds)
	}
	for _, v := range p.front.Variants {
		out = append(out, v.holds)
	}
	return out
}
