package main

// trap is a phone's warning page with what to compare and the button that
// leads nowhere.
func (l looks) trap(c *camera) panel {
	s := l.closed.near("title", 48, "open")
	p := l.window(c, s, s.look("code", c.word("code"), "below"), s.not("safe", c.word("safe"), "above"))
	p.AddressMark = &mark{Kind: "look", Words: c.word("compare"), Side: "below"}
	return p
}

// button is the same page with that button alone.
func (l looks) button(c *camera) panel {
	s := l.closed.cut("title", "open")
	return l.window(c, s, s.not("safe", c.word("safe"), "above"))
}

// not marks something that is not meant, or not to be pressed.
func (s shot) not(name, words, side string) mark {
	b := s.boxes[name].grown(6)
	b.X, b.Width = b.X-3, b.Width+6 // room for the cross
	return mark{Kind: "not", Words: words, Side: side, Box: b}
}
