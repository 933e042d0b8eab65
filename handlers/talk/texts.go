package talk

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"resetpin/guides"
)

// Indonesian is the language that the bot's users think in. Which others it
// speaks is told by the files of its texts.
const Indonesian = "id"

// Texts are the bot's short answers by language and key. The values are
// Markdown of the common subset, with {placeholders}.
type Texts struct {
	languages  []string // Indonesian first
	byLanguage map[string]map[string]string
}

var (
	placeholder = regexp.MustCompile(`\{[a-z]+\}`)
	// A file of texts is named by its language's code of two letters (ISO
	// 639-1), as platforms name it.
	textFile = regexp.MustCompile(`^([a-z]{2})\.yaml$`)
)

// LanguagesOf gives the languages whose files LANGUAGE.yaml lie in a folder,
// Indonesian first, then by name.
func LanguagesOf(folder fs.FS) ([]string, error) {
	files, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	var found []string
	for _, f := range files {
		if m := textFile.FindStringSubmatch(f.Name()); m != nil {
			found = append(found, m[1])
		}
	}
	guides.SortLanguages(found)
	return found, nil
}

// LoadTexts reads the files LANGUAGE.yaml of every folder. The first folder's
// files are the languages. It fails when a folder or a key lacks one of them,
// when a placeholder stands in one language only, or a key in two folders, and
// names all of these.
func LoadTexts(folders ...fs.FS) (*Texts, error) {
	t := &Texts{byLanguage: make(map[string]map[string]string)}
	if len(folders) == 0 {
		return nil, errors.New("read texts: no folder")
	}
	var err error
	if t.languages, err = LanguagesOf(folders[0]); err != nil {
		return nil, err
	}
	if !slices.Contains(t.languages, Indonesian) {
		return nil, fmt.Errorf("read texts: there is no %s.yaml", Indonesian)
	}
	for _, folder := range folders {
		if err := t.loadFolder(folder); err != nil {
			return nil, err
		}
	}
	return t, t.check()
}

// loadFolder reads a folder's texts in every language.
func (t *Texts) loadFolder(folder fs.FS) error {
	has, err := LanguagesOf(folder)
	if err != nil {
		return err
	}
	for _, lang := range has {
		if !slices.Contains(t.languages, lang) {
			return fmt.Errorf("read texts: there is a %s.yaml beside a capability, but none among the texts of all", lang)
		}
	}
	for _, lang := range t.languages {
		if err := t.load(folder, lang); err != nil {
			return err
		}
	}
	return nil
}

// Languages lists the languages that the bot speaks, Indonesian first.
func (t *Texts) Languages() []string { return slices.Clone(t.languages) }

// Speaks tells whether the bot speaks a language.
func (t *Texts) Speaks(lang string) bool { return slices.Contains(t.languages, lang) }

func (t *Texts) load(folder fs.FS, lang string) error {
	name := lang + ".yaml"
	data, err := fs.ReadFile(folder, name)
	if err != nil {
		return fmt.Errorf("read texts: %w", err)
	}
	texts := make(map[string]string)
	if err := yaml.UnmarshalWithOptions(data, &texts, yaml.Strict()); err != nil {
		return fmt.Errorf("read texts %s: %w", name, err)
	}
	if t.byLanguage[lang] == nil {
		t.byLanguage[lang] = make(map[string]string)
	}
	for key, text := range texts {
		if _, there := t.byLanguage[lang][key]; there {
			return fmt.Errorf("read texts %s: %q is there already", name, key)
		}
		t.byLanguage[lang][key] = strings.TrimSpace(text)
	}
	return nil
}

// check compares every language with Indonesian, both ways.
func (t *Texts) check() error {
	var wrong []error
	for _, lang := range t.languages {
		wrong = append(wrong, t.compare(lang)...)
	}
	return errors.Join(wrong...)
}

// compare tells what a language has otherwise than Indonesian, by key.
func (t *Texts) compare(lang string) []error {
	own, first := t.byLanguage[lang], t.byLanguage[Indonesian]
	var wrong []error
	for _, key := range slices.Sorted(maps.Keys(first)) {
		text, ok := own[key]
		if !ok {
			wrong = append(wrong, fmt.Errorf("text %q is missing in %s.yaml", key, lang))
			continue
		}
		if a, b := placeholders(first[key]), placeholders(text); !slices.Equal(a, b) {
			wrong = append(wrong, fmt.Errorf("text %q has the placeholders %v in %s.yaml but %v in %s.yaml", key, a, Indonesian, b, lang))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(own)) {
		if _, ok := first[key]; !ok {
			wrong = append(wrong, fmt.Errorf("text %q is missing in %s.yaml", key, Indonesian))
		}
	}
	return wrong
}

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Get gives a text in a language (Indonesian when that language is unknown)
// with its placeholders filled from name, value pairs. Values are data, never
// Markdown: they are escaped. A value that stands in backticks is shown as
// code, which no platform makes a link of.
func (t *Texts) Get(lang, key string, values ...string) string {
	text, ok := t.lookup(lang, key)
	if !ok {
		return key // impossible for keys in the code: a test compares them with the files
	}
	if len(values) == 0 {
		return text
	}
	filled, _ := guides.Fill(text, func(name string) (string, bool) { // what has no value shows, in the golden files too
		for i := 0; i+1 < len(values); i += 2 {
			if values[i] == name {
				return values[i+1], true
			}
		}
		return "", false
	})
	return filled
}

// Keys lists the keys of all texts, in order.
func (t *Texts) Keys() []string { return slices.Sorted(maps.Keys(t.byLanguage[Indonesian])) }

// Placeholders lists the names that are filled into a text, in order.
func (t *Texts) Placeholders(key string) []string {
	text, _ := t.lookup(Indonesian, key)
	var names []string
	for _, found := range placeholders(text) {
		names = append(names, strings.Trim(found, "{}"))
	}
	return names
}

// Plain is Get for what is no Markdown, a mail's subject.
func (t *Texts) Plain(lang, key string, values ...string) string {
	text, _ := t.lookup(lang, key)
	for i := 0; i+1 < len(values); i += 2 {
		text = strings.ReplaceAll(text, "{"+values[i]+"}", values[i+1])
	}
	return text
}

// Has tells whether a key exists; for keys that are made from BSrE's words.
func (t *Texts) Has(key string) bool {
	_, ok := t.lookup(Indonesian, key)
	return ok
}

func (t *Texts) lookup(lang, key string) (string, bool) {
	texts, ok := t.byLanguage[lang]
	if !ok {
		texts = t.byLanguage[Indonesian]
	}
	text, ok := texts[key]
	return text, ok
}
