package telegramtest

import (
	"fmt"
	"slices"
	"time"
)

// group is what a group has beside its messages.
type group struct {
	forum   bool // topics are switched on
	admin   bool // the bot is an administrator: it reads all, and hears of members
	manages bool // the bot has can_manage_topics
	kicked  bool // the bot was thrown out
	members map[int64]bool
	topics  map[int]*topic
	sent    []time.Time // the bot's messages of the last minute
}

// topic is a forum topic; its id is that of the message that created it.
type topic struct {
	name   string
	closed bool
	byBot  bool
}

// Topic is a forum topic as people see it.
type Topic struct {
	ID     int
	Name   string
	Closed bool
}

// GroupRights are what the bot may do in a group.
type GroupRights struct {
	Forum  bool // topics are switched on in the group
	Admin  bool // the bot is an administrator
	Topics bool // with the right can_manage_topics
}

// SetRights sets what the bot may do in a group that Group made.
func (s *Server) SetRights(id int64, r GroupRights) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.chats[id].group()
	g.forum, g.admin, g.manages = r.Forum, r.Admin, r.Admin && r.Topics
}

// Forum makes a supergroup with topics whose administrator the bot is.
func (s *Server) Forum(id int64, title string) {
	s.Group(id, title)
	s.SetRights(id, GroupRights{Forum: true, Admin: true, Topics: true})
}

// KickBot throws the bot out of a group.
func (s *Server) KickBot(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chats[id].group().kicked = true
}

// Topics gives a forum's topics, the oldest first.
func (s *Server) Topics(id int64) []Topic {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Topic
	for n, t := range s.chats[id].group().topics {
		out = append(out, Topic{ID: n, Name: t.name, Closed: t.closed})
	}
	slices.SortFunc(out, func(a, b Topic) int { return a.ID - b.ID })
	return out
}

// RemoveTopic deletes a forum's topic with what stands in it, as an
// administrator by hand. Bots are not told.
func (s *Server) RemoveTopic(id int64, number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[id]
	delete(c.group().topics, number)
	delete(c.topics, number)
	for _, m := range c.messages {
		if m.topic == number && !m.deleted {
			s.remove(m)
		}
	}
}

// InTopic gives the same user in a topic of a forum.
func (p *Person) InTopic(group int64, number int) *Person {
	in := p.In(group)
	in.topic = number
	return in
}

// Leave takes the person out of the group that they sit in: everybody there
// sees it, and a bot that is an administrator is told.
func (p *Person) Leave() {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	g := p.chat.group()
	delete(g.members, p.user.id)
	m := &message{chat: p.chat, from: p.user.id, kind: "left_chat_member"}
	s.add(m)
	s.enqueue("message", p.chat.id, s.wireMessage(m))
	if g.admin {
		s.enqueue("chat_member", p.chat.id, map[string]any{
			"chat": s.wireChat(p.chat), "from": s.wireUser(p.user.id), "date": s.o.Now().Unix(),
			"old_chat_member": s.membership(p.user.id, "member"),
			"new_chat_member": s.membership(p.user.id, "left"),
		})
	}
}

func (c *chat) group() *group {
	if c.g == nil {
		c.g = &group{members: map[int64]bool{}, topics: map[int]*topic{}}
	}
	return c.g
}

// mayWrite tells why the bot may not write into a group, in the words of
// Telegram's server (Client.cpp, check_chat_access).
func (c *chat) mayWrite() *failure {
	kind := "group"
	if c.supergroup() {
		kind = "supergroup"
	}
	switch {
	case c.migrated != 0:
		f := bad("group chat was upgraded to a supergroup chat")
		f.migrate = c.migrated
		return f
	case c.group().kicked:
		return forbidden("bot was kicked from the " + kind + " chat")
	}
	return nil
}

func (c *chat) supergroup() bool { return c.id < -1_000_000_000_000 }

