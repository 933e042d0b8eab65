package talk

import (
	"regexp"

	"resetpin/bot"
)

// leadingSign is a picture sign at the beginning of a line, behind a list's
// mark: a screen reader reads out its name.
var leadingSign = regexp.MustCompile(`(?m)^((?:- |\d+\. |> )?)(?:[\p{So}\x{FE0F}\x{200D}\x{1F3FB}-\x{1F3FF}]+[ \t]*)+`)

// ForReader gives a reply as the person wants replies: without pictures, each
// a message of its own, for those who chose text alone.
func ForReader(textOnly bool, answer bot.Reply) bot.Reply {
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
