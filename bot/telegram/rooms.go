package telegram

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"resetpin/bot"
)

// rooms are the groups where officers work. The bot names each as the settings
// do; Telegram gives a basic group that becomes a supergroup a new id
// (https://core.telegram.org/bots/api#responseparameters, migrate_to_chat_id).
type rooms struct {
	list  []string
	moves FileIDs

	mu    sync.Mutex
	known bool              // moves was read
	now   map[string]string // the present id, by the id in the settings
	plain map[string]time.Time
}

func newRooms(c Config) *rooms {
	return &rooms{list: c.Rooms, moves: c.Moved, now: map[string]string{}, plain: map[string]time.Time{}}
}

// has tells whether a chat, by its id in the settings, is a room.
func (r *rooms) has(chat string) bool { return r != nil && slices.Contains(r.list, chat) }

// read learns once where rooms have moved; it runs under the lock.
func (r *rooms) read() {
	if r.known || len(r.list) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	r.known = true
	for _, chat := range r.list {
		now, err := r.moves.Get(ctx, chat)
		if err != nil {
			r.known = false // asked again the next time
		}
		if now != "" {
			r.now[chat] = now
		}
	}
}

// present gives the id that a chat of the settings has now.
func (r *rooms) present(chat string) string {
	if !r.has(chat) {
		return chat
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read()
	if now := r.now[chat]; now != "" {
		return now
	}
	return chat
}

// name gives the id in the settings of a chat of Telegram's.
func (r *rooms) name(chat string) string {
	if r == nil || len(r.list) == 0 {
		return chat
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read()
	for name, now := range r.now {
		if now == chat {
			return name
		}
	}
	return chat
}

// moved notes that a room has a new id, for good.
func (a *Adapter) moved(ctx context.Context, chat string, to int64) {
	name, now := a.rooms.name(chat), strconv.FormatInt(to, 10)
	if !a.rooms.has(name) {
		return
	}
	a.rooms.mu.Lock()
	known := a.rooms.now[name] == now
	a.rooms.now[name] = now
	a.rooms.mu.Unlock()
	if known {
		return
	}
	a.c.Logger.Warn("the officers' group became a supergroup; the new id is kept, and belongs into HELPDESK_TELEGRAM_CHAT", "new", now)
	if err := a.c.Moved.Put(ctx, name, now); err != nil {
		a.c.Logger.Error("the new id of the officers' group could not be kept", "error", err)
	}
}

// at gives the place that an origin means, by the ids of today.
func (a *Adapter) at(to bot.Origin) place {
	p := placeOf(to)
	p.chat = a.rooms.present(p.chat)
	return p
}

// chat gives an Origin's Chat for where a message stands.
func (m mapper) chat(w *wireMessage) string {
	p := w.place()
	p.chat = m.rooms.name(p.chat)
	return p.origin()
}

// thread gives the thread that a message in a room stands in: a forum's topic,
// or the message that it answers, or, for one of the bot's own that was
// pressed, itself.
func (m mapper) thread(w *wireMessage) string {
	if w.Chat.ID > 0 || !m.rooms.has(m.chat(w)) {
		return ""
	}
	switch {
	case w.InTopic:
		return topicThread(w.Topic)
	case w.ReplyTo != nil:
		return messageThread(int(w.ReplyTo.ID))
	}
	return ""
}

func topicThread(id int) string   { return "t" + strconv.Itoa(id) }
func messageThread(id int) string { return "m" + strconv.Itoa(id) }

// member reads that somebody has left a room.
func (m mapper) member(w *wireMember) (bot.Update, error) {
	chat := m.rooms.name(strconv.FormatInt(w.Chat.ID, 10))
	gone := w.Now.Status == "left" || w.Now.Status == "kicked" || w.Now.Status == "restricted" && !w.Now.IsMember
	if !gone || w.Now.User == nil || !m.rooms.has(chat) {
		return bot.Update{}, errIgnored
	}
	return m.left(w.Now.User, chat, w.Date)
}

func (m mapper) left(who *wireUser, chat string, date int64) (bot.Update, error) {
	if who.IsBot {
		return bot.Update{}, errIgnored
	}
	return bot.Update{Kind: bot.KindLeft, Origin: bot.Origin{Account: account(who.ID), Chat: chat}, At: time.Unix(date, 0)}, nil
}

// Member tells whether a person is in a room; see bot.Members.
func (a *Adapter) Member(ctx context.Context, room, person bot.Account) (bool, error) {
	id, err := strconv.ParseInt(person.ID, 10, 64)
	if err != nil || person.Platform != bot.Telegram {
		return false, nil //nolint:nilerr // nobody of Telegram's
	}
	at := a.at(bot.Origin{Account: room})
	var m struct {
		Status   string `json:"status"`
		IsMember bool   `json:"is_member"`
	}
	err = a.try(ctx, at.chat, func(ctx context.Context) error {
		return a.api.call(ctx, "getChatMember", map[string]any{paramChat: at.id(), "user_id": id}, &m)
	})
	switch e := refusal(err); {
	case e.says("participant_id_invalid", "user not found", "member not found", "user_not_participant"):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look for a member: %w", err)
	}
	return slices.Contains([]string{"creator", "administrator", "member"}, m.Status) || m.Status == "restricted" && m.IsMember, nil
}
