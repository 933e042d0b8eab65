package telegramtest

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Telegram's limits.
const (
	maxText     = 4096    // UTF-16 units of a message's text after parsing
	maxCaption  = 1024    // the same of a caption
	maxRaw      = 1 << 15 // bytes of a text
	maxAnswer   = 200     // characters of a callback answer
	typingShown = 5 * time.Second
)

func length16(s string) int { return len(utf16.Encode([]rune(s))) }

// content is what a message shows.
type content struct {
	text     string
	entities []Entity
	photo    *Photo
	file     string // a document's id
	fileName string
	buttons  [][]Button
	keyboard keyboardChange
}

// readText reads a text or caption with its entities, trims it as Telegram
// does, and checks its length.
func readText(text, mode, list string, limit int) (string, []Entity, *failure) {
	if len(text) > maxRaw {
		return "", nil, bad("text is too long")
	}
	if mode != "" && !strings.EqualFold(mode, "none") {
		return "", nil, bad("the pretend server does not play parse_mode %s", mode)
	}
	entities, f := readEntities(text, list)
	if f != nil {
		return "", nil, f
	}
	text, entities = trim(text, entities)
	if length16(text) > limit {
		if limit == maxCaption {
			return "", nil, bad("message caption is too long")
		}
		return "", nil, bad("message is too long")
	}
	return text, entities, nil
}

// readBody reads text, entities and reply_markup of a text message.
func readBody(q *request) (content, *failure) {
	var c content
	var f *failure
	if q.params["text"] == "" {
		return c, bad("message text is empty")
	}
	if f := checkPreview(q.params["link_preview_options"]); f != nil {
		return c, f
	}
	c.text, c.entities, f = readText(q.params["text"], q.params["parse_mode"], q.params["entities"], maxText)
	if f != nil {
		return c, f
	}
	if c.text == "" {
		return c, bad("text must be non-empty")
	}
	c.buttons, f = readMarkup(q.params["reply_markup"])
	return c, f
}

func (s *Server) sendMessage(q *request) (any, *failure) {
	var board keyboardChange
	if text := q.params["reply_markup"]; isReplyMarkup(text) {
		to, f := s.target(q.params["chat_id"])
		if f != nil {
			return nil, f
		}
		if board, f = readKeyboard(text, to.private()); f != nil {
			return nil, f
		}
		delete(q.params, "reply_markup")
	}
	c, f := readBody(q)
	if f != nil {
		return nil, f
	}
	c.keyboard = board
	return s.send(q, c, "text")
}

func (s *Server) sendPhoto(q *request) (any, *failure) {
	var c content
	var f *failure
	c.text, c.entities, f = readText(q.params["caption"], q.params["parse_mode"], q.params["caption_entities"], maxCaption)
	if f != nil {
		return nil, f
	}
	if c.photo, f = s.takePhoto(q, "photo", q.params["photo"]); f != nil {
		return nil, f
	}
	if c.buttons, f = readMarkup(q.params["reply_markup"]); f != nil {
		return nil, f
	}
	return s.send(q, c, "photo")
}

// sendDocument sends a file: a new one, or one that stood in a chat before.
func (s *Server) sendDocument(q *request) (any, *failure) {
	var c content
	var f *failure
	c.text, c.entities, f = readText(q.params["caption"], q.params["parse_mode"], q.params["caption_entities"], maxCaption)
	if f != nil {
		return nil, f
	}
	up, uploaded := q.files["document"]
	switch id := q.params["document"]; {
	case uploaded && len(up.data) == 0:
		return nil, bad("file must be non-empty")
	case uploaded:
		c.file, c.fileName = fileID(up.data), up.name
		s.documents[c.file] = up.data
	case !fileIDForm.MatchString(id):
		return nil, bad("there is no document in the request")
	default:
		c.file = id
	}
	if c.buttons, f = readMarkup(q.params["reply_markup"]); f != nil {
		return nil, f
	}
	return s.send(q, c, "document")
}

// topicOf gives a group's topic; nil when it has none of that id.
func (c *chat) topicOf(id int) *topic {
	if c.private() || id == 0 {
		return nil
	}
	return c.group().topics[id]
}

