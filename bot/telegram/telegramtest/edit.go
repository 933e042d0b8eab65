package telegramtest

import (
	"encoding/json"
	"reflect"
	"strconv"
	"time"
)

// deletable is how old a message may be for the bot to delete it.
const deletable = 48 * time.Hour

// own finds the bot's message that an editing call names.
func (s *Server) own(q *request) (*message, *failure) {
	if q.params["inline_message_id"] != "" {
		return nil, bad("the pretend server does not play inline messages")
	}
	if q.params["chat_id"] == "" && q.params["message_id"] == "" {
		return nil, bad("message identifier is not specified")
	}
	c, f := s.target(q.params["chat_id"])
	if f != nil {
		return nil, f
	}
	m := c.find(intParam(q, "message_id", 0))
	if m == nil || m.deleted {
		return nil, bad("message to edit not found")
	}
	if m.from != s.botID {
		return nil, bad("message can't be edited")
	}
	return m, nil
}

// change gives a message its new content, or says that it is the old one.
func (s *Server) change(m *message, kind string, c content) (any, *failure) {
	same := m.kind == kind && m.text == c.text && samePhoto(m.photo, c.photo) &&
		(len(m.entities)+len(c.entities) == 0 || reflect.DeepEqual(m.entities, c.entities)) &&
		(len(m.buttons)+len(c.buttons) == 0 || reflect.DeepEqual(m.buttons, c.buttons))
	if same {
		return nil, bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	m.kind, m.text, m.entities, m.photo, m.buttons = kind, c.text, c.entities, c.photo, c.buttons
	m.edited = s.o.Now()
	if c.photo != nil {
		s.files[c.photo.FileID] = c.photo
	}
	s.tell(Change{Kind: ChangeEdited, Chat: m.chat.id, Message: new(s.show(m))})
	return s.wireMessage(m), nil
}

func samePhoto(a, b *Photo) bool {
	return a == b || a != nil && b != nil && a.FileID == b.FileID
}

func (s *Server) editMessageText(q *request) (any, *failure) {
	if q.params["rich_message"] != "" {
		return nil, bad("the pretend server does not play rich messages")
	}
	c, f := readBody(q)
	if f != nil {
		return nil, f
	}
	m, f := s.own(q)
	if f != nil {
		return nil, f
	}
	if m.kind != "text" {
		return nil, bad("there is no text in the message to edit")
	}
	return s.change(m, "text", c)
}

func (s *Server) editMessageCaption(q *request) (any, *failure) {
	text, entities, f := readText(q.params["caption"], q.params["parse_mode"], q.params["caption_entities"], maxCaption)
	if f != nil {
		return nil, f
	}
	buttons, f := readMarkup(q.params["reply_markup"])
	if f != nil {
		return nil, f
	}
	m, f := s.own(q)
	if f != nil {
		return nil, f
	}
	if m.kind != "photo" {
		return nil, bad("there is no caption in the message to edit")
	}
	return s.change(m, m.kind, content{text: text, entities: entities, photo: m.photo, buttons: buttons})
}

// inputMedia is the media parameter.
type inputMedia struct {
	Type     string          `json:"type"`
	Media    string          `json:"media"`
	Caption  string          `json:"caption"`
	Mode     string          `json:"parse_mode"`
	Entities json.RawMessage `json:"caption_entities"`
	Above    bool            `json:"show_caption_above_media"`
	Spoiler  bool            `json:"has_spoiler"`
}

func (s *Server) editMessageMedia(q *request) (any, *failure) {
	var in inputMedia
	if err := strict(q.params["media"], &in); err != nil {
		return nil, bad("can't parse InputMedia: %s", err)
	}
	if in.Type != "photo" {
		return nil, bad("the pretend server does not play media of type %q", in.Type)
	}
	c := content{}
	var f *failure
	if c.text, c.entities, f = readText(in.Caption, in.Mode, string(in.Entities), maxCaption); f != nil {
		return nil, f
	}
	if c.buttons, f = readMarkup(q.params["reply_markup"]); f != nil {
		return nil, f
	}
	if c.photo, f = s.takePhoto(q, "", in.Media); f != nil {
		return nil, f
	}
	m, f := s.own(q)
	if f != nil {
		return nil, f
	}
	return s.change(m, "photo", c)
}

func (s *Server) editMessageReplyMarkup(q *request) (any, *failure) {
	buttons, f := readMarkup(q.params["reply_markup"])
	if f != nil {
		return nil, f
	}
	m, f := s.own(q)
	if f != nil {
		return nil, f
	}
	return s.change(m, m.kind, content{text: m.text, entities: m.entities, photo: m.photo, buttons: buttons})
}

func (s *Server) deleteMessage(q *request) (any, *failure) {
	c, f := s.target(q.params["chat_id"])
	if f != nil {
		return nil, f
	}
	return s.deleteOne(c, intParam(q, "message_id", 0))
}

func (s *Server) deleteMessages(q *request) (any, *failure) {
	c, f := s.target(q.params["chat_id"])
	if f != nil {
		return nil, f
	}
	var ids []int
	if err := json.Unmarshal([]byte(q.params["message_ids"]), &ids); err != nil || len(ids) == 0 {
		return nil, bad("message identifiers are not specified")
	}
	if len(ids) > 100 {
		return nil, bad("too many message identifiers specified")
	}
	for _, id := range ids { // those that cannot be found are skipped
		if _, f := s.deleteOne(c, id); f != nil && f.text != "Bad Request: message to delete not found" {
			return nil, f
		}
	}
	return true, nil
}

func (s *Server) deleteOne(c *chat, id int) (any, *failure) {
	m := c.find(id)
	switch {
	case id <= 0:
		return nil, bad("message identifier is not specified")
	case m == nil || m.deleted:
		return nil, bad("message to delete not found")
	case s.o.Now().Sub(m.sent) > deletable:
		return nil, bad("message can't be deleted for everyone")
	case !c.private() && m.from != s.botID:
		return nil, bad("message can't be deleted") // the bot administers no group here
	}
	s.remove(m)
	return true, nil
}

// remove marks a message deleted.
func (s *Server) remove(m *message) {
	m.deleted = true
	s.tell(Change{Kind: ChangeDeleted, Chat: m.chat.id, Message: new(s.show(m))})
}

// answerCallbackQuery shows the answer to a press, once and not too late.
func (s *Server) answerCallbackQuery(q *request) (any, *failure) {
	text := q.params["text"]
	if len([]rune(text)) > maxAnswer {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	if q.params["url"] != "" {
		return nil, bad("URL_INVALID")
	}
	press := s.queries[q.params["callback_query_id"]]
	now := s.o.Now()
	if _, err := strconv.ParseInt(q.params["callback_query_id"], 10, 64); err != nil || press == nil || press.answered || now.Sub(press.pressed) > s.o.QueryLife {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	press.answered = true
	t := Toast{Query: press.id, User: press.user, Chat: press.chat, Message: press.message, Text: text,
		Alert: isTrue(q.params["show_alert"]), At: now, After: now.Sub(press.pressed)}
	u := s.users[press.user]
	u.toasts = append(u.toasts, t)
	s.tell(Change{Kind: ChangeToast, Chat: press.chat, Toast: &t})
	return true, nil
}
