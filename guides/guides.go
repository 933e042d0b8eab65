// Package guides holds the guides that employees are walked through: as data
// (Markdown files with front matter, pictures, Indonesian and English side by
// side), their loader and validator, and a pure step function. It knows no
// clock, no platform and no database.
//
// A guide is a folder. Its files are pages, and the name of a file says which:
//
//	reset/030-mail.id.md   the third step, with the id "mail", in Indonesian
//	reset/030-mail.en.md   the same in English
//	reset/nomail.id.md     a page beside the steps, here about a problem
//
// A page begins with front matter:
//
//	---
//	title: Cari email dari BSrE
//	next: Emailnya ada           # label of the button to the next step; has a default
//	problems: [nomail, wrongbox] # pages that "Ada masalah" offers here
//	picture: mail                # mail.id.png and mail.en.png in the guide's folder
//	alt: Kotak masuk dengan email dari BSrE
//	stop: [expired, wronghost]   # verdicts with which nobody is led on from here
//	buttons:                     # more buttons, above the usual ones
//	  - label: Minta link baru
//	    go: reset                # reset, status, helpdesk, number, browser, done, guide NAME, or a page
//	    when: platform telegram  # only there
//	variants:                    # what is another for some readers; the first that holds wins
//	  - when: verdict trusted
//	    picture: none
//	---
//
// and goes on with Markdown, in which {site}, {sender}, {subject}, {email},
// {helpdesk} and {fingerprint} are filled in. What only holds for some readers
// stands between
//
//	::: browser firefox and verdict expected unknown
//	:::
//
// with browser, platform or verdict (what the reset site's certificate looks
// like today) and the values it holds for. A picture that looks different in
// a browser has that browser in its file's name: warning.firefox.id.png.
package guides

import (
	"cmp"
	"embed"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

//go:generate go -C picture run . -guides ..

//go:embed glossary.yaml labels.yaml */*.md */*.png
var builtin embed.FS

// Builtin gives the guides that come with the program.
func Builtin() fs.FS { return builtin }

// Library is a set of guides that were checked.
type Library struct {
	guides    map[string]*Guide
	names     []string
	languages []string
	labels    map[string]map[string]string // of the usual buttons, by language
	glossary  map[string]map[string]string // words not to be used, and what to say instead, by language
}

// Guide is one guide in all its languages.
type Guide struct {
	name     string
	steps    []string          // ids in their order
	merged   map[string]string // steps that became part of another
	pages    map[string]map[string]*page
	pictures pictureSet
	labels   map[string]map[string]string

	languages []string
}

// Picture is an image of a page. The same Name always means the same data.
type Picture struct {
	Name string
	Data func() []byte // PNG or JPEG
	Alt  string
}

// Situation is what a page's text depends on. Empty fields are not known.
type Situation struct {
	Language string
	Platform string            // telegram, mattermost
	Browser  string            // chrome (on a computer), android, edge, firefox, safari, iphone, unknown
	Verdict  string            // trusted, expected, unknown, foreign, expired, wronghost, unreachable
	Status   string            // the certificate's last known one: issue, expired, renew, waiting, new, none, unregistered, suspend, revoke, other
	Links    string            // how many reset links were asked for since yesterday: one, several, none
	Mode     string            // how the reader wants pages: pictures, text
	Site     string            // whether pictures show the site's own address: usual, other
	Vars     map[string]string // values of placeholders: data, never Markdown
}

// View is a page as it is to be shown.
type View struct {
	Title   string // plain text
	Body    string // Markdown
	Picture *Picture
	Shown   string // what the picture shows, for a reader who wants none
	Choices []Choice
	Index   int // of the step, from 1; of a page beside the steps, the step it belongs to
	Total   int // steps of the guide; 0 when it has none

	// Varies names what the page's words or buttons depend on in
	// this situation, sorted: browser, links, mode, platform, site, status,
	// verdict.
	Varies []string
}

// Choice is a button of a page.
type Choice struct {
	Label   string
	Kind    ChoiceKind
	Target  string // a page's id, a guide's name, or in a View the text to copy
	Primary bool
}

// indonesian is the language that guides are written in.
const indonesian = "id"

// SortLanguages puts Indonesian first, and the others in their order.
func SortLanguages(all []string) {
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(-cmp.Compare(rank(a), rank(b)), strings.Compare(a, b))
	})
}

func rank(language string) int {
	if language == indonesian {
		return 1
	}
	return 0
}

// Languages lists those that every page is there in, Indonesian first: those
// of the file labels.yaml.
func (l *Library) Languages() []string { return slices.Clone(l.languages) }

// Guide gives a guide by its name.
func (l *Library) Guide(name string) (*Guide, bool) {
	g, ok := l.guides[name]
	return g, ok
}

// Names lists the guides that can be walked, in the order that their title
// pages say.
func (l *Library) Names() []string { return slices.Clone(l.names) }

// All lists also the guides that only hold pages, as the statuses' advice, by
// name.
func (l *Library) All() []string { return slices.Sorted(maps.Keys(l.guides)) }

// Title is a guide's title: that of its page "title" in the language, or its
// name when it has none.
func (l *Library) Title(name, language string) string {
	if g, ok := l.guides[name]; ok {
		if p := g.page(titlePage, language); p != nil {
			return p.front.Title
		}
	}
	return name
}

// titlePage is the page whose title is the guide's.
const titlePage = "title"

// Name is the guide's name.
func (g *Guide) Name() string { return g.name }

// First is the id of the first step, or "" when the guide has no steps.
func (g *Guide) First() string {
	if len(g.steps) == 0 {
		return ""
	}
	return g.steps[0]
}

// Steps lists the ids of the steps in their order.
func (g *Guide) Steps() []string { return slices.Clone(g.steps) }

// Has tells whether the guide has a page of the name, a step or one beside.
func (g *Guide) Has(page string) bool { return len(g.pages[page]) > 0 }

// Heading is the title of what stands at a walk's position: of the page that is
// open beside the step, else of the step. False: the guide has no such page.
func (g *Guide) Heading(at, language string) (string, bool) {
	id, beside := g.position(at)
	if beside != "" && beside != menu {
		id = beside
	}
	p := g.page(id, language)
	if p == nil {
		return "", false
	}
	return p.front.Title, true
}

// page gives a page in a language, or in another one when there is none, or
// nil.
func (g *Guide) page(id, language string) *page {
	byLanguage := g.pages[id]
	if p := byLanguage[language]; p != nil {
		return p
	}
	for _, lang := range g.languages {
		if p := byLanguage[lang]; p != nil {
			return p
		}
	}
	return nil
}
