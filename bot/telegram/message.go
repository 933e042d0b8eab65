package telegram

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"resetpin/bot"
	"resetpin/bot/markup"
)

// part is one Telegram message to be: a text, or a picture with its caption.
type part struct {
	Formatted
	picture  *bot.Picture
	file     *bot.File
	keyboard *keyboard     // nil: none
	contact  *contactBoard // where people type, instead of keyboard; nil: none
}

// keyboard is an inline keyboard. The library's own type writes an empty
// copy_text into every button, which is not what the documentation allows.
type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text  string    `json:"text"`
	URL   string    `json:"url,omitempty"`
	Data  string    `json:"callback_data,omitempty"`
	Copy  *copyText `json:"copy_text,omitempty"`
	Style string    `json:"style,omitempty"` // primary or danger
}

// copyText is what a button puts on the clipboard
// (https://core.telegram.org/bots/api#copytextbutton).
type copyText struct {
	Text string `json:"text"`
}

// contactBoard is a keyboard in place of the person's own, with a button that
// hands over their phone number; or the end of one. A message has this or an
// inline keyboard (https://core.telegram.org/bots/api#replykeyboardmarkup,
// https://core.telegram.org/bots/api#replykeyboardremove).
type contactBoard struct {
	Rows    [][]contactKey `json:"keyboard,omitempty"`
	Resize  bool           `json:"resize_keyboard,omitempty"`
	OneTime bool           `json:"one_time_keyboard,omitempty"`
	Remove  bool           `json:"remove_keyboard,omitempty"`
}

type contactKey struct {
	Text    string `json:"text"`
	Contact bool   `json:"request_contact,omitempty"`
}

// contactOf gives the keyboard that a message asks for a phone number with, or
// takes such a keyboard away with; nil when it does neither.
func contactOf(m bot.Message) *contactBoard {
	switch {
	case m.Contact != nil:
		keys := [][]contactKey{{{Text: keyText(m.Contact.Text), Contact: true}}, {{Text: keyText(m.Contact.Cancel)}}}
		return &contactBoard{Rows: keys, Resize: true, OneTime: true}
	case m.Settled:
		return &contactBoard{Remove: true}
	}
	return nil
}

// Bounds of a keyboard. Telegram documents none for the text of a button;
// longer ones are not shown whole on a phone anyway.
const (
	maxButtonText = 64
	maxCopy       = 256 // characters
	maxRow        = 8
	maxButtons    = 100
	maxTitle      = 256 // units of a first paragraph that may stand alone under a picture
)

// parts renders a message as the Telegram messages that it takes, in order,
// each within the limits; the buttons are under the last. sign signs actions.
// The error tells of buttons that had to be left out; the parts are good
// nevertheless.
func parts(m bot.Message, sign func(bot.Action) (string, error)) ([]part, error) {
	board, err := keys(m.Buttons, sign)
	text := Format(m.Text)
	var out []part
	switch {
	case m.Picture != nil:
		caption, rest := captionOf(text)
		out = append(out, part{Formatted: caption, picture: m.Picture})
		text = rest
	case m.File != nil:
		caption, rest := captionOf(text)
		out = append(out, part{Formatted: caption, file: m.File})
		text = rest
	case text.Text == "" && board != nil:
		text.Text = "…" // Telegram sends no empty message
	}
	if text.Text != "" {
		for _, piece := range text.split(MaxText) {
			out = append(out, part{Formatted: piece})
		}
	}
	if n := len(out) - 1; n >= 0 {
		if out[n].contact = contactOf(m); out[n].contact == nil || m.Settled && board != nil {
			out[n].keyboard, out[n].contact = board, nil
		}
	}
	return out, err
}

// captionOf gives what stands under a picture and what follows as a text: a
// text that is too long for a caption leaves its first paragraph there, when
// that is short like a title.
func captionOf(text Formatted) (caption, rest Formatted) {
	if length16(text.Text) <= MaxCaption && len(text.Entities) <= maxEntities {
		return text, Formatted{}
	}
	title, _, found := strings.Cut(text.Text, "\n\n")
	if found && length16(title) <= maxTitle {
		return text.part(0, len(title)), text.part(len(title), len(text.Text)).trimmed()
	}
	return Formatted{}, text
}

// errButton says that a button can do nothing.
var errButton = errors.New("no action, and neither a link nor a text to copy that Telegram takes")

// keys renders rows of buttons; nil when there are none. Buttons that
// Telegram would refuse the whole message for are left out; the error tells
// of them.
func keys(rows [][]bot.Button, sign func(bot.Action) (string, error)) (*keyboard, error) {
	var k keyboard
	var problems []error
	count := 0
	for _, row := range rows {
		var out []button
		for _, b := range row {
			shown, err := key(b, sign)
			if count++; err == nil && count > maxButtons {
				err = fmt.Errorf("more than %d buttons", maxButtons)
			}
			if err != nil {
				problems = append(problems, fmt.Errorf("button %q is left out: %w", b.Text, err))
				continue
			}
			if len(out) == maxRow {
				k.Rows, out = append(k.Rows, out), nil
			}
			out = append(out, shown)
		}
		if len(out) > 0 {
			k.Rows = append(k.Rows, out)
		}
	}
	if len(k.Rows) == 0 {
		return nil, errors.Join(problems...)
	}
	return &k, errors.Join(problems...)
}

// keyText is what stands on a button, which is never nothing.
func keyText(text string) string {
	text = cutText(strings.TrimSpace(markup.Valid(text)), maxButtonText)
	if text == "" {
		return "…"
	}
	return text
}

func key(b bot.Button, sign func(bot.Action) (string, error)) (button, error) {
	out := button{Text: keyText(b.Text)}
	if b.Style == bot.StylePrimary || b.Style == bot.StyleDanger {
		out.Style = string(b.Style) // the neutral names are Telegram's
	}
	if b.URL != "" {
		if !goodLink(b.URL) {
			return button{}, errButton
		}
		out.URL = b.URL
		return out, nil
	}
	if b.Copy != "" {
		if utf8.RuneCountInString(b.Copy) > maxCopy {
			return button{}, errButton
		}
		out.Copy = &copyText{Text: clean(b.Copy)}
		return out, nil
	}
	var err error
	out.Data, err = sign(b.Action)
	return out, err
}

// signer signs actions for whoever reads the chat that the origin names: the
// account, or when it names none, or a room, the chat with all who are in it.
func (a *Adapter) signer(to bot.Origin) func(bot.Action) (string, error) {
	who, s, now := to.Account, a.c.Signer, a.c.Now()
	if chat := placeOf(to).chat; who.ID == "" || a.rooms.has(chat) {
		who = bot.Account{Platform: bot.Telegram, ID: chat}
	}
	return func(act bot.Action) (string, error) { return s.Sign(who, act, now) }
}
