package mattermost_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost"
	"resetpin/bot/mattermost/mattermosttest"
)

// threads keeps the threads of one room.
type threads struct {
	mu     sync.Mutex
	kept   map[string]string // by subject
	closed bool
}

func (s *threads) Thread(_ context.Context, _ bot.Account, subject string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[subject], nil
}

func (s *threads) KeepThread(_ context.Context, _ bot.Account, subject, thread string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[subject] = thread
	return nil
}

func (s *threads) ForgetThread(_ context.Context, _ bot.Account, subject string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, subject)
	return nil
}

func (s *threads) Head(_ context.Context, _ bot.Account, subject string) (bot.Head, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return bot.Head{First: bot.Message{Text: "Tiket " + subject + " ditutup"}}, nil
	}
	take := bot.Button{Text: "Ambil", Action: bot.Action{Name: "take", Arg: subject}}
	return bot.Head{First: bot.Message{Text: "Tiket " + subject, Buttons: [][]bot.Button{{take}}}}, nil
}

// room is a world with an officers' channel in which rina is.
type room struct {
	*world
	channel string
	rina    *mattermosttest.Person
	threads *threads
	account bot.Account
}

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{threads: &threads{kept: map[string]string{}}}
	r.world = newWorld(t)
	r.rina = r.mm.Person("rina")
	r.channel = r.mm.AddChannel(r.mm.TeamID(), "helpdesk", r.botID, r.rina.ID())
	r.account = bot.Account{Platform: bot.Mattermost, ID: r.channel}
	c := mattermost.Config{
		URL: r.mm.URL(), PublicURL: r.hook.URL, BotToken: r.secret, Signer: bot.NewSigner([]byte(strings.Repeat("k", 32))),
		Logger: logger(r.log), Marks: r.marks, Words: theWords, CommandWords: []string{"help", "bahasa"}, RoomWords: []string{"nama"}, Rooms: []string{r.channel}, Threads: r.threads,
	}
	var err error
	if r.bot, err = mattermost.New(c); err != nil {
		t.Fatal(err)
	}
	r.engine.channel = r.bot
	return r
}

// tells says something about a ticket and gives the channel's first posts of
// threads.
func (r *room) tells(subject string, reply bot.Reply) []mattermosttest.Post {
	r.t.Helper()
	if err := r.bot.Deliver(r.ctx(), bot.Origin{Account: r.account, Subject: subject}, reply); err != nil {
		r.t.Fatal(err)
	}
	return slices.DeleteFunc(r.rina.Posts(r.channel), func(p mattermosttest.Post) bool { return p.Root != "" })
}

func TestEachTicketIsOneThread(t *testing.T) {
	r := newRoom(t)
	if roots := r.tells("1", bot.Reply{}); len(roots) != 1 || roots[0].Text != "Tiket 1" || roots[0].Buttons[0].Name != "Ambil" {
		t.Fatalf("the channel shows %+v", roots)
	}
	r.tells("2", say("dua"))
	roots := r.tells("1", say("satu"))
	if len(roots) != 2 {
		t.Fatalf("%d threads, want 2", len(roots))
	}
	for i, want := range []string{"satu", "dua"} {
		if in := r.rina.Thread(r.channel, roots[i].ID); len(in) != 2 || in[1].Text != want {
			t.Errorf("thread %d holds %+v, want %q", i+1, in, want)
		}
	}
	r.threads.closed = true
	if roots = r.tells("1", bot.Reply{Thread: bot.ThreadShow}); roots[0].Text != "Tiket 1 ditutup" || len(r.rina.Thread(r.channel, roots[0].ID)) != 2 {
		t.Errorf("shown anew: %+v", roots[0])
	}
	if roots = r.tells("3", bot.Reply{Thread: bot.ThreadShow}); len(roots) != 2 {
		t.Errorf("a thread is opened to say nothing: %+v", roots)
	}
	if roots = r.tells("1", bot.Reply{Messages: say("selesai").Messages, Thread: bot.ThreadClose}); roots[0].Text != "Tiket 1 ditutup" || len(roots[0].Buttons) > 0 {
		t.Errorf("after the end: %+v", roots[0])
	}
	r.threads.closed = false
	if roots = r.tells("1", bot.Reply{Messages: say("lagi").Messages, Thread: bot.ThreadReopen}); roots[0].Text != "Tiket 1" || len(roots[0].Buttons) != 1 {
		t.Errorf("opened again: %+v", roots[0])
	}
}

