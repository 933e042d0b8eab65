package telegram_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"resetpin/bot"
	"resetpin/bot/telegram"
	"resetpin/bot/telegram/telegramtest"
)

const (
	forum  = -1001557000009
	basic  = -4001
	grown  = -1001557000001
	number = "17"
)

// threads is a bot.Threads that forgets with the process.
type threads struct {
	mu    sync.Mutex
	all   []thread
	taken bool
}

type thread struct{ room, subject, thread string }

func (m *threads) Thread(_ context.Context, room bot.Account, subject string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.all {
		if t.room == room.ID && t.subject == subject {
			return t.thread, nil
		}
	}
	return "", nil
}

func (m *threads) KeepThread(_ context.Context, room bot.Account, subject, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = append(m.all, thread{room.ID, subject, name})
	return nil
}

func (m *threads) ForgetThread(_ context.Context, room bot.Account, subject string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = slices.DeleteFunc(m.all, func(t thread) bool { return t.room == room.ID && t.subject == subject })
	return nil
}

func (m *threads) Head(_ context.Context, _ bot.Account, subject string) (bot.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.taken {
		return bot.Head{Title: "#" + subject, First: bot.Message{Text: "Tiket " + subject + ", dipegang Rina"}}, nil
	}
	take := bot.Button{Text: "Ambil", Action: bot.Action{Name: "desk.take", Arg: subject}}
	return bot.Head{Title: "#" + subject + " Pegawai Satu", First: bot.Message{Text: "Tiket " + subject, Buttons: [][]bot.Button{{take}}}}, nil
}

func (m *threads) of(subject string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, t := range m.all {
		if t.subject == subject {
			out = append(out, t.thread)
		}
	}
	return out
}

func withRoom(id int64, known *threads) option {
	return func(c *telegram.Config, _ *telegramtest.Options) {
		c.Rooms, c.Threads, c.Limits.PerChat = []string{strconv.FormatInt(id, 10)}, known, 1000
	}
}

func inRoom(id int64) bot.Origin {
	return bot.Origin{Account: bot.Account{Platform: bot.Telegram, ID: strconv.FormatInt(id, 10)}, Subject: number}
}

// texts gives what stands in a chat, in a topic (0: outside of topics).
func (w *world) texts(chat int64, topic int) []string {
	var out []string
	for _, m := range w.tg.Messages(chat) {
		if m.Topic == topic && !m.Deleted && m.Kind != "forum_topic_created" {
			out = append(out, m.Text)
		}
	}
	return out
}

func TestATicketIsATopicOfTheOfficersForum(t *testing.T) {
	known := &threads{}
	w := newWorld(t, withRoom(forum, known))
	w.tg.Forum(forum, "Helpdesk")
	w.poll()

	w.deliver(inRoom(forum), say("Halo"))
	w.deliver(inRoom(forum), say("Lagi"))
	topics := w.tg.Topics(forum)
	if len(topics) != 1 || topics[0].Name != "#17 Pegawai Satu" {
		t.Fatalf("topics %+v", topics)
	}
	if got := w.texts(forum, topics[0].ID); !slices.Equal(got, []string{"Tiket 17", "Halo", "Lagi"}) {
		t.Errorf("in the topic: %q", got)
	}

	officer := w.tg.User(9, "Petugas", "id").InTopic(forum, topics[0].ID)
	officer.Type("Selamat pagi")
	until(t, "the officer's words", func() bool { return len(w.engine.updates()) == 1 })
	u := w.engine.updates()[0]
	if u.Thread != known.of(number)[0] || u.Chat != strconv.Itoa(forum) || u.Text != "Selamat pagi" || u.Private {
		t.Errorf("the officer's words came as %+v", u)
	}
	head := w.tg.Messages(forum)[1]
	if _, _, err := officer.Press(head.ID, "Ambil"); err != nil {
		t.Fatal(err)
	}
	until(t, "the press", func() bool { return len(w.engine.updates()) == 2 })
	if u := w.engine.updates()[1]; u.Action.Name != "desk.take" || u.Account.ID != "9" || u.Called != "Petugas" || u.Thread != known.of(number)[0] {
		t.Errorf("the press came as %+v", u)
	}

	closing := say("Selesai")
	closing.Thread = bot.ThreadClose
	w.deliver(inRoom(forum), closing)
	if !w.tg.Topics(forum)[0].Closed {
		t.Error("the topic is not closed")
	}
	again := say("Dibuka lagi")
	again.Thread = bot.ThreadReopen
	w.deliver(inRoom(forum), again)
	if w.tg.Topics(forum)[0].Closed {
		t.Error("the topic is not open again")
	}

	w.tg.RemoveTopic(forum, topics[0].ID) // by hand
	w.deliver(inRoom(forum), say("Masih di sana?"))
	topics = w.tg.Topics(forum)
	if len(topics) != 1 {
		t.Fatalf("after the topic was deleted: %+v", topics)
	}
	if got := w.texts(forum, topics[0].ID); !slices.Equal(got, []string{"Tiket 17", "Masih di sana?"}) {
		t.Errorf("in the new topic: %q", got)
	}
}

