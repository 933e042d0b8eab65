package pages

import (
	"resetpin/bot"
	"resetpin/guides"
	"resetpin/handlers/talk"
	"strconv"
)

// Page is a guide's page as people see it, in a language. button makes the
// button of a choice; a primary choice's button gets its weight here.
func Page(t *talk.Texts, language string, view guides.View, button func(guides.Choice) bot.Button) bot.Message {
	m := bot.Message{Text: "**" + view.Title + "**\n\n" + view.Body}
	if view.Total > 0 {
		m.Text = "_" + t.Get(language, "walk.progress", "index", strconv.Itoa(view.Index), "total", strconv.Itoa(view.Total)) + "_\n" + m.Text
	}
	if view.Shown != "" {
		m.Text += "\n\n" + t.Get(language, "walk.shown", "alt", view.Shown)
	}
	if view.Picture != nil {
		m.Picture = &bot.Picture{Name: view.Picture.Name, Data: view.Picture.Data, Alt: view.Picture.Alt}
	}
	var buttons []bot.Button
	for _, c := range view.Choices {
		b := bot.Button{Text: c.Label, Copy: c.Target}
		if c.Kind != guides.ChoiceCopy {
			b = button(c)
		}
		if c.Primary {
			b.Style = bot.StylePrimary
		}
		buttons = append(buttons, b)
	}
	m.Buttons = talk.Rows(buttons)
	return m
}
