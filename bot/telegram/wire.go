package telegram

import (
	"strconv"
	"strings"

	"resetpin/bot"
)

// The parts of an update that the bot looks at. Decoding the library's
// models.Update, which knows everything, costs about twice the CPU.

type wireUpdate struct {
	ID      int64        `json:"update_id"`
	Message *wireMessage `json:"message"`
	Edited  *wireMessage `json:"edited_message"`
	Query   *wireQuery   `json:"callback_query"`
	Member  *wireMember  `json:"chat_member"` // only of groups whose administrator the bot is
}

// wireMember is a change of somebody's membership.
type wireMember struct {
	Chat wireChat `json:"chat"`
	Date int64    `json:"date"`
	Now  struct {
		User     *wireUser `json:"user"`
		Status   string    `json:"status"`
		IsMember bool      `json:"is_member"` // of a restricted one
	} `json:"new_chat_member"`
}

type wireChat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

// allowedUpdates are the types of update that wireUpdate knows.
var allowedUpdates = []string{"message", "edited_message", "callback_query", "chat_member"}

type wireQuery struct {
	ID      string       `json:"id"`
	From    *wireUser    `json:"from"`
	Message *wireMessage `json:"message"` // absent for inline messages; date 0 when it is inaccessible
	Data    string       `json:"data"`
}

type wireUser struct {
	ID       int64  `json:"id"`
	IsBot    bool   `json:"is_bot"`
	Name     string `json:"first_name"`
	Language string `json:"language_code"`
}

type wireMessage struct {
	ID         int64     `json:"message_id"`
	From       *wireUser `json:"from"`
	SenderChat present   `json:"sender_chat"` // written in the name of a chat: nobody knows by whom
	ViaBot     present   `json:"via_bot"`
	Chat       wireChat  `json:"chat"`
	Left       *wireUser `json:"left_chat_member"`
	MigratedTo int64     `json:"migrate_to_chat_id"`
	ReplyTo    *struct {
		ID int64 `json:"message_id"`
	} `json:"reply_to_message"`
	Topic   int    `json:"message_thread_id"`
	InTopic bool   `json:"is_topic_message"`
	Date    int64  `json:"date"`
	Edited  int64  `json:"edit_date"`
	Text    string `json:"text"`
	Caption string `json:"caption"`

	// Where words lead that do not show it, and the buttons of what was
	// forwarded.
	Entities        []wireLink `json:"entities"`
	CaptionEntities []wireLink `json:"caption_entities"`
	Markup          struct {
		Keyboard [][]wireLink `json:"inline_keyboard"`
	} `json:"reply_markup"`

	Forwarded present `json:"forward_origin"`

	// What else a person can send. Anything not named here is a service
	// message (pinned, joined, renamed …), which nobody expects an answer to.
	Photo     []wireFile `json:"photo"` // the same picture in several sizes, the largest last
	Voice     present    `json:"voice"`
	Video     present    `json:"video"`
	VideoNote present    `json:"video_note"`
	Animation present    `json:"animation"`
	Audio     present    `json:"audio"`
	Document  *wireFile  `json:"document"`
	Sticker   present    `json:"sticker"`
	Contact   *contact   `json:"contact"`
	Location  present    `json:"location"`
	Venue     present    `json:"venue"`
	Poll      present    `json:"poll"`
	Dice      present    `json:"dice"`
	Story     present    `json:"story"`
	Checklist present    `json:"checklist"`
	PaidMedia present    `json:"paid_media"`
	LivePhoto present    `json:"live_photo"`
	Rich      present    `json:"rich_message"`
}

// wireFile is a file that Telegram keeps.
type wireFile struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
}

// files gives what can be carried to somebody else.
func (m *wireMessage) files() []bot.File {
	switch {
	case len(m.Photo) > 0:
		return []bot.File{{Platform: bot.Telegram, ID: m.Photo[len(m.Photo)-1].ID, Kind: bot.FilePicture, Name: "picture.jpg"}}
	case m.Document != nil && m.Document.ID != "":
		return []bot.File{{Platform: bot.Telegram, ID: m.Document.ID, Kind: bot.FileDocument, Name: m.Document.Name}}
	}
	return nil
}

// contact is a phone number that somebody sent. Telegram names the account
// whose number it is, when it has one
// (https://core.telegram.org/bots/api#contact).
type contact struct {
	Phone string `json:"phone_number"`
	User  int64  `json:"user_id"`
}

// ownNumber gives the digits of the writer's own phone number when the message
// hands it over, as the button of a contact does; else nothing: the card may be
// anybody's, forwarded or from the address book.
func (m *wireMessage) ownNumber() string {
	c := m.Contact
	if c == nil || c.User == 0 || m.From == nil || c.User != m.From.ID || bool(m.Forwarded) {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, c.Phone)
}

// wireLink is what has an address of its own: an entity of the type text_link,
// or a button.
type wireLink struct {
	URL string `json:"url"`
}

// place gives where the message stands. Threads of groups are not topics, or
// are kept by answering a message in them.
func (m *wireMessage) place() place {
	p := place{chat: strconv.FormatInt(m.Chat.ID, 10)}
	if m.InTopic && m.Chat.ID > 0 {
		p.topic = m.Topic
	}
	return p
}

// links gives the addresses that the message does not show.
func (m *wireMessage) links() []string {
	var out []string
	for _, row := range append(m.Markup.Keyboard, m.Entities, m.CaptionEntities) {
		for _, l := range row {
			if l.URL != "" {
				out = append(out, l.URL)
			}
		}
	}
	return out
}

// present notes that a field is there, whatever it holds.
type present bool

// UnmarshalJSON implements json.Unmarshaler; null is nothing.
func (p *present) UnmarshalJSON(data []byte) error {
	*p = string(data) != "null"
	return nil
}

// other tells whether the message is something that a person sent which is
// not text.
func (m *wireMessage) other() bool {
	return len(m.Photo) > 0 || m.Document != nil || m.Contact != nil || bool(m.Voice || m.Video || m.VideoNote || m.Animation || m.Audio || m.Sticker ||
		m.Location || m.Venue || m.Poll || m.Dice || m.Story || m.Checklist || m.PaidMedia || m.LivePhoto || m.Rich) ||
		m.Caption != ""
}
