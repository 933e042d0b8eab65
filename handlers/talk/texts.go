package talk

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"resetpin/guides"
)

// Languages the bot speaks, the first being the one its users think in.
const (
	Indonesian = "id"
	English    = "en"
)

// Texts are the bot's short answers by language and key. The values are
// Markdown of the common subset, with {placeholders}.
type Texts struct {
	byLanguage map[string]map[string]string
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// LoadTexts reads the files LANGUAGE.yaml of every folder. It fails when a key
// or a placeholder exists in one language only, or a key in two folders.
func LoadTexts(folders ...fs.FS) (*Texts, error) {
	t := &Texts{byLanguage: make(map[string]map[string]string)}
	for _, lang := range []string{Indonesian, English} {
		t.byLanguage[lang] = make(map[string]string)
		for _, folder := range folders {
			if err := t.load(folder, lang); err != nil {
				return nil, err
			}
		}
	}
	return t, t.check()
}

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
	for key, text := range texts {
		if _, there := t.byLanguage[lang][key]; there {
			return fmt.Errorf("read texts %s: %q is there already", name, key)
		}
		t.byLanguage[lang][key] = strings.TrimSpace(text)
	}
	return nil
}

// check compares every language with the first one, both ways.
func (t *Texts) check() error {
	id, en := t.byLanguage[Indonesian], t.byLanguage[English]
	for key, text := range id {
		other, ok := en[key]
		if !ok {
			return fmt.Errorf("text %q has no English", key)
		}
		if a, b := placeholders(text), placeholders(other); !slices.Equal(a, b) {
			return fmt.Errorf("text %q has the placeholders %v in Indonesian but %v in English", key, a, b)
		}
	}
	for key := range en {
		if _, ok := id[key]; !ok {
			return fmt.Errorf("text %q has no Indonesian", key)
		}
	}
	return nil
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
