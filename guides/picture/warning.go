package main

import (
	"fmt"
)

// looks are a browser's warning page before and after "Advanced".
type looks struct {
	browser        string // as the guides call it; empty: for everybody else
	bar            string
	phone          bool
	side           string // of the first label
	photo          bool   // the photographs show the browser's own window
	tag            string
	closed, opened shot
}

// warnings photographs every browser's warning page. It comes before anything
// else: a browser that was told to go on does not warn again.
func (c *camera) warnings(link string) ([]looks, error) {
	if err := warned(c.browser, link); err != nil {
		return nil, err
	}
	if err := c.browser.Until(`document.querySelector("#error-code")?.innerText.includes("ERR_CERT_AUTHORITY_INVALID")`); err != nil {
		return nil, err
	}
	found := map[string]string{"icon": element("#icon"), "code": words("#error-code"), "open": element("#details-button"), "safe": element("#primary-button")}
	opened := map[string]string{"code": found["code"], "open": found["open"], "proceed": element("#proceed-link")}
	onPhone := map[string]string{"code": found["code"], "open": words("#details-button"), "safe": found["safe"], "title": element("h1")}
	chrome, android := looks{bar: "chrome", side: "above"}, looks{browser: "android", bar: "android", phone: true, side: "right"}
	for _, next := range []struct {
		to   *shot
		view view
	}{
		{&chrome.closed, desk(found, "icon", "open")},
		{&chrome.opened, desk(opened, "open", "proceed")},
		{&android.closed, phone(onPhone)},
		{&android.opened, phone(map[string]string{"proceed": opened["proceed"]})},
	} {
		var err error
		if *next.to, err = c.photograph(next.view); err != nil {
			return nil, err
		}
		// Opens the page's lower part, or closes it again: on a phone it takes
		// the place of the upper part, so each size has its own opening.
		if err := c.browser.Run(element("#details-button") + `.click()`); err != nil {
			return nil, err
		}
	}
	return []looks{chrome, android}, nil
}

// drawnWarnings draws the warning pages of browsers that do not run here.
func (c *camera) drawnWarnings() ([]looks, error) {
	id := func(names ...string) map[string]string {
		found := make(map[string]string)
		for _, name := range names {
			found[name] = element("#" + name)
		}
		return found
	}
	var all []looks
	for _, d := range []struct {
		browser, page string
		side          string
		phone         bool
		closed        view
		opened        view
	}{
		{"edge", "edge", "right", false, desk(id("code", "open"), "", "open"), desk(id("code", "open", "proceed"), "open", "proceed")},
		{"safari", "safari", "above", false, desk(id("open"), "", "open"), desk(id("details", "proceed"), "details", "proceed")},
		{"iphone", "safari", "above", true, phone(id("open")), phone(id("proceed"))},
	} {
		l := looks{browser: d.browser, bar: d.browser, phone: d.phone, side: d.side, tag: c.word("english")}
		var err error
		if l.closed, err = c.draw(d.page, false, "", d.closed); err != nil {
			return nil, fmt.Errorf("%s: %w", d.browser, err)
		}
		if l.opened, err = c.draw(d.page, true, "", d.opened); err != nil {
			return nil, fmt.Errorf("%s: %w", d.browser, err)
		}
		all = append(all, l)
	}
	return all, nil
}

// window puts one of the photographs into the browser's window.
func (l looks) window(c *camera, s shot, marks ...mark) panel {
	p := s.panel(l.bar, marks...)
	p.Phone, p.Path = l.phone, resetPath+exampleKey
	if l.bar != "safari" && l.bar != "iphone" {
		p.Insecure = c.word("insecure")
	}
	return p
}

// warning is the picture of the address to compare.
func (l looks) warning(c *camera) frame {
	p := l.window(c, l.closed)
	if l.photo {
		p.Marks = append(p.Marks, l.closed.look("address", c.word("compare"), "below"))
		return frame{Lang: c.lang, Panels: []panel{p}}
	}
	p.AddressMark = &mark{Kind: "look", Words: c.word("compare"), Side: "below"}
	if l.bar == "iphone" {
		p.AddressMark.Side = "above"
	}
	return frame{Lang: c.lang, Panels: []panel{p}, Tag: l.tag}
}

// advanced is the picture of the way past the warning: what to press first,
// and what then. A phone's windows are cut down to that.
func (l looks) advanced(c *camera) frame {
	beside := "right"
	if l.photo {
		beside = "above"
	}
	if l.phone {
		beside = "below"
		begin := "open"
		if _, ok := l.closed.boxes["code"]; ok {
			begin = "code"
		}
		l.closed, l.opened = l.closed.near(begin, 90, "open"), l.opened.near("proceed", 150, "proceed")
	}
	first := []mark{l.closed.press("open", 1, c.word("open"), l.side)}
	then := []mark{l.opened.press("proceed", 2, c.word("proceed"), "below")}
	if _, ok := l.closed.boxes["code"]; ok {
		first = append(first, l.closed.look("code", c.word("code"), beside))
	} else if _, ok := l.opened.boxes["code"]; ok {
		then = append(then, l.opened.look("code", c.word("code"), beside))
	}
	above, below := l.window(c, l.closed, first...), l.window(c, l.opened, then...)
	below.Bar = "" // it is the same window further down
	if l.phone {
		above.Bar, above.Phone, below.Phone = "", false, false
	}
	return frame{Lang: c.lang, Panels: []panel{above, below}, Tag: l.tag}
}

// firefoxWarning photographs the warning page of the real Firefox, in its
// window.
func (c *camera) firefoxWarning(f firefox, link string) (looks, error) {
	l := looks{browser: "firefox", side: "below", photo: true}
	if err := warned(f.page, link); err != nil {
		return l, err
	}
	const card = `document.querySelector("net-error-card").shadowRoot.querySelector`
	advanced, exception, code := card+`("#advanced-button")`, card+`("#exception-button")`, card+`("#errorCode")`
	if err := f.page.Until(advanced); err != nil {
		return l, err
	}
	var err error
	if l.closed, err = f.photograph(map[string]string{"open": advanced}, map[string]string{"address": `document.querySelector("#urlbar")`}, "", "open"); err != nil {
		return l, err
	}
	if err := f.page.Run(advanced + `.click()`); err != nil {
		return l, err
	}
	if err := f.page.Until(exception + ` && !` + exception + `.disabled`); err != nil {
		return l, err
	}
	// The page tells the time, which would make another picture every time.
	if err := f.page.Run(card + `("[data-l10n-id=fp-datetime]").style.visibility = "hidden"; ` + exception + `.scrollIntoView({ block: "nearest" })`); err != nil {
		return l, err
	}
	l.opened, err = f.photograph(map[string]string{"code": code, "proceed": exception}, nil, "code", "proceed")
	return l, err
}
