package talk

import (
	"io/fs"
	"os"
	"resetpin/guides"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"gopkg.in/yaml.v2"
)

func builtin(t *testing.T) *Texts {
	t.Helper()
	texts, err := LoadTexts(os.DirFS("../texts"))
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestTextsMustAgree(t *testing.T) {
	for name, en := range map[string]string{
		"a key is missing":          "a: x\n",
		"a key too many":            "a: x\nb: '{n}'\nc: x\n",
		"another placeholder":       "a: x\nb: '{m}'\n",
		"not a file of texts":       "- a\n",
		"the same key stands twice": "a: x\na: y\nb: '{n}'\n",
	} {
		fsys := fstest.MapFS{"id.yaml": {Data: []byte("a: x\nb: '{n}'\n")}, "en.yaml": {Data: []byte(en)}}
		if _, err := LoadTexts(fsys); err == nil {
			t.Errorf("%s: loaded all the same", name)
		}
	}
	if _, err := LoadTexts(fstest.MapFS{}); err == nil {
		t.Error("loaded from nothing")
	}
}

// What the guides do not say, the bot does not say either.
func TestTextsKeepTheGlossary(t *testing.T) {
	data, err := fs.ReadFile(guides.Builtin(), "glossary.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var glossary map[string]map[string]string
	if err := yaml.Unmarshal(data, &glossary); err != nil {
		t.Fatal(err)
	}
	for lang, texts := range builtin(t).byLanguage {
		if len(glossary[lang]) == 0 {
			t.Errorf("there is no glossary for %q", lang)
		}
		for key, text := range texts {
			plain := " " + strings.Join(plainWords(placeholder.ReplaceAllString(text, " ")), " ") + " "
			for word, instead := range glossary[lang] {
				if strings.Contains(plain, " "+word+" ") && !strings.HasPrefix(key, "command.") {
					t.Errorf("%s in %q says %q; say: %s", key, lang, word, instead)
				}
			}
		}
	}
}

// plainWords gives the words of a text in lower case, letters and digits only.
func plainWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
