package telegram

import (
	"strconv"
	"strings"

	"resetpin/bot"
)

// place is where a message goes: a chat, and the topic in it where a private
// chat has topics (https://core.telegram.org/bots/api#sendmessage,
// message_thread_id). In groups the answered message keeps the topic.
type place struct {
	chat  string // a number, or a @username
	topic int    // 0: none
}

// placeOf gives the place that an origin means.
func placeOf(to bot.Origin) place {
	chat, topic, found := strings.Cut(to.Chat, "/")
	if chat == "" {
		chat = to.Account.ID
	}
	p := place{chat: chat}
	if t, ok := strings.CutPrefix(to.Thread, "t"); ok {
		p.topic, _ = strconv.Atoi(t) // written by thread alone
	}
	if found {
		p.topic, _ = strconv.Atoi(topic) // written by origin alone
	}
	return p
}

// origin gives the place as an Origin's Chat.
func (p place) origin() string {
	if p.topic == 0 {
		return p.chat
	}
	return p.chat + "/" + strconv.Itoa(p.topic)
}

// id gives the chat as the Bot API takes it: a number, or a @username.
func (p place) id() any {
	if id, err := strconv.ParseInt(p.chat, 10, 64); err == nil {
		return id
	}
	return p.chat
}
