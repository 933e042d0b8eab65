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

// Another language is a file more, in every folder. What it lacks is named, all
// at once.
func TestALanguageIsItsFiles(t *testing.T) {
	all := fstest.MapFS{"id.yaml": {Data: []byte("a: x\nb: '{n}'\n")}, "en.yaml": {Data: []byte("a: x\nb: '{n}'\n")}, "jv.yaml": {Data: []byte("a: y\nb: '{n}'\n")}, "mail.html": {}}
	own := fstest.MapFS{"id.yaml": {Data: []byte("c: x\n")}, "en.yaml": {Data: []byte("c: x\n")}, "jv.yaml": {Data: []byte("c: y\n")}}
	texts, err := LoadTexts(all, own)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(texts.Languages(), " "); got != "id en jv" {
		t.Errorf("speaks %s", got)
	}
	k := New(Config{Texts: texts, Settings: Settings{DefaultLanguage: "en"}})
	for _, tt := range []struct{ chosen, platform, want string }{{"", "jv-ID", "jv"}, {"jv", "id", "jv"}, {"su", "id", "id"}, {"", "su", "en"}, {"", "", "en"}} {
		if got := k.language(tt.chosen, tt.platform); got != tt.want {
			t.Errorf("chose %q, has %q: answered in %q, want %q", tt.chosen, tt.platform, got, tt.want)
		}
	}
	all["jv.yaml"].Data = []byte("b: '{m}'\nd: x\n")
	if _, err := LoadTexts(all, own); err == nil || err.Error() != `text "a" is missing in jv.yaml
text "b" has the placeholders [{n}] in id.yaml but [{m}] in jv.yaml
text "d" is missing in id.yaml` {
		t.Errorf("told %v", err)
	}
	delete(own, "jv.yaml")
	if _, err := LoadTexts(all, own); err == nil || !strings.Contains(err.Error(), "jv.yaml") {
		t.Errorf("a folder without it: %v", err)
	}
	delete(all, "jv.yaml")
	own["jv.yaml"] = &fstest.MapFile{Data: []byte("c: y\n")}
	if _, err := LoadTexts(all, own); err == nil || !strings.Contains(err.Error(), "jv.yaml") {
		t.Errorf("a language of one folder alone: %v", err)
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
