package guides

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// Load reads and checks guides. The error is Problems, with all that Check
// finds.
func Load(fsys fs.FS) (*Library, error) {
	l, problems := read(fsys)
	problems = append(problems, l.check()...)
	if len(problems) > 0 {
		return nil, Problems(problems)
	}
	return l, nil
}

// Check gives all that is wrong with guides.
func Check(fsys fs.FS) []Problem {
	l, problems := read(fsys)
	return append(problems, l.check()...)
}

// Problems is all that is wrong with guides.
type Problems []Problem

// Error gives a line each.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Problem is something wrong in a file, and what to do about it.
type Problem struct {
	File string
	Line int // 0: the whole file
	Text string
}

// Error gives file, line and text.
func (p Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

var fileName = regexp.MustCompile(`^(?:([0-9]{3})-)?([a-z0-9]{1,12})\.([a-z]{2})\.md$`)

// The files beside the guides' folders.
const (
	labelsFile   = "labels.yaml"
	glossaryFile = "glossary.yaml"
)

// read reads every folder as a guide.
func read(fsys fs.FS) (*Library, []Problem) {
	l := &Library{guides: make(map[string]*Guide)}
	var problems []Problem
	for file, words := range map[string]*map[string]map[string]string{labelsFile: &l.labels, glossaryFile: &l.glossary} {
		if err := readWords(fsys, file, words); err != nil {
			problems = append(problems, Problem{File: file, Line: yamlLine(err), Text: yamlError(err)})
		}
	}
	l.languages = slices.Collect(maps.Keys(l.labels))
	SortLanguages(l.languages)
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return l, append(problems, Problem{File: ".", Text: err.Error()})
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		g, bad := readGuide(fsys, e.Name(), l.languages)
		g.labels = l.labels
		problems = append(problems, bad...)
		if len(g.pages) == 0 {
			continue
		}
		l.guides[g.name] = g
		if len(g.steps) > 0 {
			l.names = append(l.names, g.name)
		}
	}
	slices.SortFunc(l.names, func(a, b string) int {
		return cmp.Or(cmp.Compare(l.guides[a].order(), l.guides[b].order()), strings.Compare(a, b))
	})
	return l, problems
}

// order is the guide's place in the list, as its title page says; those that
// say nothing come last.
func (g *Guide) order() int {
	p := g.page(titlePage, "")
	if p == nil || p.front.Order == 0 {
		return math.MaxInt
	}
	return p.front.Order
}

// readWords reads a file of words by language and key.
func readWords(fsys fs.FS, file string, words *map[string]map[string]string) error {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return fmt.Errorf("put this file beside the guides' folders: %w", err)
	}
	return decode(data, words)
}

func readGuide(fsys fs.FS, name string, languages []string) (*Guide, []Problem) {
	g := &Guide{name: name, languages: languages, pages: make(map[string]map[string]*page)}
	order := make(map[string]string)
	var problems []Problem
	entries, err := fs.ReadDir(fsys, name)
	if err != nil {
		return g, []Problem{{File: name, Text: err.Error()}}
	}
	g.pictures, problems = readPictures(fsys, name, entries, languages)
	for _, e := range entries {
		file := path.Join(name, e.Name())
		if e.IsDir() || path.Ext(e.Name()) != ".md" {
			continue
		}
		m := fileName.FindStringSubmatch(e.Name())
		if m == nil || !slices.Contains(languages, m[3]) {
			problems = append(problems, Problem{File: file, Text: "name it NNN-ID.LANGUAGE.md, for example 030-mail.id.md: an id of at most 12 small letters and digits, and a language of labels.yaml: " + strings.Join(languages, " or ")})
			continue
		}
		p, bad := readPage(fsys, file, m[3], g.pictures)
		problems = append(problems, bad...)
		if g.pages[m[2]] == nil {
			g.pages[m[2]] = make(map[string]*page)
		}
		g.pages[m[2]][m[3]] = p
		if before, ok := order[m[2]]; ok && before != m[1] {
			problems = append(problems, Problem{File: file, Text: "its number differs from that of the same page in another language"})
		}
		order[m[2]] = m[1]
	}
	for id, number := range order {
		if number != "" {
			g.steps = append(g.steps, id)
		}
	}
	slices.SortFunc(g.steps, func(a, b string) int { return strings.Compare(order[a]+a, order[b]+b) })
	g.merge()
	return g, problems
}

// merge notes which steps became part of another.
func (g *Guide) merge() {
	g.merged = make(map[string]string)
	for _, step := range g.steps {
		for _, was := range g.page(step, "").front.Also {
			g.merged[was] = step
		}
	}
}

// readPage reads one file: front matter and body.
func readPage(fsys fs.FS, file, language string, pictures pictureSet) (*page, []Problem) {
	p := &page{file: file, language: language, pictures: pictures, unread: true}
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return p, []Problem{{File: file, Text: err.Error()}}
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	head, body, ok := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
	if !strings.HasPrefix(text, "---\n") || !ok {
		return p, []Problem{{File: file, Line: 1, Text: "begin with front matter between two lines of ---"}}
	}
	if err := decode([]byte(head), &p.front); err != nil {
		return p, []Problem{{File: file, Line: yamlLine(err) + 1, Text: yamlError(err)}}
	}
	p.unread, p.head = false, head
	p.bodyLine = strings.Count(head, "\n") + 4 + strings.Count(body[:len(body)-len(strings.TrimLeft(body, "\n"))], "\n")
	p.body = strings.TrimSpace(body)
	return p, p.parse()
}

// parse reads the conditions of a page.
func (p *page) parse() []Problem {
	var out []Problem
	bad := func(line int, err error) { out = append(out, Problem{File: p.file, Line: line, Text: err.Error()}) }
	p.blocks = parseBlocks(p.body, func(line int, err error) { bad(p.bodyLine+line, err) })
	read := func(words string) condition {
		holds, err := parseCondition(words)
		if err == nil && holds == nil {
			err = errors.New("a variant needs when: say for whom it holds")
		}
		if err != nil {
			bad(p.lineOf("when: "+words), err)
		}
		return holds
	}
	for i := range p.front.Buttons {
		if b := &p.front.Buttons[i]; b.When != "" {
			b.holds = read(b.When)
		}
	}
	for i := range p.front.Variants {
		p.front.Variants[i].holds = read(p.front.Variants[i].When)
	}
	return out
}

// lineOf finds words of the front matter in the file; 2 when they are not
// there as they are.
func (p *page) lineOf(words string) int {
	before, _, ok := strings.Cut(p.head, words)
	if !ok {
		return 2
	}
	return strings.Count(before, "\n") + 2
}

// decode reads YAML into what has its shape. The library panics over some
// broken input (a list's key with an unknown tag): that is an error here, so
// that a file which somebody is just writing ends nobody's program.
func decode(data []byte, into any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("this is no YAML that can be read")
		}
	}()
	return yaml.UnmarshalWithOptions(data, into, yaml.Strict())
}

// yamlLine is the line that a YAML error names, in its file.
func yamlLine(err error) int {
	m := yamlPlace.FindStringSubmatch(err.Error())
	if m == nil {
		return 1
	}
	line, err := strconv.Atoi(m[1])
	if err != nil {
		return 1
	}
	return line
}

var yamlPlace = regexp.MustCompile(`^\[(\d+):\d+\] `)

// yamlError gives the first line of a YAML error without its place: the rest
// draws the file.
func yamlError(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return yamlPlace.ReplaceAllString(line, "")
}
