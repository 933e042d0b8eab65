package main

import (
	"bytes"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"

	"github.com/goccy/go-yaml"

	"resetpin/guides/picture/bidi"
	"resetpin/guides/picture/compact"
)

//go:embed draw
var drawings embed.FS

// box is a place on a page, in CSS pixels.
type box bidi.Box

// grown is the box with room around it.
func (b box) grown(by float64) box {
	return box{b.X - by, b.Y - by, b.Width + 2*by, b.Height + 2*by}
}

// mark is a frame around something: where to look or where to press.
type mark struct {
	Kind   string // look or press
	Number int    // 0: none
	Words  string // on a label beside the frame
	Side   string // of the label: above, below, right; with end: from the right edge
	Box    box
}

// panel is one window in a picture.
type panel struct {
	Bar         string // whose window it is; empty: none is drawn
	Phone       bool
	Insecure    string // the browser's words before the address; empty: it trusts the site
	Path        string // of the address
	AddressMark *mark
	Image       template.URL
	Scale       float64 // real pixels for each CSS pixel
	Width       float64 // CSS pixels
	Height      float64
	From        float64 // of the photograph, what is left out above
	Marks       []mark
	Stamp       string // words across the page
}

// Whole tells whether the whole address is shown, and not only its host.
func (p panel) Whole() bool { return p.Bar == "chrome" || p.Bar == "edge" }

// Long tells whether the address does not fit into the window.
func (p panel) Long() bool { return p.Whole() && len(p.Path) > 20 }

// Host is the site's name.
func (p panel) Host() string { return host }

// Outer is the window's width with its border.
func (p panel) Outer() float64 {
	if p.Phone {
		return p.Width + 2*7
	}
	return p.Width + 2
}

// frame is a whole picture: windows below one another.
type frame struct {
	Lang   string
	Panels []panel
	Tag    string // what kind of picture it is; empty: a photograph
}

// studio holds the templates and words that pictures are made with.
type studio struct {
	templates *template.Template
	words     map[string]map[string]string
}

func newStudio() (*studio, error) {
	s := &studio{}
	var err error
	if s.templates, err = template.ParseFS(drawings, "draw/*.html"); err != nil {
		return nil, fmt.Errorf("read the drawings: %w", err)
	}
	data, err := drawings.ReadFile("draw/words.yaml")
	if err == nil {
		err = yaml.Unmarshal(data, &s.words)
	}
	if err != nil {
		return nil, fmt.Errorf("read the words: %w", err)
	}
	for lang, words := range s.words {
		for key := range s.words["id"] {
			if words[key] == "" {
				return nil, fmt.Errorf("the word %s is missing in %s", key, lang)
			}
		}
	}
	return s, nil
}

// html gives a page for the browser to open.
func (s *studio) html(name string, data any) (string, error) {
	var page bytes.Buffer
	if err := s.templates.ExecuteTemplate(&page, name+".html", data); err != nil {
		return "", fmt.Errorf("draw %s: %w", name, err)
	}
	return page.String(), nil
}

// compose makes a picture of windows.
func (s *studio) compose(t bidi.Tab, f frame) ([]byte, error) {
	page, err := s.html("frame", f)
	if err != nil {
		return nil, err
	}
	if err := resize(t, view{width: 1000, height: 800, scale: f.Panels[0].Scale}); err != nil {
		return nil, err
	}
	if err := t.Show(page); err != nil {
		return nil, err
	}
	if err := t.Until(`[...document.images].every((i) => i.complete) && document.fonts.status === "loaded"`); err != nil {
		return nil, err
	}
	var canvas bidi.Box
	if err := t.Eval(element("#canvas")+`.getBoundingClientRect()`, &canvas); err != nil {
		return nil, err
	}
	picture, err := t.PictureOf(canvas)
	if err != nil {
		return nil, err
	}
	return compact.PNG(picture)
}

// dataURL is a PNG in an address.
func dataURL(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)) //nolint:gosec // a picture of our own
}
