package telegramtest

import (
	"slices"
	"time"
)

// Message is one message of a transcript.
type Message struct {
	ID      int        `json:"id"`
	Chat    int64      `json:"chat"`
	From    int64      `json:"from"`
	Name    string     `json:"name"`
	Bot     bool       `json:"bot"`  // written by the bot
	Text    string     `json:"text"` // plain text or caption
	HTML    string     `json:"html"` // the same as safe HTML to show; line breaks stay line breaks
	Kind    string     `json:"kind"` // text, photo, or the kind of Person.SendOther
	Photo   *Photo     `json:"photo,omitempty"`
	Buttons [][]Button `json:"buttons,omitempty"`
	Keys    [][]Key    `json:"keys,omitempty"` // of the keyboard where people type, while it is there
	ReplyTo int        `json:"replyTo,omitempty"`
	Topic   int        `json:"topic,omitempty"` // of a private chat with topics; 0: none
	Sent    time.Time  `json:"sent"`
	Edited  time.Time  `json:"edited,omitzero"`
	Deleted bool       `json:"deleted,omitempty"`
}

// Photo is a picture in a message.
type Photo struct {
	FileID string `json:"fileId"`
	Type   string `json:"type"` // image/png or image/jpeg
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Data   []byte `json:"-"` // also by Server.File
}

// Button is an inline button as it is seen.
type Button struct {
	Text  string `json:"text"`
	Data  string `json:"data,omitempty"`
	URL   string `json:"url,omitempty"`
	Copy  string `json:"copy,omitempty"`  // what it puts on the clipboard
	Style string `json:"style,omitempty"` // primary, success, danger or empty
}

// Toast is the answer to a press.
type Toast struct {
	Query   string        `json:"query"`
	User    int64         `json:"user"`
	Chat    int64         `json:"chat"`
	Message int           `json:"message"` // whose button was pressed
	Text    string        `json:"text"`    // empty: the button just stops spinning
	Alert   bool          `json:"alert,omitempty"`
	At      time.Time     `json:"at"`
	After   time.Duration `json:"after"` // since the press
}

// Command is one entry of the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// Messages gives a chat's transcript, deleted messages included (marked),
// oldest first.
func (s *Server) Messages(chat int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chat]
	if c == nil {
		return nil
	}
	all := make([]Message, 0, len(c.messages))
	for _, m := range c.messages {
		all = append(all, s.show(m))
	}
	return all
}

// File gives a picture's bytes and content type by its file id.
func (s *Server) File(id string) (data []byte, contentType string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.files[id]
	if p == nil {
		return nil, "", false
	}
	return p.Data, p.Type, true
}

// ForgetFiles makes every file id so far unknown, as happens when a bot's
// token changes hands. Messages keep their pictures.
func (s *Server) ForgetFiles() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = map[string]*Photo{}
}

// Typing tells whether the chat shows "typing …" now, in whatever topic.
func (s *Server) Typing(chat int64) bool {
	_, typing := s.TypingIn(chat)
	return typing
}

// TypingIn tells whether the chat shows "typing …" now, and in which topic; 0
// is none.
func (s *Server) TypingIn(chat int64) (topic int, typing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[chat]
	if c == nil || !s.o.Now().Before(c.typing) {
		return 0, false
	}
	return c.typingIn, true
}

// Waiting gives the ids of presses in the chat that are not answered yet.
func (s *Server) Waiting(chat int64) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for id, q := range s.queries {
		if q.chat == chat && !q.answered {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Commands gives the menu that a user of the language (two letters or empty)
// sees in private chats.
func (s *Server) Commands(language string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range menuKeys("all_private_chats", language) {
		if menu, ok := s.menus[key]; ok {
			return slices.Clone(menu)
		}
	}
	return nil
}

// show gives a message as a transcript tells it.
func (s *Server) show(m *message) Message {
	v := Message{
		ID: m.id, Chat: m.chat.id, From: m.from, Text: m.text, HTML: displayHTML(m.text, m.entities),
		Kind: m.kind, Photo: m.photo, Buttons: m.buttons, ReplyTo: m.replyTo, Topic: m.topic,
		Sent: m.sent, Edited: m.edited, Deleted: m.deleted,
	}
	if m.from == s.botID {
		v.Bot, v.Name = true, s.o.Name
		if k := m.chat.keyboard; k.from == m.id {
			v.Keys = k.rows
		}
	} else if u := s.users[m.from]; u != nil {
		v.Name = u.name
	}
	return v
}