func TestAThreadThatWasDeletedIsOpenedAnew(t *testing.T) {
	r := newRoom(t)
	first := r.tells("1", bot.Reply{})[0]
	admin := model.NewAPIv4Client(r.mm.URL())
	admin.SetToken(r.mm.AdminToken())
	if _, err := admin.DeletePost(r.ctx(), first.ID); err != nil {
		t.Fatal(err)
	}
	roots := r.tells("1", say("halo"))
	if len(roots) != 1 || roots[0].ID == first.ID || roots[0].Text != "Tiket 1" {
		t.Fatalf("the channel shows %+v", roots)
	}
	if in := r.rina.Thread(r.channel, roots[0].ID); len(in) != 2 || in[1].Text != "halo" {
		t.Errorf("the new thread holds %+v", in)
	}
}

// What officers say to each other is not the bot's: it hears threads, and what
// names it; also what came while it did not listen.
func TestWhatIsHeardInTheOfficersChannel(t *testing.T) {
	r := newRoom(t)
	stop := r.listens()
	root := r.tells("1", bot.Reply{})[0].ID
	types := func(under, text string) {
		t.Helper()
		if _, err := r.rina.Reply(r.channel, under, text); err != nil {
			t.Fatal(err)
		}
	}
	types("", "sudah makan?")
	types(root, "halo")
	u := r.hears(1)[0]
	want := bot.Origin{Account: bot.Account{Platform: bot.Mattermost, ID: r.rina.ID()}, Chat: r.channel, Message: u.Message, Thread: root, Handle: u.Handle}
	if u.Origin != want || u.Kind != bot.KindText || u.Text != "halo" {
		t.Errorf("heard %+v", u)
	}
	types(root, "@resetpin nama Bu Rina")
	if u = r.hears(2)[1]; u.Kind != bot.KindCommand || u.Command != "nama" || u.Text != "Bu Rina" || u.Thread != root {
		t.Errorf("heard %+v", u)
	}
	types(root, "help kami") // a command only where the bot is named
	if u = r.hears(3)[2]; u.Kind != bot.KindText || u.Text != "help kami" {
		t.Errorf("heard %+v", u)
	}
	stop()
	types("", "sudah makan siang?")
	types(root, "masih di sana?")
	r.listens()
	if u = r.hears(4)[3]; u.Text != "masih di sana?" || u.Thread != root {
		t.Errorf("read afterwards: %+v", u)
	}
	r.mm.LeaveChannel(r.channel, r.rina.ID())
	if u = r.hears(5)[4]; u.Kind != bot.KindLeft || u.Account.ID != r.rina.ID() || u.Chat != r.channel {
		t.Errorf("heard %+v", u)
	}
}

func TestWhoeverIsInTheRoomPresses(t *testing.T) {
	r := newRoom(t)
	r.listens()
	r.engine.answers(say("dipegang"))
	root := r.tells("1", bot.Reply{})[0].ID
	if err := r.rina.Press(root, "Ambil"); err != nil {
		t.Fatal(err)
	}
	u := r.hears(1)[0]
	if u.Account.ID != r.rina.ID() || u.Private || u.Chat != r.channel || u.Thread != root || u.Action.Name != "take" || u.Action.Arg != "1" || u.Called != "rina" {
		t.Errorf("heard %+v", u)
	}
	r.until("the answer in the thread", func() bool { return len(r.rina.Thread(r.channel, root)) == 2 })
	for person, want := range map[*mattermosttest.Person]bool{r.rina: true, r.sari: false} {
		in, err := r.bot.Member(r.ctx(), r.account, bot.Account{Platform: bot.Mattermost, ID: person.ID()})
		if in != want || err != nil {
			t.Errorf("%s is a member: %t, %v", person.Username(), in, err)
		}
	}
	for _, nobody := range []bot.Account{{Platform: bot.Telegram, ID: r.rina.ID()}, {Platform: bot.Mattermost, ID: rand26()}} {
		if in, err := r.bot.Member(r.ctx(), r.account, nobody); in || err != nil {
			t.Errorf("%v is a member: %t, %v", nobody, in, err)
		}
	}
}

func TestRoomsWantSomebodyWhoKeepsTheirThreads(t *testing.T) {
	_, err := mattermost.New(mattermost.Config{URL: "http://chat.test", PublicURL: "http://bot.test", BotToken: "x", Signer: bot.NewSigner([]byte(strings.Repeat("k", 32))), Words: theWords, Rooms: []string{rand26()}})
	if err == nil || !strings.Contains(err.Error(), "threads") {
		t.Errorf("a room without threads: %v", err)
	}
}