// The first message of a ticket shows who has it, in a topic and where there
// are none; a topic that was deleted begins with how things stand then.
func TestTheFirstMessageShowsHowThingsStand(t *testing.T) {
	for name, prepare := range map[string]func(s *telegramtest.Server){
		"forum": func(s *telegramtest.Server) { s.Forum(forum, "Helpdesk") },
		"group": func(s *telegramtest.Server) { s.Group(forum, "Helpdesk") },
	} {
		t.Run(name, func(t *testing.T) {
			known := &threads{}
			w := newWorld(t, withRoom(forum, known))
			prepare(w.tg)
			show := bot.Reply{Thread: bot.ThreadShow}
			w.deliver(inRoom(forum), show)
			if all := w.tg.Messages(forum); len(all) != 0 {
				t.Fatalf("a thread is opened to say nothing: %+v", all)
			}
			w.deliver(inRoom(forum), say("Halo"))
			first := func() telegramtest.Message {
				t.Helper()
				for _, m := range w.tg.Messages(forum) {
					if !m.Deleted && strings.HasPrefix(m.Text, "Tiket 17") {
						return m
					}
				}
				t.Fatal("there is no first message")
				return telegramtest.Message{}
			}
			for _, taken := range []bool{true, false} {
				known.taken = taken
				held := say("Rina memegang tiket ini")
				held.Thread = bot.ThreadShow
				w.deliver(inRoom(forum), held)
				if m := first(); strings.Contains(m.Text, "dipegang Rina") != taken || (len(m.Buttons) == 0) != taken {
					t.Errorf("taken %v: the first message is %+v", taken, m)
				}
			}
			w.deliver(inRoom(forum), show) // nothing has changed: nothing is said
			if n := len(w.tg.Messages(forum)); name == "group" && n != 4 || name == "forum" && n != 5 {
				t.Errorf("%d messages: %+v", n, w.tg.Messages(forum))
			}
			if name == "group" {
				return
			}
			w.tg.RemoveTopic(forum, w.tg.Topics(forum)[0].ID)
			known.taken = true
			again := say("Masih di sana?")
			again.Thread = bot.ThreadShow
			w.deliver(inRoom(forum), again)
			if got := w.texts(forum, w.tg.Topics(forum)[0].ID); !slices.Equal(got, []string{"Tiket 17, dipegang Rina", "Masih di sana?"}) {
				t.Errorf("in the new topic: %q", got)
			}
		})
	}
}

// A crash after the topic was made, or an answer that was lost, makes no
// second one once its number is known.
func TestATopicIsMadeOnce(t *testing.T) {
	known := &threads{}
	w := newWorld(t, withRoom(forum, known))
	w.tg.Forum(forum, "Helpdesk")
	w.tg.Break(telegramtest.Fault{Method: "sendMessage", Times: 1, Code: 403, Text: "Forbidden: for a moment"})
	if err := w.bot.Deliver(w.ctx(), inRoom(forum), say("Halo")); err == nil {
		t.Fatal("delivered")
	}
	w.deliver(inRoom(forum), say("Halo"))
	topics := w.tg.Topics(forum)
	if len(topics) != 1 {
		t.Fatalf("topics %+v", topics)
	}
	if got := w.texts(forum, topics[0].ID); !slices.Equal(got, []string{"Tiket 17", "Halo"}) {
		t.Errorf("in the topic: %q", got)
	}
}

