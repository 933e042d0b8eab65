package guides

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// pictureSet is the pictures of a guide's folder, by their file's name.
type pictureSet map[string]*Picture

// pictureName is NAME[.BROWSER].LANGUAGE.png; jpg is taken as well.
var pictureName = regexp.MustCompile(`^([a-z0-9]{1,12})(?:\.([a-z]+))?\.([a-z]{2})\.(png|jpg)$`)

const pictureForm = "name it NAME.LANGUAGE.png or NAME.BROWSER.LANGUAGE.png, for example warning.firefox.id.png; browsers are "

// readPictures reads a folder's pictures.
func readPictures(fsys fs.FS, folder string, entries []fs.DirEntry, languages []string) (pictureSet, []Problem) {
	out := make(pictureSet)
	var problems []Problem
	for _, e := range entries {
		name := e.Name()
		if ext := strings.ToLower(path.Ext(name)); e.IsDir() || ext != ".png" && ext != ".jpg" && ext != ".jpeg" {
			continue
		}
		file := path.Join(folder, name)
		bad := func(format string, args ...any) {
			problems = append(problems, Problem{File: file, Text: fmt.Sprintf(format, args...)})
		}
		m := pictureName.FindStringSubmatch(name)
		if m == nil || !slices.Contains(languages, m[3]) || m[2] != "" && !slices.Contains(keys()["browser"], m[2]) {
			bad("%s%s", pictureForm, strings.Join(keys()["browser"], ", "))
			continue
		}
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			bad("%v", err)
			continue
		}
		if !bytes.HasPrefix(data, []byte("\x89PNG")) && !bytes.HasPrefix(data, []byte("\xff\xd8\xff")) {
			bad("it is neither PNG nor JPEG")
			continue
		}
		if len(data) > maxPicture {
			bad("the picture has %d KB, at most %d: make it smaller", len(data)>>10, maxPicture>>10)
		}
		out[name] = &Picture{Name: stamped(name, data), Data: held(fsys, file, data)}
	}
	return out, problems
}

// held gives a picture's data when it is wanted. Those of the program lie in
// its own file, and are seldom wanted: platforms keep what they were sent.
// What lies elsewhere can change meanwhile, and is kept.
func held(fsys fs.FS, file string, data []byte) func() []byte {
	if fsys != fs.FS(builtin) {
		return func() []byte { return data }
	}
	return func() []byte {
		data, _ := builtin.ReadFile(file) // it was read before
		return data
	}
}

// stamped puts a sum of the data into the name, so that the same name always
// means the same picture.
func stamped(name string, data []byte) string {
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:4]) + ext
}

// pictureKinds are the ends of pictures' names; the first wins.
func pictureKinds() []string { return []string{".png", ".jpg"} }

// samePicture lists the names under which a picture may lie; none when the
// name is no picture's.
func samePicture(name string) []string {
	var out []string
	for _, ext := range pictureKinds() {
		if stem, ok := strings.CutSuffix(name, ext); ok {
			for _, other := range pictureKinds() {
				out = append(out, stem+other)
			}
		}
	}
	return out
}

// find gives a picture for a browser, or the one for everybody.
func (a pictureSet) find(name, browser, language string) *Picture {
	for _, stem := range []string{name + "." + browser, name} {
		for _, ext := range pictureKinds() {
			if p := a[stem+"."+language+ext]; p != nil {
				return p
			}
		}
	}
	return nil
}

// byBrowser tells whether a picture is another one for some browser.
func (a pictureSet) byBrowser(name, language string) bool {
	if name == "" {
		return false
	}
	plain := a.find(name, "", language)
	return slices.ContainsFunc(keys()["browser"], func(browser string) bool { return a.find(name, browser, language) != plain })
}

// checkNamed finds pictures that no page shows, and those without the one
// that is shown to everybody else.
func (g *Guide) checkNamed() []Problem {
	named := make(map[string]bool)
	for _, byLanguage := range g.pages {
		for _, p := range byLanguage {
			for _, name := range p.front.pictures() {
				named[name] = true
			}
		}
	}
	var out []Problem
	for file := range g.pictures {
		m := pictureName.FindStringSubmatch(file)
		switch twin := strings.TrimSuffix(file, ".jpg") + ".png"; {
		case m[4] == "jpg" && g.pictures[twin] != nil:
			out = append(out, Problem{File: path.Join(g.name, file), Text: fmt.Sprintf("%s is there too, and is the one that is shown: take one of them away", twin)})
		case !named[m[1]]:
			out = append(out, Problem{File: path.Join(g.name, file), Text: fmt.Sprintf("no page shows it: write picture: %s on one, or take the file away", m[1])})
		default:
			for _, lang := range g.languages {
				if m[2] != "" && g.pictures.find(m[1]+"."+m[2], "", lang) == nil {
					out = append(out, Problem{File: path.Join(g.name, file), Text: fmt.Sprintf("its twin in %q is missing: add %s.%s.%s.png", lang, m[1], m[2], lang)})
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Problem) int { return strings.Compare(a.Error(), b.Error()) })
	return out
}

// pictures lists the pictures that a page names.
func (f front) pictures() []string {
	var out []string
	for _, name := range append([]string{f.Picture}, f.inVariants()...) {
		if name != "" && name != noPicture {
			out = append(out, name)
		}
	}
	return out
}

func (f front) inVariants() []string {
	var out []string
	for _, v := range f.Variants {
		out = append(out, v.Picture)
	}
	return out
}
