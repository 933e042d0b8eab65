package main

import "fmt"

// Letters and lists are drawn as wide as a phone, so that their words can be
// read there.
const (
	pageWidth  = 430
	pageHeight = 1100
	pageScale  = 2.5
)

func sheet(find map[string]string, from, upTo string) view {
	return view{width: pageWidth, height: pageHeight, scale: pageScale, find: find, from: from, upTo: upTo}
}

// kept is a picture with its name.
type kept struct {
	guide, name, browser string
	frame                frame
}

// drawn is a picture of windows drawn by hand, for the reset's guide.
func (c *camera) drawn(name string, panels ...panel) kept {
	return kept{guide: "reset", name: name, frame: frame{Lang: c.lang, Panels: panels, Tag: c.word("drawing")}}
}

// letters are the pictures of the portal's notice, of the mails and of the
// WhatsApp message, the latter two with the warning that they lead to.
func (c *camera) letters(html string, warning looks) ([]kept, error) {
	notice, err := c.draw("notice", false, "", sheet(map[string]string{"notice": element("#notice"), "end": element(".bubble")}, "", "end"))
	if err != nil {
		return nil, fmt.Errorf("notice: %w", err)
	}
	list, err := c.list(false)
	if err != nil {
		return nil, err
	}
	alike, err := c.list(true)
	if err != nil {
		return nil, err
	}
	const inLetter = `document.querySelector("iframe").contentDocument.querySelector`
	mail, err := c.draw("webmail", false, html, sheet(map[string]string{
		"from": element("#from"), "subject": element("#subject"), "link": inLetter + `("a")`,
	}, "", "link"))
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	mail.height -= 16 // the next line begins there
	message, err := c.draw("whatsapp", false, "", sheet(map[string]string{"link": element("#link"), "end": element(".bubble")}, "", "end"))
	if err != nil {
		return nil, fmt.Errorf("whatsapp: %w", err)
	}
	trap := warning.trap(c)
	letter := mail.panel("", mail.press("link", 1, c.word("link"), "inside"))
	chat := message.panel("", message.press("link", 1, c.word("link"), "below"))
	all := []kept{
		c.drawn("notice", notice.panel("", notice.look("notice", c.word("notice"), "below"))),
		c.drawn("mail", list), c.drawn("threemails", alike), c.drawn("mailonly", letter), c.drawn("mailopen", letter, warning.button(c)), c.drawn("trap", trap),
	}
	for _, k := range []kept{c.drawn("waonly", chat), c.drawn("whatsapp", chat, trap), c.drawn("trap", trap)} {
		k.guide = "phone"
		all = append(all, k)
	}
	return all, nil
}

// list draws the inbox: the mail that is meant, and what looks like it.
func (c *camera) list(alike bool) (panel, error) {
	find := map[string]string{"ours": element("#notice"), "mail": element("#mail"), "from": element("#from"), "subject": element("#subject"), "end": element("li:last-child")}
	if alike {
		find["portal"], find["change"] = element("#credentials"), element("#approval")
	}
	s, err := c.draw("webmail", alike, "", sheet(find, "", "end"))
	if err != nil {
		return panel{}, fmt.Errorf("list of mails: %w", err)
	}
	s.height -= marginBelow // the last line ends the list
	marks := []mark{s.not("ours", c.word("ours"), "below")}
	if !alike {
		return s.panel("", append(marks, s.look("from", c.word("sender"), "right"), s.look("subject", c.word("subject"), "right"))...), nil
	}
	right := s.look("subject", c.word("openmail"), "below")
	right.Kind = "right"
	return s.panel("", append(marks, right, s.not("portal", c.word("notportal"), "below"), s.not("change", c.word("notchange"), "below"))...), nil
}
