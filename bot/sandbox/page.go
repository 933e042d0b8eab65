package sandbox

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"

	"resetpin/handlers/talk"
)

//go:embed page.html static texts
var files embed.FS

// languages are the page's: there is a file of texts for each. It opens in the
// first one.
func languages() []string {
	texts, err := fs.Sub(files, "texts")
	if err != nil {
		panic(err) // a name that cannot be wrong
	}
	all, err := talk.LanguagesOf(texts)
	if err != nil {
		panic(err) // they are built in
	}
	return all
}

// visitorsLanguage gives the page's language that the visitor's browser likes
// best (RFC 9110, 12.5.4); the first one when it likes none.
func visitorsLanguage(accepted string) string {
	all := languages()
	tags := make([]language.Tag, len(all))
	for i, l := range all {
		tags[i] = language.Make(l)
	}
	_, i := language.MatchStrings(language.NewMatcher(tags), accepted)
	return all[i]
}

// pages holds the page rendered once in each language: what is on it does not
// change while the sandbox runs; what happens comes over the stream.
type pages map[string][]byte

// page is what the template shows.
type page struct {
	Lang    string
	People  []face
	Outside []place
	texts   map[string]string
}

// boot is what the page's scripts begin with.
type boot struct {
	Language string            `json:"language"`
	Texts    map[string]string `json:"texts"`
	People   []face            `json:"people"`
}

// renderPages renders the page for the employees. It fails when a text is
// missing in a language.
func renderPages(people []face) (pages, error) {
	t, err := template.ParseFS(files, "page.html")
	if err != nil {
		return nil, fmt.Errorf("read page: %w", err)
	}
	out := pages{}
	for _, lang := range languages() {
		texts, err := readTexts(lang)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := t.Execute(&b, page{Lang: lang, People: people, Outside: places(), texts: texts}); err != nil {
			return nil, fmt.Errorf("render page in %s: %w", lang, err)
		}
		out[lang] = b.Bytes()
	}
	return out, nil
}

// in gives the page in the language, or in the first one.
func (p pages) in(lang string) []byte {
	if !slices.Contains(languages(), lang) {
		lang = talk.Indonesian
	}
	return p[lang]
}

func readTexts(lang string) (map[string]string, error) {
	data, err := files.ReadFile("texts/" + lang + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("read the page's texts: %w", err)
	}
	texts := map[string]string{}
	if err := yaml.UnmarshalWithOptions(data, &texts, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read the page's texts in %s: %w", lang, err)
	}
	return texts, nil
}

// T gives a text of the page.
func (p page) T(key string) (string, error) {
	text, ok := p.texts[key]
	if !ok {
		return "", fmt.Errorf("no text %q", key)
	}
	return text, nil
}

// Status gives BSrE's status in plain words.
func (p page) Status(value string) (string, error) { return p.T("status." + value) }

// Languages lists the page's languages.
func (p page) Languages() []string { return languages() }

// Tabs lists the panels that a narrow window shows one at a time.
func (p page) Tabs() []string { return []string{"chat", "mail", "whatsapp", "people", "outside"} }

// Platforms lists the chat platforms by name, as paths and settings write them.
func (p page) Platforms() []string { return []string{platformTelegram, platformMattermost} }

// Roles lists whom one can play.
func (p page) Roles() []string { return []string{"employee", "officer"} }

// Boot is what the page's scripts begin with.
func (p page) Boot() boot { return boot{Language: p.Lang, Texts: p.texts, People: p.People} }

// face is an employee as the page introduces them.
type face struct {
	Key        string `json:"key"` // in the page's paths
	Name       string `json:"name"`
	NIP        string `json:"nip"`
	Email      string `json:"email"`
	Phone      string `json:"phone"`
	PhoneFirst bool   `json:"phoneFirst"` // BSrE wants the phone verified before a reset
	Status     string `json:"status"`     // BSrE's word
}

// Initials are the first letters of the first two words of the name.
func (f face) Initials() string {
	var b strings.Builder
	for _, word := range strings.Fields(f.Name)[:min(2, len(strings.Fields(f.Name)))] {
		first, _ := firstRune(word)
		b.WriteString(strings.ToUpper(string(first)))
	}
	return b.String()
}

func firstRune(word string) (rune, bool) {
	for _, r := range word {
		return r, true
	}
	return ' ', false
}

// Hue is one of seven colours, always the same for the same name, and the
// same as the page's scripts choose.
func (f face) Hue() int {
	sum := 0
	for _, r := range f.Name {
		sum = (sum*31 + int(r)) % 9973
	}
	return sum % 7
}

// Colour marks the status the way a traffic light does.
func (f face) Colour() string {
	switch f.Status {
	case "ISSUE":
		return "green"
	case "RENEW", "WAITING_FOR_VERIFICATION", "NEW":
		return "amber"
	}
	return "red"
}
