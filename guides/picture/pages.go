package main

import "fmt"

const (
	pageWidth  = 620
	pageHeight = 900
	pageScale  = 1.9
	// examplePIN is typed where only dots are shown.
	examplePIN = "Kopi-Tubruk-2719!"
)

func sheet(find map[string]string, from, upTo string) view {
	return view{width: pageWidth, height: pageHeight, scale: pageScale, find: find, from: from, upTo: upTo}
}

// kept is a picture with its name.
type kept struct {
	name, browser string
	frame         frame
}

// letters are the pictures of the notice and of the mail.
func (c *camera) letters(html string) ([]kept, error) {
	notice, err := c.draw("notice", false, "", sheet(map[string]string{"notice": element("#notice"), "end": element(".bubble")}, "", "end"))
	if err != nil {
		return nil, fmt.Errorf("notice: %w", err)
	}
	list, err := c.draw("webmail", false, "", sheet(map[string]string{
		"own": element("#own"), "mail": element("#mail"), "from": element("#from"), "subject": element("#subject"), "end": element("li:last-child"),
	}, "", "end"))
	if err != nil {
		return nil, fmt.Errorf("list of mails: %w", err)
	}
	list.height -= marginBelow // the last line ends the list
	const inLetter = `document.querySelector("iframe").contentDocument.querySelector`
	mail, err := c.draw("webmail", false, html, sheet(map[string]string{
		"from": element("#from"), "subject": element("#subject"), "link": inLetter + `("a")`, "end": inLetter + `("a").closest("p").nextElementSibling`,
	}, "", "end"))
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	drawn := c.word("drawing")
	one := func(name string, p panel) kept {
		return kept{name: name, frame: frame{Lang: c.lang, Panels: []panel{p}, Tag: drawn}}
	}
	return []kept{
		one("notice", notice.panel("", notice.look("notice", c.word("notice"), "below"))),
		one("mailbox", list.panel("", list.look("own", c.word("own"), "below end"))),
		one("mail", list.panel("", list.look("from", c.word("sender"), "right"), list.look("subject", c.word("subject"), "right"))),
		one("mailopen", mail.panel("", mail.press("link", 1, c.word("link"), "inside"))),
	}, nil
}

// passphrase are the pictures of the site: the page for a new PIN empty and
// filled, and the login page after it. The browser is on the warning page.
func (c *camera) passphrase() ([]kept, error) {
	if err := c.browser.run(element("#proceed-link") + `.click()`); err != nil {
		return nil, err
	}
	if err := c.browser.until(element("#confirmation")); err != nil {
		return nil, err
	}
	fields := map[string]string{"title": element("h1"), "first": element("#passphrase"), "second": element("#confirmation"), "send": element(".send")}
	empty, err := c.photograph(sheet(fields, "", "second"))
	if err != nil {
		return nil, fmt.Errorf("page for a new PIN: %w", err)
	}
	for _, field := range []string{"#passphrase", "#confirmation"} {
		if err := c.browser.keys(field, examplePIN); err != nil {
			return nil, err
		}
	}
	if err := c.browser.until(`document.querySelector("#score").innerText.startsWith("4") && !document.querySelector("input[type=text]")`); err != nil {
		return nil, err
	}
	if err := c.browser.run(`document.activeElement.blur()`); err != nil {
		return nil, err
	}
	filled, err := c.photograph(sheet(fields, "title", "send"))
	if err != nil {
		return nil, fmt.Errorf("page with a new PIN: %w", err)
	}
	if err := c.browser.run(element(".send") + `.click()`); err != nil {
		return nil, err
	}
	if err := c.browser.until(element("#username")); err != nil {
		return nil, err
	}
	login, err := c.photograph(sheet(map[string]string{"send": element(".send")}, "", "send"))
	if err != nil {
		return nil, fmt.Errorf("login page: %w", err)
	}
	site := func(name string, p panel) kept {
		p.Bar, p.Path = "chrome", resetPath+exampleKey
		if name == "login" {
			p.Path = "/login"
		}
		return kept{name: name, frame: frame{Lang: c.lang, Panels: []panel{p}, Tag: c.word("drawing")}}
	}
	opened := empty.panel("chrome")
	opened.AddressMark = &mark{Kind: "look", Words: c.word("compare"), Side: "below end"}
	unneeded := login.panel("chrome")
	unneeded.Stamp = c.word("notneeded")
	form := filled.panel("", filled.press("first", 1, c.word("first"), "above end"), filled.press("second", 2, c.word("second"), "above end"), filled.press("send", 3, c.word("send"), "right"))
	return []kept{
		site("passphrase", opened),
		{name: "filled", frame: frame{Lang: c.lang, Panels: []panel{form}, Tag: c.word("drawing")}},
		site("login", unneeded),
	}, nil
}
