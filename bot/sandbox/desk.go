package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/handlers/talk"
)

// The officers' places, and the officer who works in both.
const (
	deskGroup    = -1001557000009 // a group with topics on Telegram
	deskTitle    = "Helpdesk"
	deskChannel  = "helpdesk" // a channel on Mattermost
	officerName  = "Petugas Satu"
	officerUser  = "petugas.satu"
	firstOfficer = 910001 // the officer's Telegram account
)

// desk is the officers' side of the world.
type desk struct {
	telegram *telegramtest.Server
	office   *office
	officer  *telegramtest.Person // in the group
	seat     seat                 // in the channel
}

// openDesk makes the places and the officer.
func openDesk(t *telegramtest.Server, o *office) *desk {
	t.Forum(deskGroup, deskTitle)
	p := o.server.AddPerson(officerUser, officerUser+"@instansi.example", talk.Indonesian)
	channel := o.server.AddChannel(o.server.TeamID(), deskChannel, o.bot, p.ID())
	return &desk{
		telegram: t, office: o, officer: t.User(firstOfficer, officerName, talk.Indonesian).In(deskGroup),
		seat: seat{Person: p, direct: channel},
	}
}

// threadView is a ticket's talk: a topic on Telegram, a thread on Mattermost.
type threadView struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Closed bool   `json:"closed"`
}

// chat gives what the officer sees on a platform.
func (d *desk) chat(platform string) chatView {
	if platform == platformMattermost {
		return d.channel()
	}
	out := chatView{Platform: platformTelegram, Account: "officer", BotName: deskTitle, Messages: []any{}, Threads: []threadView{}}
	for _, t := range d.telegram.Topics(deskGroup) {
		out.Threads = append(out.Threads, threadView{ID: strconv.Itoa(t.ID), Title: t.Name, Closed: t.Closed})
	}
	for _, m := range d.telegram.Messages(deskGroup) {
		if !m.Deleted && m.Kind != "forum_topic_created" {
			out.Messages = append(out.Messages, m)
		}
	}
	return out
}

// channel gives what stands in the channel, threads included. A post that
// others answer, or that the bot wrote with buttons, begins one.
func (d *desk) channel() chatView {
	out := chatView{Platform: platformMattermost, Account: "officer-mattermost", BotName: deskChannel, Messages: []any{}, Threads: []threadView{}}
	for _, root := range d.seat.Posts(d.seat.direct) {
		all := d.seat.Thread(d.seat.direct, root.ID)
		begins := len(all) > 1 || root.Bot
		for i, p := range all {
			v := viewPost("/officer", p)
			if begins {
				v.Thread = root.ID
			}
			v.Inside = i > 0
			out.Messages = append(out.Messages, v)
		}
		if begins {
			out.Threads = append(out.Threads, threadView{ID: root.ID, Title: titleOf(root.Text)})
		}
	}
	return out
}

// longestTitle bounds what is shown of a thread's first line, in characters.
const longestTitle = 28

// titleOf is the first line of a post, without its marks.
func titleOf(text string) string {
	line, _, _ := strings.Cut(strings.NewReplacer("**", "", "`", "", `\`, "").Replace(strings.TrimSpace(text)), "\n")
	if runes := []rune(line); len(runes) > longestTitle {
		return strings.TrimSpace(string(runes[:longestTitle-1])) + "…"
	}
	return line
}

// roomEvents streams the officers' place of a platform until the reader
// leaves. It is sent whole whenever something changes there.
func (s *server) roomEvents(w http.ResponseWriter, r *http.Request) {
	s.stream(w, r, func(out stream) error { return s.followRoom(r, out) })
}

func (s *server) followRoom(r *http.Request, out stream) error {
	platform := platformOf(r)
	chats, endChats := s.telegram.Subscribe()
	defer endChats()
	posts, endPosts := s.office.server.Subscribe()
	defer endPosts()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	whole := func() any { chat := s.desk.chat(platform); return event{Kind: "room", Chat: &chat} }
	next := whole()
	for {
		if next != nil {
			if err := out.send(next); err != nil {
				return err
			}
		}
		next = nil
		open := true
		select {
		case <-r.Context().Done():
			return nil
		case <-beat.C:
			next = event{Kind: "beat"}
		case c, ok := <-chats:
			open = ok
			switch {
			case platform != platformTelegram || c.Chat != deskGroup:
			case c.Kind == telegramtest.ChangeToast:
				next = event{Kind: "answer", Answer: c.Toast}
			default:
				next = whole()
			}
		case c, ok := <-posts:
			open = ok
			if platform == platformMattermost && c.Channel == s.desk.seat.direct && c.Kind != mattermosttest.ChangeDialog {
				next = whole()
			}
		}
		if !open {
			return nil
		}
	}
}

// officerTypes writes as the officer into a thread, or outside of all.
func (s *server) officerTypes(w http.ResponseWriter, r *http.Request) {
	var in struct{ Text, Thread string }
	if !s.read(w, r, &in) {
		return
	}
	if in.Text == "" || utf8.RuneCountInString(in.Text) > 4096 {
		http.Error(w, "a message has 1 to 4096 characters", http.StatusBadRequest)
		return
	}
	writer := s.desk.officer
	if in.Thread != "" {
		topic, err := strconv.Atoi(in.Thread)
		if err != nil || !slices.ContainsFunc(s.telegram.Topics(deskGroup), func(t telegramtest.Topic) bool { return t.ID == topic }) {
			http.NotFound(w, r)
			return
		}
		writer = writer.InTopic(deskGroup, topic)
	}
	s.done(w, r, map[string]int{"message": writer.Type(in.Text)})
}

// officerWrites is officerTypes on Mattermost.
func (s *server) officerWrites(w http.ResponseWriter, r *http.Request) {
	var in struct{ Text, Thread string }
	if !s.read(w, r, &in) {
		return
	}
	me := s.desk.seat
	var err error
	if strings.HasPrefix(in.Text, "/") && !strings.HasPrefix(in.Text, "//") {
		err = me.SlashIn(me.direct, in.Thread, in.Text)
	} else {
		_, err = me.Reply(me.direct, in.Thread, in.Text)
	}
	s.told(w, r, me, err)
}

// officerPresses presses a button in the group.
func (s *server) officerPresses(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Message int
		Data    string
	}
	if s.read(w, r, &in) {
		s.pressed(w, r, s.desk.officer, in.Message, in.Data)
	}
}

// officerClicks clicks a button in the channel.
func (s *server) officerClicks(w http.ResponseWriter, r *http.Request) {
	var in struct{ Message, Data string }
	if s.read(w, r, &in) {
		s.told(w, r, s.desk.seat, s.desk.seat.Click(in.Message, in.Data))
	}
}
