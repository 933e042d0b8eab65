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
	keyboard *keyboard // nil: none
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
	if len(out) > 0 {
		out[len(out)-1].keyboard = board
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

func key(b bot.Button, sign func(bot.Action) (string, error)) (button, error) {
	out := button{Text: cutText(strings.TrimSpace(markup.Valid(b.Text)), maxButtonText)}
	if b.Style == bot.StylePrimary || b.Style == bot.StyleDanger {
		out.Style = string(b.Style) // the neutral names are Telegram's
	}
	if out.Text == "" {
		out.Text = "…"
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
