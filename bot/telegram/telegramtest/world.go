package telegramtest

import (
	"slices"
	"strconv"
	"time"
)

// user is a person with a Telegram account.
type user struct {
	id       int64
	name     string
	language string
	met      bool // wrote to the bot at least once: only then may the bot write
	blocked  bool
	gone     bool // deleted the account
	toasts   []Toast
	copied   string // the clipboard
	phone    string // empty: one made of the id
}

// chat is a private chat (id of the user) or a group (negative id).
type chat struct {
	id       int64
	title    string // of a group
	migrated int64  // the supergroup that this group became
	g        *group // nil: a private chat, or a group of which nothing was said yet
	messages []*message
	typing   time.Time // until when "typing …" is shown
	topics   map[int]bool
	typingIn int // the topic of typing
	keyboard keyboardChange
}

func (c *chat) private() bool { return c.id > 0 }

// find gives the message with the id, or nil; a deleted one is still found.
func (c *chat) find(id int) *message {
	i, ok := slices.BinarySearchFunc(c.messages, id, func(m *message, id int) int { return m.id - id })
	if !ok {
		return nil
	}
	return c.messages[i]
}

// message is one message of a chat.
type message struct {
	id       int
	chat     *chat
	from     int64
	kind     string
	text     string // or caption
	entities []Entity
	photo    *Photo
	file     string // a document's id
	fileName string
	data     []byte
	card     *card // of a contact
	buttons  [][]Button
	replyTo  int
	topic    int // of a private chat with topics; 0: none
	sent     time.Time
	edited   time.Time
	deleted  bool

	forwarded bool // a person's message
}

// query is a pressed button.
type query struct {
	id       string
	user     int64
	chat     int64
	message  int
	pressed  time.Time
	answered bool
}

// add puts a new message into its chat.
func (s *Server) add(m *message) {
	s.lastID++
	m.id = s.lastID
	m.sent = s.o.Now()
	m.chat.messages = append(m.chat.messages, m)
	if m.from == s.botID {
		m.chat.typing = time.Time{}
	}
	s.tell(Change{Kind: ChangeMessage, Chat: m.chat.id, Message: new(s.show(m))})
}

// target finds the chat that a call names and checks that the bot may write there.
func (s *Server) target(name string) (*chat, *failure) {
	if name == "" {
		return nil, bad("chat_id is empty")
	}
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil || s.chats[id] == nil {
		return nil, bad("chat not found")
	}
	c := s.chats[id]
	if !c.private() {
		if f := c.mayWrite(); f != nil {
			return nil, f
		}
		return c, nil
	}
	switch u := s.users[id]; {
	case u.gone:
		return nil, forbidden("user is deactivated")
	case u.blocked:
		return nil, forbidden("bot was blocked by the user")
	case !u.met:
		return nil, forbidden("bot can't initiate conversation with a user")
	}
	return c, nil
}

// Wire forms, as far as bots look at them.

type wireUser struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	Username  string `json:"username,omitempty"`
	Language  string `json:"language_code,omitempty"`
}

type wireChat struct {
	ID        int64  `json:"id"`
	FirstName string `json:"first_name,omitempty"`
	Title     string `json:"title,omitempty"`
	Type      string `json:"type"`
	Forum     bool   `json:"is_forum,omitempty"`
}

type wirePhoto struct {
	FileID string `json:"file_id"`
	Unique string `json:"file_unique_id"`
	Size   int    `json:"file_size"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

type wireButton struct {
	Text  string `json:"text"`
	URL   string `json:"url,omitempty"`
	Data  string `json:"callback_data,omitempty"`
	Style string `json:"style,omitempty"`
	Copy  any    `json:"copy_text,omitempty"`
}

type wireMarkup struct {
	Keyboard [][]wireButton `json:"inline_keyboard"`
}

func (s *Server) wireUser(id int64) wireUser {
	if id == s.botID {
		return wireUser{ID: id, IsBot: true, FirstName: s.o.Name, Username: s.o.Username}
	}
	u := s.users[id]
	return wireUser{ID: id, FirstName: u.name, Language: u.language}
}

func (s *Server) wireChat(c *chat) wireChat {
	if c.private() {
		return wireChat{ID: c.id, FirstName: s.users[c.id].name, Type: "private"}
	}
	kind := "group"
	if c.supergroup() {
		kind = "supergroup"
	}
	return wireChat{ID: c.id, Title: c.title, Type: kind, Forum: c.group().forum}
}

// wireMessage gives a message as the Bot API writes it.
func (s *Server) wireMessage(m *message) map[string]any {
	w := map[string]any{
		"message_id": m.id, "from": s.wireUser(m.from), "chat": s.wireChat(m.chat), "date": m.sent.Unix(),
	}
	if !m.edited.IsZero() {
		w["edit_date"] = m.edited.Unix()
	}
	text, entities := "text", "entities"
	switch m.kind {
	case "text":
	case "photo":
		text, entities = "caption", "caption_entities"
		p := m.photo
		small := wirePhoto{FileID: p.FileID + "s", Unique: p.FileID[:8] + "s", Size: len(p.Data) / 4, Width: max(1, p.Width/4), Height: max(1, p.Height/4)}
		w["photo"] = []wirePhoto{small, {FileID: p.FileID, Unique: p.FileID[:8], Size: len(p.Data), Width: p.Width, Height: p.Height}}
	case "left_chat_member":
		w[m.kind] = s.wireUser(m.from)
	case "migrate_to_chat_id":
		w[m.kind] = m.chat.migrated
	case "forum_topic_created":
		w[m.kind] = map[string]any{"name": "", "icon_color": 7322096}
	case "document":
		text, entities = "caption", "caption_entities"
		w[m.kind] = otherContent(m.kind)
		if m.file != "" {
			w[m.kind] = map[string]any{"file_id": m.file, "file_unique_id": m.file[11:19], "file_name": m.fileName}
		}
	case contactKind:
		w[m.kind] = otherContent(m.kind)
		if m.card != nil {
			w[m.kind] = s.wireCard(m.card)
		}
	default:
		text, entities = "caption", "caption_entities"
		w[m.kind] = otherContent(m.kind)
	}
	if m.forwarded {
		w["forward_origin"] = map[string]any{"type": "user", "date": m.sent.Unix(), "sender_user": s.wireUser(m.from)}
	}
	if m.topic != 0 {
		w["message_thread_id"], w["is_topic_message"] = m.topic, true
	}
	if m.text != "" {
		w[text] = m.text
	}
	if len(m.entities) > 0 {
		w[entities] = m.entities
	}
	if len(m.buttons) > 0 {
		w["reply_markup"] = wireKeyboard(m.buttons)
	}
	replyTo := m.replyTo
	if replyTo == 0 && !m.chat.private() {
		replyTo = m.topic // a forum's messages answer the one that made their topic
	}
	if old := m.chat.find(replyTo); replyTo != 0 && old != nil {
		w["reply_to_message"] = map[string]any{"message_id": old.id, "from": s.wireUser(old.from), "chat": s.wireChat(m.chat), "date": old.sent.Unix()}
	}
	return w
}

func wireKeyboard(rows [][]Button) wireMarkup {
	var k wireMarkup
	for _, row := range rows {
		var out []wireButton
		for _, b := range row {
			out = append(out, b.wire())
		}
		k.Keyboard = append(k.Keyboard, out)
	}
	return k
}

func (b Button) wire() wireButton {
	w := wireButton{Text: b.Text, URL: b.URL, Data: b.Data, Style: b.Style}
	if b.Copy != "" {
		w.Copy = map[string]string{"text": b.Copy}
	}
	return w
}
