package telegramtest

import "fmt"

// Person is a user in one chat: the private chat with the bot, or a group.
type Person struct {
	s     *Server
	user  *user
	chat  *chat
	topic int // where the person writes; 0: outside of topics
}

// User gives the person with this id (positive) in their private chat with
// the bot, and makes them when they are new. Language is an IETF tag or empty.
// The bot may write to them once they wrote or pressed something.
func (s *Server) User(id int64, name, language string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[id]
	if u == nil {
		u = &user{id: id, name: name, language: language}
		s.users[id] = u
		s.chats[id] = &chat{id: id}
	}
	return &Person{s: s, user: u, chat: s.chats[id]}
}

// Group makes a group chat (id negative; below -1000000000000 a supergroup)
// that the bot is a member of.
func (s *Server) Group(id int64, title string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.chats[id] == nil {
		s.chats[id] = &chat{id: id, title: title}
	}
}

// Migrate turns a group into a supergroup with the id to.
func (s *Server) Migrate(group, to int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.chats[group]
	old.migrated = to
	s.chats[to] = &chat{id: to, title: old.title, g: old.group()}
	m := &message{chat: old, from: s.botID, kind: "migrate_to_chat_id"}
	s.add(m)
	s.enqueue("message", group, s.wireMessage(m))
}

// ID is the user's id, also the id of the private chat.
func (p *Person) ID() int64 { return p.user.id }

// Chat is the id of the chat that the person sits in.
func (p *Person) Chat() int64 { return p.chat.id }

// In gives the same user as a member of a group, which Group made.
func (p *Person) In(group int64) *Person {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.chats[group].group().members[p.user.id] = true
	return &Person{s: p.s, user: p.user, chat: p.s.chats[group]}
}

// Outside gives the same user as a reader of a public group that they are no
// member of: they see what stands there, and press it.
func (p *Person) Outside(group int64) *Person {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return &Person{s: p.s, user: p.user, chat: p.s.chats[group]}
}

// Topic gives the same user in a topic of the private chat, which begins with
// it; the bot's topic mode is on then. An id of 0 is outside of topics.
func (p *Person) Topic(id int) *Person {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.chat.topics == nil {
		p.chat.topics = map[int]bool{}
	}
	p.chat.topics[id] = true
	return &Person{s: p.s, user: p.user, chat: p.chat, topic: id}
}

// DeleteTopic takes a topic and what stands in it away. Bots are not told.
func (p *Person) DeleteTopic(id int) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	delete(p.chat.topics, id)
	for _, m := range p.chat.messages {
		if m.topic == id && !m.deleted {
			p.s.remove(m)
		}
	}
}

// Type sends a text and gives the message's id.
func (p *Person) Type(text string) int {
	return p.write(&message{kind: "text", text: text, entities: commandEntities(text)})
}

// Reply sends a text as a reply to another message and gives the message's id.
func (p *Person) Reply(to int, text string) int {
	return p.write(&message{kind: "text", text: text, entities: commandEntities(text), replyTo: to})
}

// SendPhoto sends a picture and gives the message's id.
func (p *Person) SendPhoto(data []byte, caption string) int {
	photo := readPhoto(data)
	if photo == nil {
		photo = &Photo{FileID: fileID(data), Type: "image/jpeg", Width: 1, Height: 1, Data: data}
	}
	return p.write(&message{kind: "photo", text: caption, photo: photo})
}

// SendDocument sends a file and gives the message's id.
func (p *Person) SendDocument(name string, data []byte, caption string) int {
	return p.write(&message{kind: "document", text: caption, file: fileID(data), fileName: name, data: data})
}

// SendOther sends something that is neither text nor picture; kind is the
// Bot API's field name: voice, sticker, document, location …
func (p *Person) SendOther(kind, caption string) int {
	return p.write(&message{kind: kind, text: caption})
}

// write puts a person's message into the chat and tells the bot.
func (p *Person) write(m *message) int {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	m.chat, m.from, m.topic = p.chat, p.user.id, p.topic
	p.meet()
	s.add(m)
	if m.photo != nil {
		s.files[m.photo.FileID] = m.photo
	}
	if m.data != nil {
		s.documents[m.file] = m.data
	}
	if s.botReads(m) {
		s.enqueue("message", p.chat.id, s.wireMessage(m))
	}
	return m.id
}

// meet notes that the person dealt with the bot in private, which lets the
// bot write to them.
func (p *Person) meet() {
	if p.chat.private() {
		p.user.met = true
		p.user.blocked = false
	}
}

// botReads tells whether the bot gets to see a person's message: in groups
// only commands and answers to itself, unless it reads all.
func (s *Server) botReads(m *message) bool {
	if m.chat.private() || s.o.ReadsAll || m.chat.group().admin {
		return true
	}
	if to := m.chat.find(m.replyTo); to != nil && to.from == s.botID {
		return true
	}
	return len(m.entities) > 0 && m.entities[0].Type == "bot_command"
}

// Edit changes the text or caption of an own message.
func (p *Person) Edit(id int, text string) error {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	m := p.chat.find(id)
	if m == nil || m.deleted || m.from != p.user.id {
		return fmt.Errorf("telegramtest: message %d is not %s's to edit", id, p.user.name)
	}
	m.text, m.edited = text, s.o.Now()
	if m.kind == "text" {
		m.entities = commandEntities(text)
	}
	s.tell(Change{Kind: ChangeEdited, Chat: m.chat.id, Message: new(s.show(m))})
	if s.botReads(m) {
		s.enqueue("edited_message", p.chat.id, s.wireMessage(m))
	}
	return nil
}

// Delete takes one of the chat's messages away. Bots are not told of it.
func (p *Person) Delete(id int) error {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	m := p.chat.find(id)
	if m == nil || m.deleted {
		return fmt.Errorf("telegramtest: no message %d to delete", id)
	}
	s.remove(m)
	return nil
}

// Block blocks the bot: it cannot write to the person any more.
func (p *Person) Block() { p.setBlocked(true, "kicked") }

// Unblock ends Block. Writing or pressing does so too.
func (p *Person) Unblock() { p.setBlocked(false, "member") }

func (p *Person) setBlocked(blocked bool, status string) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.user.blocked == blocked {
		return
	}
	p.user.blocked = blocked
	old := map[string]string{"kicked": "member", "member": "kicked"}[status]
	s.enqueue("my_chat_member", p.user.id, map[string]any{
		"chat": s.wireChat(s.chats[p.user.id]), "from": s.wireUser(p.user.id), "date": s.o.Now().Unix(),
		"old_chat_member": s.membership(s.botID, old),
		"new_chat_member": s.membership(s.botID, status),
	})
}

// Deactivate deletes the user's Telegram account.
func (p *Person) Deactivate() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.user.gone = true
}
