package main

import "fmt"

// examplePIN is typed where only dots are shown.
const examplePIN = "Kopi-Tubruk-2719!"

// formView is the site's page as high as it needs to be.
func formView(find map[string]string, from, upTo string, onPhone bool) view {
	v := sheet(find, from, upTo)
	v.width = 560
	if onPhone {
		v.width, v.phone = phoneWidth, true
	}
	return v
}

// shots are a page of the site in a window on a desk and on a phone.
type shots struct{ desk, phone shot }

// both photographs a page on a desk and on a phone.
func (c *camera) both(find map[string]string, from, upTo string) (s shots, err error) {
	if s.desk, err = c.photograph(formView(find, from, upTo, false)); err != nil {
		return s, err
	}
	s.phone, err = c.photograph(formView(find, from, upTo, true))
	return s, err
}

// passphrase are the pictures of the site: the page for a new PIN empty and
// filled, and the login page after it. The browser is on the warning page.
func (c *camera) passphrase() ([]kept, error) {
	if err := c.browser.Run(element("#proceed-link") + `.click()`); err != nil {
		return nil, err
	}
	if err := c.browser.Until(element("#confirmation")); err != nil {
		return nil, err
	}
	// What BSrE asks of a PIN nobody has recorded: the pretend page's rule is
	// not shown. Nor is a caret, which comes and goes.
	if err := c.browser.Run(element("#rules") + `.style.display = "none"; document.activeElement.blur()`); err != nil {
		return nil, err
	}
	fields := map[string]string{"title": element("h1"), "first": element("#passphrase"), "second": element("#confirmation"), "send": element(".send")}
	empty, err := c.both(fields, "", "second")
	if err != nil {
		return nil, fmt.Errorf("page for a new PIN: %w", err)
	}
	if err := c.fillIn(); err != nil {
		return nil, err
	}
	filled, err := c.both(fields, "title", "send")
	if err != nil {
		return nil, fmt.Errorf("page with a new PIN: %w", err)
	}
	if err := c.browser.Run(element(".send") + `.click()`); err != nil {
		return nil, err
	}
	if err := c.browser.Until(element("#username")); err != nil {
		return nil, err
	}
	login, err := c.both(map[string]string{"good": element(".note.good"), "send": element(".send")}, "", "send")
	if err != nil {
		return nil, fmt.Errorf("login page: %w", err)
	}
	var all []kept
	for _, browser := range []string{"", "android", "iphone"} {
		look := func(s shots) shot {
			if browser == "" {
				return s.desk
			}
			return s.phone
		}
		all = append(all, c.site("passphrase", browser, c.opened(look(empty), browser)),
			c.site("filled", browser, c.form(look(filled))), c.site("login", browser, c.unneeded(look(login), browser)))
	}
	return all, nil
}

// fillIn types a new PIN twice.
func (c *camera) fillIn() error {
	for _, field := range []string{"#passphrase", "#confirmation"} {
		if err := c.browser.Type(field, examplePIN); err != nil {
			return err
		}
	}
	if err := c.browser.Until(`document.querySelector("#score").innerText.startsWith("4") && !document.querySelector("input[type=text]")`); err != nil {
		return err
	}
	return c.browser.Run(`document.activeElement.blur()`)
}

// site is a picture of the site in a browser.
func (c *camera) site(name, browser string, p panel) kept {
	k := c.drawn(name, p)
	k.browser = browser
	return k
}

// inBrowser puts a page of the site into a browser's window.
func inBrowser(s shot, browser, path string, marks ...mark) panel {
	bar := browser
	if bar == "" {
		bar = "chrome"
	}
	p := s.panel(bar, marks...)
	p.Phone, p.Path = browser != "", path
	return p
}

// opened is the page for a new PIN with the address to compare.
func (c *camera) opened(s shot, browser string) panel {
	p := inBrowser(s, browser, resetPath+exampleKey, s.look("title", "", ""))
	p.AddressMark = &mark{Kind: "look", Words: c.word("compare"), Side: "below end"}
	if browser == "iphone" {
		p.AddressMark.Side = "above end"
	}
	return p
}

// form is what to fill in and to press.
func (c *camera) form(s shot) panel {
	return s.panel("", s.press("first", 1, c.word("first"), "above end"), s.press("second", 2, c.word("second"), "above end"), s.press("send", 3, c.word("send"), "below"))
}

// unneeded is the login page with the words of success above it.
func (c *camera) unneeded(s shot, browser string) panel {
	p := inBrowser(s, browser, "/login", s.look("good", c.word("success"), "above"))
	p.Stamp = c.word("notneeded")
	return p
}
