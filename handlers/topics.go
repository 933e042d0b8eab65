package handlers

import "resetpin/bot"

// What the buttons of a message are about (bot.Message.Topic): with the next
// message about it they are over.
const (
	topicWalk = "walk"
	topicLink = "link"
)

// about says what a message is about.
func about(topic string, m bot.Message) bot.Message {
	m.Topic = topic
	return m
}

// replyAbout says what a reply's first message is about.
func replyAbout(topic string) func(bot.Reply, error) (bot.Reply, error) {
	return func(r bot.Reply, err error) (bot.Reply, error) {
		if len(r.Messages) > 0 {
			r.Messages[0].Topic = topic
		}
		return r, err
	}
}
