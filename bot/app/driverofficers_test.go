package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"resetpin/bot"
	"resetpin/bot/mattermost/mattermosttest"
	"resetpin/bot/telegram/telegramtest"
	"resetpin/store"
)

// inForum is an officer in a topic of the forum on the pretend Telegram.
type inForum struct {
	desk  *deskTeam
	id    int64
	nth   int
	topic int
	p     *telegramtest.Person
}

func (o *inForum) opens(nth int, title string) {
	o.desk.t.Helper()
	topic := o.desk.topic(nth)
	if topic.Name != title {
		o.desk.t.Errorf("the topic is called %q", topic.Name)
	}
	o.nth, o.topic = nth, topic.ID
	o.p = o.desk.w.telegram.User(o.id, "Rina", "id").InTopic(deskForum, topic.ID)
}

func (o *inForum) opensWith(words string) {
	o.desk.t.Helper()
	eventually(o.desk.t, "a topic with "+words, func() bool {
		for i, topic := range o.desk.w.telegram.Topics(deskForum) {
			if strings.Contains(strings.Join(o.desk.texts(topic.ID), "\n"), words) {
				o.nth, o.topic = i+1, topic.ID
				o.p = o.desk.w.telegram.User(o.id, "Rina", "id").InTopic(deskForum, topic.ID)
				return true
			}
		}
		return false
	})
}

func (o *inForum) texts() []string      { return o.desk.texts(o.topic) }
func (o *inForum) head() string         { return o.texts()[1] } // after what says that the topic was made
func (o *inForum) types(text string)    { o.p.Type(text) }
func (o *inForum) calls(command string) { o.p.Type("/" + command) }
func (o *inForum) over() bool           { return o.desk.topic(o.nth).Closed }

func (o *inForum) at() { o.topic, o.p = 0, o.desk.w.telegram.User(o.id, "Rina", "id").In(deskForum) }

func (o *inForum) says(command string) {
	o.desk.w.telegram.User(o.id, "Rina", "id").In(deskForum).Type("/" + command)
}

func (o *inForum) hears() []string {
	var out []string
	for _, m := range o.desk.w.telegram.Messages(deskForum) {
		if m.Bot && !m.Deleted {
			out = append(out, m.Text)
		}
	}
	return out
}

func (o *inForum) touches(label string) {
	o.desk.t.Helper()
	o.desk.pressWhere(o.p, label, func(telegramtest.Message) bool { return true })
}

func (o *inForum) presses(label string) {
	o.desk.t.Helper()
	o.desk.press(o.p, o.topic, label)
}

func (o *inForum) pictures() []string {
	var out []string
	for _, m := range o.desk.w.telegram.Messages(deskForum) {
		if m.Topic == o.topic && m.Photo != nil {
			out = append(out, m.Text)
		}
	}
	return out
}

func (o *inForum) deletes()   { o.desk.w.telegram.RemoveTopic(deskForum, o.topic) }
func (o *inForum) leaves()    { o.p.Leave() }
func (o *inForum) throwsOut() { o.desk.w.telegram.KickBot(deskForum) }

func (o *inForum) colleague() officer {
	other := &inForum{desk: o.desk, id: o.id + 1}
	other.at()
	return other
}

// onChannel is an officer in a thread of the channel on the pretend
// Mattermost.
type onChannel struct {
	w       *world
	t       *testing.T
	p       *mattermosttest.Person
	channel string
	root    string
}

// roots are the bot's posts in the channel that begin a thread.
func (o *onChannel) roots() []mattermosttest.Post {
	return slices.DeleteFunc(o.p.Posts(o.channel), func(p mattermosttest.Post) bool { return !p.Bot || p.Root != "" })
}

func (o *onChannel) opens(nth int, title string) {
	o.t.Helper()
	eventually(o.t, title, func() bool { return len(o.roots()) >= nth })
	o.root = o.roots()[nth-1].ID
	// Nobody answers faster than the thread is noted, but a test.
	eventually(o.t, "the thread of "+title, func() bool {
		subject, err := o.w.app.Store().Subject(o.t.Context(), store.Account{Platform: bot.Mattermost, ID: o.channel}, o.root)
		return err == nil && subject != ""
	})
}

func (o *onChannel) opensWith(words string) {
	o.t.Helper()
	eventually(o.t, "a thread with "+words, func() bool {
		for _, root := range o.roots() {
			if strings.Contains(plain(o.t, root.Text), words) {
				o.root = root.ID
				return true
			}
		}
		return false
	})
}

func (o *onChannel) thread() []mattermosttest.Post { return o.p.Thread(o.channel, o.root) }

func (o *onChannel) texts() []string {
	var out []string
	for _, p := range o.thread() {
		out = append(out, plain(o.t, p.Text))
	}
	return out
}

func (o *onChannel) head() string { return plain(o.t, o.thread()[0].Text) }

func (o *onChannel) types(text string) {
	o.t.Helper()
	if _, err := o.p.Reply(o.channel, o.root, text); err != nil {
		o.t.Fatal(err)
	}
}

func (o *onChannel) calls(command string) {
	o.t.Helper()
	o.types("@resetpin " + command)
}

// at has nothing to do: who is in the channel reads all of it.
func (o *onChannel) at() {}

func (o *onChannel) says(command string) {
	o.t.Helper()
	if _, err := o.p.Type(o.channel, "@resetpin "+command); err != nil {
		o.t.Fatal(err)
	}
}

func (o *onChannel) hears() []string {
	var out []string
	for _, p := range o.all() {
		if p.Bot {
			out = append(out, plain(o.t, p.Text))
		}
	}
	return out
}

// all is what stands in the channel, with its threads.
func (o *onChannel) all() []mattermosttest.Post {
	var out []mattermosttest.Post
	for _, root := range o.p.Posts(o.channel) {
		out = append(out, o.p.Thread(o.channel, root.ID)...)
	}
	return out
}

func (o *onChannel) touches(label string) {
	o.t.Helper()
	o.pressIn(label, o.all)
}

func (o *onChannel) presses(label string) {
	o.t.Helper()
	o.pressIn(label, o.thread)
}

func (o *onChannel) pressIn(label string, posts func() []mattermosttest.Post) {
	o.t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		for _, p := range slices.Backward(posts()) {
			if o.p.Press(p.ID, label) == nil {
				return
			}
		}
	}
	o.t.Fatalf("no button %q in:\n%s", label, strings.Join(o.texts(), "\n--\n"))
}

func (o *onChannel) pictures() []string {
	var out []string
	for _, p := range o.thread() {
		if len(p.Files) > 0 {
			out = append(out, p.Text)
		}
	}
	return out
}

func (o *onChannel) over() bool {
	head := o.thread()[0]
	return strings.Contains(head.Text, "Ditutup") && len(head.Buttons) == 0
}

func (o *onChannel) deletes() {
	o.t.Helper()
	api := model.NewAPIv4Client(o.w.mattermost.URL())
	api.SetToken(o.w.mattermost.AdminToken())
	if _, err := api.DeletePost(o.t.Context(), o.root); err != nil {
		o.t.Fatal(err)
	}
}

func (o *onChannel) leaves()    { o.w.mattermost.LeaveChannel(o.channel, o.p.ID()) }
func (o *onChannel) throwsOut() { o.w.mattermost.LeaveChannel(o.channel, o.w.mattermostBot) }

func (o *onChannel) colleague() officer {
	p := o.w.mattermost.Person("budi")
	o.w.mattermost.JoinChannel(o.channel, p.ID())
	return &onChannel{w: o.w, t: o.t, p: p, channel: o.channel}
}
