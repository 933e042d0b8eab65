package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

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
	Outside  *outsideView           `json:"outside,omitempty"`
}

// inboxEvent is the whole of what the employee can read outside the chat.
type inboxEvent struct {
	Kind      string   `json:"kind"`  // inbox
	Mails     []letter `json:"mails"` // newest first
	WhatsApps []note   `json:"whatsapps"`
}

// snapshot is the whole of an employee's world; every stream begins with it.
type snapshot struct {
	inboxEvent             // its Kind is snapshot
	Chat       chatView    `json:"chat"`
	Outside    outsideView `json:"outside"`
}

// chatView is a private chat with the bot.
type chatView struct {
	Account  string                 `json:"account"` // another one means another chat
	BotName  string                 `json:"botName"`
	Messages []telegramtest.Message `json:"messages"`
	Typing   bool                   `json:"typing"`
	Commands []telegramtest.Command `json:"commands"`
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
	w.Header().Set("Content-Type", "text/event-stream")
	out := stream{out: w, ctl: http.NewResponseController(w)}
	_, _ = w.Write([]byte("retry: 1000\n\n")) // a reader who left is noticed at the first event
	if err := s.follow(r, out, e); err != nil {
		s.log.DebugContext(r.Context(), "a page's stream ended", "error", err)
	}
}

// follow subscribes first and looks afterwards, so that nothing falls between
// the snapshot and the events.
func (s *server) follow(r *http.Request, out stream, e *employee) error {
	e.speak(r.FormValue("lang"))
	chats, endChats := s.telegram.Subscribe()
	defer endChats()
	mails, endMails := s.post.server.Subscribe()
	defer endMails()
	authority, endAuthority := s.bsre.world.Subscribe()
	defer endAuthority()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	account, anew := e.now()
	outside := s.outside.changed()
	if err := out.send(s.snapshot(e, account)); err != nil {
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
			next = []any{s.snapshot(e, account)}
		case <-outside:
			outside = s.outside.changed()
			next = []any{s.world()}
		case <-beat.C:
			next = []any{event{Kind: "beat"}}
		case c, ok := <-chats:
			open, next = ok, s.chatEvents(c, account, e.language())
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

func (s *server) snapshot(e *employee, account *telegramtest.Person) snapshot {
	messages := slices.DeleteFunc(account.Messages(), func(m telegramtest.Message) bool { return m.Deleted })
	return snapshot{
		inboxEvent: s.inbox("snapshot", e),
		Chat: chatView{
			Account: strconv.FormatInt(account.ID(), 10), BotName: s.botName, Messages: messages,
			Typing: s.telegram.Typing(account.Chat()), Commands: s.telegram.Commands(e.language()),
		},
		Outside: *s.outside.view(s),
	}
}

func (s *server) inbox(kind string, e *employee) inboxEvent {
	return inboxEvent{Kind: kind, Mails: s.post.letters(e.Email), WhatsApps: s.bsre.notes(e)}
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
