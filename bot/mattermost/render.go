package mattermost

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
)

// Bounds of a post. Names of buttons have none on the server; longer ones are
// not shown whole on a phone.
const (
	MaxMessage    = 16383 // characters; one more and nothing is posted
	maxButtons    = 40
	maxButtonName = 64
)

// piece is one post to be.
type piece struct {
	message     string
	attachments []*model.MessageAttachment
	picture     *bot.Picture
	file        *bot.File // that is carried
	topic       string    // of its buttons
}

// props gives all properties of the piece's post. A post that is changed
// keeps nothing that is left out here, its buttons least of all.
func (p piece) props() map[string]any {
	props := map[string]any{model.PostPropsFromBot: "true"}
	if len(p.attachments) > 0 {
		props[model.PostPropsAttachments] = p.attachments
		if p.topic != "" {
			props[propTopic] = p.topic
		}
	}
	return props
}

// sealer signs what a button does.
type sealer func(kind string, act bot.Action, form *bot.Form) (sealed, signature string, err error)

// look is what a message looks like beside its own content.
type look struct {
	actionURL string
	seal      sealer    // signs the buttons
	form      *bot.Form // a dialog that a first button opens; nil: none
}

// pieces renders a message as the posts that it takes, in order, each within
// the limits; the buttons are under the last. The error tells of buttons that
// had to be left out; the pieces are good nevertheless.
func pieces(m bot.Message, l look) ([]piece, error) {
	buttons, err := actions(m.Buttons, l)
	text := strings.TrimSpace(Markdown(m.Text))
	if part := links(m.Buttons); part != "" {
		text = strings.TrimSpace(text + "\n\n" + part)
	}
	var out []piece
	for _, part := range splitMarkdown(text, MaxMessage) {
		out = append(out, piece{message: part})
	}
	if m.Picture != nil {
		if len(out) == 0 {
			out = append(out, piece{message: escapeText(m.Picture.Alt)})
		}
		out[len(out)-1].picture = m.Picture
	}
	if m.File != nil {
		if len(out) == 0 {
			out = append(out, piece{})
		}
		out[len(out)-1].file = m.File
	}
	if len(buttons) > 0 {
		if len(out) == 0 {
			out = append(out, piece{})
		}
		out[len(out)-1].attachments, out[len(out)-1].topic = []*model.MessageAttachment{{Actions: buttons}}, m.Topic
	}
	return out, err
}

// links renders the buttons that open an address: Mattermost's buttons do not.
func links(rows [][]bot.Button) string {
	var lines []string
	for _, row := range rows {
		for _, b := range row {
			if b.URL != "" {
				lines = append(lines, link(escapeText(b.Text), b.URL))
			}
		}
	}
	return strings.Join(lines, "\n")
}

// actions renders the buttons that do something. All are in one attachment,
// which lays them out by itself; several would stand in a box each.
func actions(rows [][]bot.Button, l look) ([]*model.PostAction, error) {
	var out []*model.PostAction
	var problems []error
	add := func(name string, style bot.Style, kind string, act bot.Action, form *bot.Form) {
		sealed, signature, err := l.seal(kind, act, form)
		if err == nil && len(out) >= maxButtons {
			err = fmt.Errorf("more than %d buttons", maxButtons)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("button %q is left out: %w", name, err))
			return
		}
		out = append(out, &model.PostAction{
			Id:   "b" + strconv.Itoa(len(out)+1), // letters and digits only: with another sign the press would be a 404
			Type: model.PostActionTypeButton, Name: buttonName(name), Style: styleOf(style),
			Integration: &model.PostActionIntegration{URL: l.actionURL, Context: map[string]any{contextSealed: sealed, contextSignature: signature}},
		})
	}
	if l.form != nil { // what is waited for comes first
		add(l.form.Title, bot.StylePrimary, opensForm, l.form.Action, l.form)
	}
	for _, row := range rows {
		for _, b := range row {
			if b.URL == "" && b.Copy == "" { // nothing copies there
				add(b.Text, b.Style, onPost, b.Action, nil)
			}
		}
	}
	return out, errors.Join(problems...)
}

// buttonName gives a button a name within bounds, and one at all.
func buttonName(s string) string {
	s = cutRunes(strings.TrimSpace(strings.ToValidUTF8(s, "�")), maxButtonName)
	if s == "" {
		return "…"
	}
	return s
}

// styleOf gives a style by Mattermost's name.
func styleOf(s bot.Style) string {
	switch s {
	case bot.StylePrimary, bot.StyleDanger:
		return string(s)
	case bot.StyleNormal:
	}
	return "default"
}
