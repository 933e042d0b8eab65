package handlers

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"resetpin/bot"
)

// leadingSign is a picture sign at the beginning of a line, behind a list's
// mark: a screen reader reads out its name.
var leadingSign = regexp.MustCompile(`(?m)^((?:- |\d+\. |> )?)(?:[\p{So}\x{FE0F}\x{200D}\x{1F3FB}-\x{1F3FF}]+[ \t]*)+`)

// forReader gives a reply as the person wants replies: without pictures, each
// a message of its own, for those who chose text alone.
func forReader(textOnly bool, answer bot.Reply) bot.Reply {
	if !textOnly {
		return answer
	}
	answer.Notice = leadingSign.ReplaceAllString(answer.Notice, "$1")
	for i := range answer.Messages {
		answer.Messages[i] = asText(answer.Messages[i])
	}
	if answer.Remove != nil {
		removal := *answer.Remove
		removal.Done, removal.Failed = asText(removal.Done), asText(removal.Failed)
		answer.Remove = &removal
	}
	return answer
}

func asText(m bot.Message) bot.Message {
	m.Text, m.Picture, m.Replace = leadingSign.ReplaceAllString(m.Text, "$1"), nil, false
	return m
}

// modeChosen switches pictures off and on.
func (h *Handlers) modeChosen(ctx context.Context, r request) (bot.Reply, error) {
	textOnly := r.Action.Arg == "text"
	if err := h.Store.SetTextOnly(ctx, r.account(), textOnly); err != nil {
		return bot.Reply{}, fmt.Errorf("set text only: %w", err)
	}
	r.session.TextOnly = textOnly
	key := "mode.pictures"
	if textOnly {
		key = "mode.text"
	}
	return replace(r.say(key), h.homeButtons(r)...), nil
}

// modeButton offers the other of text alone and pictures.
func modeButton(r request) bot.Button {
	if r.session.TextOnly {
		return r.button("button.pictures", "mode", "pictures")
	}
	return r.button("button.textonly", "mode", "text")
}

// mode is how pages are shown to the person, in the guides' words.
func mode(r request) string {
	if r.session.TextOnly {
		return "text"
	}
	return "pictures"
}

// spelled gives an address in groups that can be heard.
func spelled(r request, site string) string {
	comma := strings.NewReplacer(".", ", "+r.say("spell.dot")+", ", "-", ", "+r.say("spell.dash")+", ", ":", ", "+r.say("spell.colon")+", ")
	return comma.Replace(site)
}
