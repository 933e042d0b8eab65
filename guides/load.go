package guides

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Load reads and checks guides. The error lists every problem that Check
// finds.
func Load(fsys fs.FS) (*Library, error) {
	l, problems := read(fsys)
	problems = append(problems, l.check()...)
	if len(problems) > 0 {
		errs := make([]error, len(problems))
		for i, p := range problems {
			errs[i] = p
		}
		return nil, errors.Join(errs...)
	}
	return l, nil
}

// Check gives all that is wrong with guides.
func Check(fsys fs.FS) []Problem {
	l, problems := read(fsys)
	return append(problems, l.check()...)
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

// read reads every folder as a guide.
func read(fsys fs.FS) (*Library, []Problem) {
	l := &Library{guides: make(map[string]*Guide)}
	labels, problems := readLabels(fsys)
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return l, append(problems, Problem{File: ".", Text: err.Error()})
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		g, bad := readGuide(fsys, e.Name())
		g.labels = labels
		problems = append(problems, bad...)
		if len(g.pages) == 0 {
			continue
		}
		l.guides[g.name] = g
		if len(g.steps) > 0 {
			l.names = append(l.names, g.name)
		}
	}
	slices.SortFunc(l.names, func(a, b string) int { return rank(a) - rank(b) + strings.Compare(a, b) })
	return l, problems
}

// rank puts the reset first: it is what people come for.
func rank(name string) int {
	if name == "reset" {
		return -10
	}
	return 0
}

// readLabels reads the labels of the usual buttons, by language.
func readLabels(fsys fs.FS) (map[string]map[string]string, []Problem) {
	const file = "labels.yaml"
	labels := make(map[string]map[string]string)
	data, err := fs.ReadFile(fsys, file)
	if err == nil {
		err = yaml.UnmarshalWithOptions(data, &labels, yaml.Strict())
	}
	if err != nil {
		return labels, []Problem{{File: file, Text: yamlError(err)}}
	}
	return labels, nil
}

func readGuide(fsys fs.FS, name string) (*Guide, []Problem) {
	g := &Guide{name: name, pages: make(map[string]map[string]*page)}
	order := make(map[string]string)
	var problems []Problem
	entries, err := fs.ReadDir(fsys, name)
	if err != nil {
		return g, []Problem{{File: name, Text: err.Error()}}
	}
	for _, e := range entries {
		file := path.Join(name, e.Name())
		if e.IsDir() || path.Ext(e.Name()) != ".md" {
			continue
		}
		m := fileName.FindStringSubmatch(e.Name())
		if m == nil || !slices.Contains(languages(), m[3]) {
			problems = append(problems, Problem{File: file, Text: "name it NNN-ID.LANGUAGE.md, for example 030-mail.id.md: an id of at most 12 small letters and digits, the language id or en"})
			continue
		}
		p, bad := readPage(fsys, name, file)
		problems = append(problems, bad...)
		if g.pages[m[2]] == nil {
			g.pages[m[2]] = make(map[string]*page)
		}
		g.pages[m[2]][m[3]] = p
		if before, ok := order[m[2]]; ok && before != m[1] {
			problems = append(problems, Problem{File: file, Text: "its number differs from that of the same page in the other language"})
		}
		order[m[2]] = m[1]
	}
	for id, number := range order {
		if number != "" {
			g.steps = append(g.steps, id)
		}
	}
	slices.SortFunc(g.steps, func(a, b string) int { return strings.Compare(order[a]+a, order[b]+b) })
	return g, problems
}

// readPage reads one file: front matter, body, picture.
func readPage(fsys fs.FS, folder, file string) (*page, []Problem) {
	p := &page{file: file}
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return p, []Problem{{File: file, Text: err.Error()}}
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	head, body, ok := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
	if !strings.HasPrefix(text, "---\n") || !ok {
		return p, []Problem{{File: file, Line: 1, Text: "begin with front matter between two lines of ---"}}
	}
	p.bodyLine = strings.Count(head, "\n") + 4
	p.body = strings.TrimSpace(body)
	if err := yaml.UnmarshalWithOptions([]byte(head), &p.front, yaml.Strict()); err != nil {
		return p, []Problem{{File: file, Line: 2, Text: yamlError(err)}}
	}
	if p.front.Picture == "" {
		return p, nil
	}
	picture, err := fs.ReadFile(fsys, path.Join(folder, p.front.Picture))
	if err != nil {
		return p, []Problem{{File: file, Text: fmt.Sprintf("the picture %s is not in the folder %s", p.front.Picture, folder)}}
	}
	if !bytes.HasPrefix(picture, []byte("\x89PNG")) && !bytes.HasPrefix(picture, []byte("\xff\xd8\xff")) {
		return p, []Problem{{File: file, Text: fmt.Sprintf("the picture %s is neither PNG nor JPEG", p.front.Picture)}}
	}
	sum := sha256.Sum256(picture)
	ext := path.Ext(p.front.Picture)
	name := strings.TrimSuffix(p.front.Picture, ext) + "-" + hex.EncodeToString(sum[:4]) + ext
	p.picture = &Picture{Name: name, Data: picture, Alt: p.front.Alt}
	return p, nil
}

// yamlError gives the first line of a YAML error: the rest draws the file.
func yamlError(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