// forumTopic finds the topic that a call names, in a forum whose topics the
// bot may manage.
func (s *Server) forumTopic(q *request) (*chat, *topic, *failure) {
	c, f := s.forum(q)
	if f != nil {
		return nil, nil, f
	}
	t := c.group().topics[intParam(q, "message_thread_id", 0)]
	switch {
	case t == nil:
		return nil, nil, bad("TOPIC_ID_INVALID")
	case !c.group().manages && !t.byBot:
		return nil, nil, bad("not enough rights to manage the topic")
	}
	return c, t, nil
}

func (s *Server) forum(q *request) (*chat, *failure) {
	c, f := s.target(q.params["chat_id"])
	switch {
	case f != nil:
		return nil, f
	case c.private():
		return nil, bad("the pretend server does not play topics that the bot makes in private chats")
	case !c.supergroup() || !c.group().forum:
		return nil, bad("the chat is not a forum")
	}
	return c, nil
}

const maxTopicName = 128

func (s *Server) createForumTopic(q *request) (any, *failure) {
	c, f := s.forum(q)
	if f != nil {
		return nil, f
	}
	name := q.params["name"]
	switch {
	case name == "" || len([]rune(name)) > maxTopicName:
		return nil, bad("TOPIC_TITLE_EMPTY")
	case !c.group().manages:
		return nil, bad("not enough rights to create a topic")
	}
	if f := s.pace(c); f != nil {
		return nil, f
	}
	m := &message{chat: c, from: s.botID, kind: "forum_topic_created", text: ""}
	s.add(m)
	m.topic = m.id
	if c.topics == nil {
		c.topics = map[int]bool{}
	}
	c.topics[m.id] = true
	c.group().topics[m.id] = &topic{name: name, byBot: true}
	return map[string]any{"message_thread_id": m.id, "name": name, "icon_color": 7322096}, nil
}

func (s *Server) closeForumTopic(q *request) (any, *failure) { return s.setClosed(q, true) }

func (s *Server) reopenForumTopic(q *request) (any, *failure) { return s.setClosed(q, false) }

func (s *Server) setClosed(q *request, closed bool) (any, *failure) {
	_, t, f := s.forumTopic(q)
	if f != nil {
		return nil, f
	}
	if t.closed == closed {
		return nil, bad("TOPIC_NOT_MODIFIED")
	}
	t.closed = closed
	return true, nil
}

// getChatMember tells of a member of a group.
func (s *Server) getChatMember(q *request) (any, *failure) {
	c, f := s.target(q.params["chat_id"])
	if f != nil {
		return nil, f
	}
	id := int64(intParam(q, "user_id", 0))
	if id == s.botID {
		if !c.group().admin {
			return s.membership(id, "member"), nil
		}
		status := s.membership(id, "administrator")
		status["can_manage_topics"] = c.group().manages
		return status, nil
	}
	if s.users[id] == nil {
		return nil, bad("PARTICIPANT_ID_INVALID")
	}
	status := "left"
	if c.group().members[id] {
		status = "member"
	}
	return s.membership(id, status), nil
}

// membership is the part of a ChatMember that all of its kinds have.
func (s *Server) membership(id int64, status string) map[string]any {
	return map[string]any{"user": s.wireUser(id), "status": status}
}

// pace counts the bot's messages against Options.PerSecond, and those in a group
// against Options.GroupMinute.
// https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
func (s *Server) pace(c *chat) *failure {
	if !s.budget.AllowN(s.o.Now(), 1) {
		return tooMany(1)
	}
	if s.o.GroupMinute == 0 || c.private() {
		return nil
	}
	g, now := c.group(), s.o.Now()
	g.sent = slices.DeleteFunc(g.sent, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	if len(g.sent) >= s.o.GroupMinute {
		return tooMany(3)
	}
	g.sent = append(g.sent, now)
	return nil
}

// tooMany refuses a call for some seconds.
func tooMany(seconds int) *failure {
	f := fail(429, fmt.Sprintf("Too Many Requests: retry after %d", seconds))
	f.retryAfter = seconds
	return f
}
