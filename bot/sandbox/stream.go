package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/telegram/telegramtest"
)

// heartbeat keeps a quiet stream from being taken for a broken one.
const heartbeat = 15 * time.Second

// event is one thing that happened in an employee's chat, or to the world
// outside. Kind names it; what belongs to it is set.
type event struct {
	Kind     string                 `json:"kind"`
	Message  *telegramtest.Message  `json:"message,omitempty"`
	ID       int                    `json:"id,omitempty"` // of a deleted message
	Answer   *telegramtest.Toast    `json:"answer,omitempty"`
	Commands []telegramtest.Command `json:"commands,omitempty"`
	Chat     *chatView              `json:"chat,omitempty"`   // the whole of Mattermost's
	Dialog   *dialogView            `json:"dialog,omitempty"` // of Mattermost's, that opened
	Outside  *outsideView           `json:"outside,omitempty"`
}

// inboxEvent is the whole of what the employee can read outside the chat.
type inboxEvent struct {
	Kind      string   `json:"kind"`  // inbox
	Mails     []letter `json:"mails"` // newest first
	WhatsApps []note   `json:"whatsapps"`
	Phone     string   `json:"phone"` // to which they went
}

// snapshot is the whole of an employee's world; every stream begins with it.
type snapshot struct {
	inboxEvent             // its Kind is snapshot
	Chat       chatView    `json:"chat"`
	Dialog     *dialogView `json:"dialog"` // of Mattermost's, that is open; nil: none
	Outside    outsideView `json:"outside"`
}

// chatView is a private chat with the bot.
type chatView struct {
	Platform string       `json:"platform"`
	Account  string       `json:"account"` // another one means another chat
	BotName  string       `json:"botName"`
	Messages []any        `json:"messages"` // of Telegram as telegramtest.Message, of Mattermost as postView
	Typing   bool         `json:"typing"`
	Threads  []threadView `json:"threads,omitempty"` // of officers
	Commands any          `json:"commands"`          // of Telegram as telegramtest.Command, of Mattermost as command
}

// stream writes server-sent events.
type stream struct {
	out http.ResponseWriter
	ctl *http.ResponseController
}

// send writes one event and hands it to the network at once.
func (s stream) send(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	if _, err := fmt.Fprintf(s.out, "data: %s\n\n", data); err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	return s.ctl.Flush()
}

// events streams an employee's world until the reader leaves. It ends early
// when a subscription is cut off; the page then connects anew and begins
// with a new snapshot.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	e := s.employee(w, r)
	if e == nil {
		return
	}
	s.stream(w, r, func(out stream) error { return s.follow(r, out, e) })
}

// stream sends a page what follows, until that ends.
func (s *server) stream(w http.ResponseWriter, r *http.Request, follow func(out stream) error) {
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = w.Write([]byte("retry: 1000\n\n")) // a reader who left is noticed at the first event
	if err := follow(stream{out: w, ctl: http.NewResponseController(w)}); err != nil {
		s.log.DebugContext(r.Context(), "a page's stream ended", "error", err)
	}
}

// platformOf is the platform that a page shows.
func platformOf(r *http.Request) string {
	if r.FormValue("platform") == platformMattermost {
		return platformMattermost
	}
	return platformTelegram
}

// follow subscribes first and looks afterwards, so that nothing falls between
// the snapshot and the events.
func (s *server) follow(r *http.Request, out stream, e *employee) error {
	e.speak(r.FormValue("lang"))
	platform := platformOf(r)
	chats, endChats := s.telegram.Subscribe()
	defer endChats()
	posts, endPosts := s.office.server.Subscribe()
	defer endPosts()
	mails, endMails := s.post.server.Subscribe()
	defer endMails()
	authority, endAuthority := s.bsre.world.Subscribe()
	defer endAuthority()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	account, anew := e.now()
	outside := s.outside.changed()
	if err := out.send(s.snapshot(e, platform)); err != nil {
		return err
	}
	for {
		var next []any
		open := true
		select {
		case <-r.Context().Done():
			return nil
		case <-anew:
			account, anew = e.now()
			next = []any{s.snapshot(e, platform)}
		case <-outside:
			outside = s.outside.changed()
			next = []any{s.world()}
		case <-beat.C:
			next = []any{event{Kind: "beat"}}
		case c, ok := <-chats:
			open = ok
			if platform == platformTelegram {
				next = s.chatEvents(c, account, e.language())
			}
		case c, ok := <-posts:
			open = ok
			if platform == platformMattermost {
				next = s.postEvents(c, e)
			}
		case _, open = <-mails:
			next = []any{s.inbox("inbox", e)}
		case _, open = <-authority:
			next = []any{s.inbox("inbox", e), s.world()}
		}
		if !open {
			return nil
		}
		for _, v := range next {
			if err := out.send(v); err != nil {
				return err
			}
		}
	}
}

func (s *server) snapshot(e *employee, platform string) snapshot {
	out := snapshot{inboxEvent: s.inbox("snapshot", e), Outside: *s.outside.view(s)}
	if platform == platformMattermost {
		me := e.colleague()
		out.Chat, out.Dialog = s.office.chat(e, me), me.dialog()
		return out
	}
	out.Chat = s.telegramChat(e)
	return out
}

// telegramChat gives what an employee sees in the private chat with the bot.
func (s *server) telegramChat(e *employee) chatView {
	account, _ := e.now()
	out := chatView{
		Platform: platformTelegram, Account: strconv.FormatInt(account.ID(), 10), BotName: s.botName, Messages: []any{},
		Typing: s.telegram.Typing(account.Chat()), Commands: s.telegram.Commands(e.language()),
	}
	for _, m := range account.Messages() {
		if !m.Deleted {
			out.Messages = append(out.Messages, m)
		}
	}
	return out
}

// postEvents tells of a change in the employee's direct message or a dialog of
// theirs, or nothing when it concerns others.
func (s *server) postEvents(c mattermosttest.Change, e *employee) []any {
	me := e.colleague()
	switch {
	case c.Kind == mattermosttest.ChangeDialog && c.User == me.ID():
		if d := me.dialog(); d != nil {
			return []any{event{Kind: "dialog", Dialog: d}}
		}
	case c.Channel == me.direct:
		chat := s.office.chat(e, me)
		return []any{event{Kind: "chat", Chat: &chat}}
	}
	return nil
}

func (s *server) inbox(kind string, e *employee) inboxEvent {
	return inboxEvent{Kind: kind, Mails: s.post.letters(e.Email), WhatsApps: s.bsre.notes(e), Phone: s.bsre.phone(e)}
}

func (s *server) world() event { return event{Kind: "outside", Outside: s.outside.view(s)} }

// chatEvents tells of a change in the account's chat, or nothing when it is
// in another one.
func (s *server) chatEvents(c telegramtest.Change, account *telegramtest.Person, lang string) []any {
	if c.Kind == telegramtest.ChangeCommands {
		return []any{event{Kind: "commands", Commands: s.telegram.Commands(lang)}}
	}
	if c.Chat != account.Chat() {
		return nil
	}
	switch c.Kind {
	case telegramtest.ChangeMessage, telegramtest.ChangeEdited:
		return []any{event{Kind: "message", Message: c.Message}}
	case telegramtest.ChangeDeleted:
		return []any{event{Kind: "deleted", ID: c.Message.ID}}
	case telegramtest.ChangeToast:
		return []any{event{Kind: "answer", Answer: c.Toast}}
	case telegramtest.ChangeTyping:
		return []any{event{Kind: "typing"}}
	}
	return nil
}
