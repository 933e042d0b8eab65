package telegram

import "strconv"

// The parts of an update that the bot looks at. Decoding the library's
// models.Update, which knows everything, costs about twice the CPU.

type wireUpdate struct {
	ID      int64        `json:"update_id"`
	Message *wireMessage `json:"message"`
	Edited  *wireMessage `json:"edited_message"`
	Query   *wireQuery   `json:"callback_query"`
}

// allowedUpdates are the types of update that wireUpdate knows.
var allowedUpdates = []string{"message", "edited_message", "callback_query"}

type wireQuery struct {
	ID      string       `json:"id"`
	From    *wireUser    `json:"from"`
	Message *wireMessage `json:"message"` // absent for inline messages; date 0 when it is inaccessible
	Data    string       `json:"data"`
}

type wireUser struct {
	ID       int64  `json:"id"`
	IsBot    bool   `json:"is_bot"`
	Language string `json:"language_code"`
}

type wireMessage struct {
	ID         int64     `json:"message_id"`
	From       *wireUser `json:"from"`
	SenderChat present   `json:"sender_chat"` // written in the name of a chat: nobody knows by whom
	ViaBot     present   `json:"via_bot"`
	Chat       struct {
		ID   int64  `json:"id"`
		Type string `json:"type"`
	} `json:"chat"`
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

	// What else a person can send. Anything not named here is a service
	// message (pinned, joined, renamed …), which nobody expects an answer to.
	Photo     present `json:"photo"`
	Voice     present `json:"voice"`
	Video     present `json:"video"`
	VideoNote present `json:"video_note"`
	Animation present `json:"animation"`
	Audio     present `json:"audio"`
	Document  present `json:"document"`
	Sticker   present `json:"sticker"`
	Contact   present `json:"contact"`
	Location  present `json:"location"`
	Venue     present `json:"venue"`
	Poll      present `json:"poll"`
	Dice      present `json:"dice"`
	Story     present `json:"story"`
	Checklist present `json:"checklist"`
	PaidMedia present `json:"paid_media"`
	LivePhoto present `json:"live_photo"`
	Rich      present `json:"rich_message"`
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
	return bool(m.Photo || m.Voice || m.Video || m.VideoNote || m.Animation || m.Audio || m.Document || m.Sticker ||
		m.Contact || m.Location || m.Venue || m.Poll || m.Dice || m.Story || m.Checklist || m.PaidMedia || m.LivePhoto || m.Rich) ||
		m.Caption != ""
}