// Where there are no topics, or no right to make them, a ticket is a message
// with the answers to it.
func TestATicketIsAMessageWhereThereAreNoTopics(t *testing.T) {
	for name, prepare := range map[string]func(w *world) int64{
		"basic group": func(w *world) int64 { w.tg.Group(basic, "Helpdesk"); return basic },
		"supergroup":  func(w *world) int64 { w.tg.Group(forum, "Helpdesk"); return forum },
		"no right": func(w *world) int64 {
			w.tg.Group(forum, "Helpdesk")
			w.tg.SetRights(forum, telegramtest.GroupRights{Forum: true, Admin: true})
			return forum
		},
	} {
		t.Run(name, func(t *testing.T) {
			known := &threads{}
			var room int64 = forum
			if name == "basic group" {
				room = basic
			}
			w := newWorld(t, withRoom(room, known))
			prepare(w)
			w.poll()
			w.deliver(inRoom(room), say("Halo"))
			all := w.tg.Messages(room)
			if len(all) != 2 || all[0].Text != "Tiket 17" || all[1].ReplyTo != all[0].ID {
				t.Fatalf("in the group: %+v", all)
			}
			if name == "no right" && !strings.Contains(w.log.String(), "Manage topics") {
				t.Error("the log does not tell which right is missing")
			}
			officer := w.tg.User(9, "Petugas", "id").In(room)
			officer.Reply(all[1].ID, "Selamat pagi")
			until(t, "the officer's words", func() bool { return len(w.engine.updates()) == 1 })
			if u := w.engine.updates()[0]; !slices.Contains(known.of(number), u.Thread) {
				t.Errorf("the officer's words came as %+v; known are %q", u, known.of(number))
			}
		})
	}
}

// The case that was met: the settings name a basic group that has become a
// supergroup since.
func TestAGroupThatBecameASupergroupIsFollowed(t *testing.T) {
	kept := &kept{}
	known := &threads{}
	withMoves := func(c *telegram.Config, _ *telegramtest.Options) { c.Moved = kept }
	w := newWorld(t, withRoom(basic, known), withMoves)
	w.tg.Group(basic, "Helpdesk")
	w.tg.Migrate(basic, grown)
	w.deliver(inRoom(basic), say("Halo"))
	if got := w.texts(grown, 0); !slices.Equal(got, []string{"Tiket 17", "Halo"}) {
		t.Fatalf("in the supergroup: %q", got)
	}
	if now, _ := kept.Get(t.Context(), strconv.Itoa(basic)); now != strconv.Itoa(grown) {
		t.Errorf("kept is %q", now)
	}
	if n := strings.Count(w.log.String(), "became a supergroup"); n != 1 {
		t.Errorf("the log tells it %d times", n)
	}
	calls := len(w.tg.Calls())
	w.deliver(inRoom(basic), say("Lagi"))
	if n := len(w.tg.Calls()) - calls; n != 1 {
		t.Errorf("%d calls for a message to a group whose new id is known", n)
	}
	w.poll()
	officer := w.tg.User(9, "Petugas", "id").In(grown)
	officer.Reply(w.tg.Messages(grown)[1].ID, "Selamat pagi")
	until(t, "the officer's words", func() bool { return len(w.engine.updates()) == 1 })
	if u := w.engine.updates()[0]; u.Chat != strconv.Itoa(basic) {
		t.Errorf("the room is called %q, want as the settings call it", u.Chat)
	}
}

type kept struct {
	mu  sync.Mutex
	ids map[string]string
}

func (k *kept) Get(_ context.Context, name string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ids[name], nil
}

func (k *kept) Put(_ context.Context, name, id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ids == nil {
		k.ids = map[string]string{}
	}
	k.ids[name] = id
	return nil
}
