package talk

import "resetpin/bot"

// Reply is a reply of one message with at most two buttons a row, so that
// they can be read and hit on a small phone.
func Reply(text string, buttons ...bot.Button) bot.Reply {
	return bot.Reply{Messages: []bot.Message{{Text: text, Buttons: Rows(buttons)}}}
}

// Replace is Reply in the place of the message that was pressed.
func Replace(text string, buttons ...bot.Button) bot.Reply {
	return bot.Reply{Messages: []bot.Message{{Text: text, Buttons: Rows(buttons), Replace: true}}}
}

// Rows lays one button a row when its words are long, else two.
func Rows(buttons []bot.Button) [][]bot.Button {
	const short = 14 // characters that fit twice on a small phone
	var out [][]bot.Button
	for _, b := range buttons {
		last := len(out) - 1
		if last >= 0 && len(out[last]) == 1 && len([]rune(b.Text)) <= short && len([]rune(out[last][0].Text)) <= short {
			out[last] = append(out[last], b)
			continue
		}
		out = append(out, []bot.Button{b})
	}
	return out
}

// Topic is what the buttons of a message are about (bot.Message.Topic): with
// the next message about it they are over.
type Topic string

// The topics.
const (
	TopicWalk Topic = "walk"
	TopicLink Topic = "link"
)

// About says what a message is about.
func (t Topic) About(m bot.Message) bot.Message {
	m.Topic = string(t)
	return m
}

// Reply says what a reply's first message is about.
func (t Topic) Reply(r bot.Reply, err error) (bot.Reply, error) {
	if len(r.Messages) > 0 {
		r.Messages[0].Topic = string(t)
	}
	return r, err
}

// Dash is a text, or the sign that there is none.
func Dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// PlatformName is how a platform is called in a sentence.
func PlatformName(platform string) string {
	for _, p := range bot.Platforms() {
		if p.ID == platform {
			return p.Name
		}
	}
	return platform
}
