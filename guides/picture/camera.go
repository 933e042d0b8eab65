package main

import (
	"fmt"
	"maps"
	"time"

	"resetpin/guides/picture/bidi"
)

// Sizes of windows in CSS pixels, and real pixels for each of them. Telegram
// makes pictures smaller than 1280 pixels; these come out a little below.
const (
	deskWidth   = 580
	deskHeight  = 860
	deskScale   = 1.9
	phoneWidth  = 370
	phoneHeight = 620
	phoneScale  = 1.5
)

// camera takes pictures in one language.
type camera struct {
	lang    string
	studio  *studio
	browser bidi.Tab
}

// word is a word of the pictures in the camera's language.
func (c *camera) word(key string) string { return c.studio.words[c.lang][key] }

// shot is a photograph of a window with the places that were asked for.
type shot struct {
	png           []byte
	width, height float64
	scale         float64
	from          float64 // where the picture begins, of the window
	boxes         map[string]box
}

// view is what to photograph: the window's size, and what to find there, as
// names of JavaScript expressions.
type view struct {
	width, height int
	scale         float64
	phone         bool
	find          map[string]string
	from, upTo    string // what is found with which the picture begins and ends; empty: with the window
}

func desk(find map[string]string, from, upTo string) view {
	return view{width: deskWidth, height: deskHeight, scale: deskScale, find: find, from: from, upTo: upTo}
}

func phone(find map[string]string) view {
	return view{width: phoneWidth, height: phoneHeight, scale: phoneScale, phone: true, find: find}
}

// What is left above what begins a picture, and below what ends it.
const (
	marginAbove = 16
	marginBelow = 40
)

// photograph takes a picture of what the browser shows.
func (c *camera) photograph(v view) (shot, error) {
	s := shot{width: float64(v.width), height: float64(v.height), scale: v.scale, boxes: make(map[string]box)}
	if err := resize(c.browser, v); err != nil {
		return s, err
	}
	time.Sleep(350 * time.Millisecond) // until what moves has come to rest
	var err error
	if s.png, err = c.browser.Picture(); err != nil {
		return s, err
	}
	if err := s.find(c.browser, v.find); err != nil {
		return s, err
	}
	return s.cut(v.from, v.upTo), nil
}

// cut leaves out what lies above and below what is wanted.
func (s shot) cut(from, upTo string) shot {
	if end, ok := s.boxes[upTo]; ok {
		s.height = min(s.height, end.Y+end.Height+marginBelow)
	}
	begin, ok := s.boxes[from]
	if !ok {
		return s
	}
	return s.begin(begin.Y - marginAbove)
}

// near cuts out what stands between so many CSS pixels above something and the
// end of something else.
func (s shot) near(name string, above float64, upTo string) shot {
	end := s.boxes[upTo]
	s.height = min(s.height, end.Y+end.Height+marginBelow)
	return s.begin(s.boxes[name].Y - above)
}

// begin leaves out what lies above a line of the window.
func (s shot) begin(y float64) shot {
	if y <= 0 {
		return s
	}
	s.from = y
	s.height -= y
	s.boxes = maps.Clone(s.boxes)
	for name, b := range s.boxes {
		b.Y -= y
		s.boxes[name] = b
	}
	return s
}

// draw takes a picture of a page that is drawn by hand.
func (c *camera) draw(name string, opened bool, letter string, v view) (shot, error) {
	page, err := c.studio.html(name, drawing{
		Lang: c.lang, Words: c.studio.words[c.lang], Host: host, Mailbox: mailbox, Sender: sender, Subject: subject, Opened: opened, Letter: letter,
	})
	if err != nil {
		return shot{}, err
	}
	if err := resize(c.browser, v); err != nil {
		return shot{}, err
	}
	if err := c.browser.Show(page); err != nil {
		return shot{}, err
	}
	return c.photograph(v)
}

// drawing is what a page drawn by hand is made of.
type drawing struct {
	Lang                           string
	Words                          map[string]string
	Host, Mailbox, Sender, Subject string
	Opened                         bool // after "Advanced"
	Letter                         string
}

// panel puts a photograph into a window.
func (s shot) panel(bar string, marks ...mark) panel {
	return panel{Bar: bar, Image: dataURL(s.png), Scale: s.scale, Width: s.width, Height: s.height, From: s.from, Marks: marks}
}

// press marks something to press.
func (s shot) press(name string, number int, words, side string) mark {
	b := s.boxes[name].grown(7)
	b.X, b.Width = b.X-3, b.Width+6 // room for the number
	return mark{Kind: "press", Number: number, Words: words, Side: side, Box: b}
}

// look marks something to look at.
func (s shot) look(name string, words, side string) mark {
	return mark{Kind: "look", Words: words, Side: side, Box: s.boxes[name].grown(6)}
}

// element is JavaScript that finds an element.
func element(selector string) string { return fmt.Sprintf("document.querySelector(%q)", selector) }

// words is JavaScript that finds the words of an element, which may be less
// wide than the element.
func words(selector string) string {
	return `((range) => { range.selectNodeContents(` + element(selector) + `); return range })(document.createRange())`
}