// send puts the bot's new message into the chat that the call names.
func (s *Server) send(q *request, c content, kind string) (any, *failure) {
	to, f := s.target(q.params["chat_id"])
	if f != nil {
		return nil, f
	}
	replyTo, f := readReply(to, q.params["reply_parameters"])
	if f != nil {
		return nil, f
	}
	topic, f := readTopic(to, q)
	if f != nil {
		return nil, f
	}
	if old := to.find(replyTo); topic == 0 && old != nil {
		topic = old.topic // an answer stands where its question stands
	}
	if t := to.topicOf(topic); t != nil && t.closed && !to.group().manages {
		return nil, bad("TOPIC_CLOSED")
	}
	if f := s.pace(to); f != nil {
		return nil, f
	}
	m := &message{chat: to, topic: topic, from: s.botID, kind: kind, text: c.text, entities: c.entities, photo: c.photo, file: c.file, fileName: c.fileName, buttons: c.buttons, replyTo: replyTo}
	if c.photo != nil {
		s.files[c.photo.FileID] = c.photo
	}
	if c.keyboard.any {
		old := to.find(to.keyboard.from)
		to.keyboard = c.keyboard
		to.keyboard.from = s.lastID + 1
		if old != nil && !old.deleted {
			s.tell(Change{Kind: ChangeEdited, Chat: to.id, Message: new(s.show(old))})
		}
	}
	s.add(m)
	return s.wireMessage(m), nil
}

// readTopic gives the topic that a call names, or 0.
func readTopic(c *chat, q *request) (int, *failure) {
	id := intParam(q, "message_thread_id", 0)
	if id != 0 && !c.topics[id] {
		return 0, bad("message thread not found")
	}
	return id, nil
}

// readReply gives the message that is replied to, or 0.
func readReply(c *chat, text string) (int, *failure) {
	if text == "" {
		return 0, nil
	}
	var p struct {
		MessageID     *int   `json:"message_id"`
		ChatID        any    `json:"chat_id"`
		Allow         bool   `json:"allow_sending_without_reply"`
		Quote         string `json:"quote"`
		QuoteMode     string `json:"quote_parse_mode"`
		QuoteEntities any    `json:"quote_entities"`
		QuotePosition int    `json:"quote_position"`
		Task          int    `json:"checklist_task_id"`
		Option        string `json:"poll_option_id"`
	}
	if err := strict(text, &p); err != nil {
		return 0, bad("can't parse reply parameters JSON object: %s", err)
	}
	if p.MessageID == nil {
		return 0, bad("can't find field \"message_id\"")
	}
	if m := c.find(*p.MessageID); m != nil && !m.deleted {
		return m.id, nil
	}
	if p.Allow {
		return 0, nil
	}
	return 0, bad("message to be replied not found")
}

var chatActions = strings.Fields("typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note")

func (s *Server) sendChatAction(q *request) (any, *failure) {
	known := false
	for _, a := range chatActions {
		known = known || a == q.params["action"]
	}
	if !known {
		return nil, bad("wrong parameter action in request")
	}
	c, f := s.target(q.params["chat_id"])
	if f != nil {
		return nil, f
	}
	topic, f := readTopic(c, q)
	if f != nil {
		return nil, f
	}
	c.typing, c.typingIn = s.o.Now().Add(typingShown), topic
	s.tell(Change{Kind: ChangeTyping, Chat: c.id})
	return true, nil
}

func (s *Server) getMe(*request) (any, *failure) {
	return map[string]any{
		"id": s.botID, "is_bot": true, "first_name": s.o.Name, "username": s.o.Username,
		"can_join_groups": true, "can_read_all_group_messages": s.o.ReadsAll, "supports_inline_queries": false,
	}, nil
}

func (s *Server) getChat(q *request) (any, *failure) {
	id, err := strconv.ParseInt(q.params["chat_id"], 10, 64)
	c := s.chats[id]
	if err != nil || c == nil {
		return nil, bad("chat not found")
	}
	return s.wireChat(c), nil
}
