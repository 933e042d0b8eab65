package app_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// onRealChannel is an officer in a thread of the channel on a real Mattermost.
type onRealChannel struct {
	w       *world
	t       *testing.T
	p       *onRealMattermost
	name    string // of the bot
	channel string
	root    string
}

// withRealChannel gives a world whose help desk is a channel on a real
// Mattermost, in which an officer is.
func withRealChannel(t *testing.T, extra ...string) (*world, *onRealChannel) {
	t.Helper()
	w := emptyWorld(t, extra)
	name := w.addRealMattermost()
	rina := w.realPerson()
	channel, _ := must2(rina.api.CreateChannel(t.Context(), &model.Channel{TeamId: rina.team, Name: "helpdesk", DisplayName: "Helpdesk", Type: model.ChannelTypePrivate}))
	must2(rina.api.AddChannelMember(t.Context(), channel.Id, w.mattermostBot))
	w.extra = append(w.extra, "HELPDESK_MATTERMOST_CHANNEL="+channel.Id)
	w.inhabit()
	return w, &onRealChannel{w: w, t: t, p: rina, name: name, channel: channel.Id}
}

func (o *onRealChannel) opens(nth int, title string) {
	o.t.Helper()
	eventually(o.t, title, func() bool {
		roots := slices.DeleteFunc(o.p.postsOf(o.channel), func(p *model.Post) bool { return p.UserId != o.p.bot || p.RootId != "" })
		if len(roots) < nth {
			return false
		}
		o.root = roots[nth-1].Id
		return true
	})
}

func (o *onRealChannel) opensWith(words string) {
	o.t.Helper()
	eventually(o.t, "a thread with "+words, func() bool {
		for _, p := range o.p.postsOf(o.channel) {
			if p.RootId == "" && p.UserId == o.p.bot && strings.Contains(plain(o.t, p.Message), words) {
				o.root = p.Id
				return true
			}
		}
		return false
	})
}

func (o *onRealChannel) thread() []*model.Post {
	return slices.DeleteFunc(o.p.postsOf(o.channel), func(p *model.Post) bool { return p.Id != o.root && p.RootId != o.root })
}

func (o *onRealChannel) texts() []string { return o.textsOf(o.thread()) }

func (o *onRealChannel) textsOf(posts []*model.Post) []string {
	var out []string
	for _, p := range posts {
		text := p.Message
		for _, a := range p.Attachments() {
			text += "\n\n" + a.Text
		}
		out = append(out, plain(o.t, text))
	}
	return out
}

func (o *onRealChannel) types(text string) {
	o.t.Helper()
	must2(o.p.api.CreatePost(context.Background(), &model.Post{ChannelId: o.channel, RootId: o.root, Message: text}))
}

func (o *onRealChannel) calls(command string) {
	o.t.Helper()
	o.types("@" + o.name + " " + command)
}

// at has nothing to do: who is in the channel reads all of it.
func (o *onRealChannel) at() {}

func (o *onRealChannel) says(command string) {
	o.t.Helper()
	must2(o.p.api.CreatePost(context.Background(), &model.Post{ChannelId: o.channel, Message: "@" + o.name + " " + command}))
}

func (o *onRealChannel) hears() []string {
	return o.textsOf(slices.DeleteFunc(o.p.postsOf(o.channel), func(p *model.Post) bool { return p.UserId != o.p.bot }))
}

func (o *onRealChannel) touches(label string) {
	o.t.Helper()
	o.pressIn(label, func() []*model.Post { return o.p.postsOf(o.channel) })
}

func (o *onRealChannel) presses(label string) {
	o.t.Helper()
	o.pressIn(label, o.thread)
}

func (o *onRealChannel) pressIn(label string, posts func() []*model.Post) {
	o.t.Helper()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		for _, p := range slices.Backward(posts()) {
			if o.p.press(p, label) {
				return
			}
		}
	}
	o.t.Fatalf("no button %q in:\n%s", label, strings.Join(o.texts(), "\n--\n"))
}

func (o *onRealChannel) pictures() []string {
	var out []string
	for _, p := range o.thread() {
		if len(p.FileIds) > 0 {
			out = append(out, p.Message)
		}
	}
	return out
}

func (o *onRealChannel) head() string { return o.texts()[0] }

func (o *onRealChannel) over() bool {
	head := o.thread()[0]
	return strings.Contains(o.texts()[0], "Ditutup") && len(head.Attachments()) == 0
}

func (o *onRealChannel) deletes() {
	o.t.Helper()
	if _, err := admin().DeletePost(context.Background(), o.root); err != nil {
		o.t.Fatal(err)
	}
}

func (o *onRealChannel) leaves()    { o.removes(o.p.me) }
func (o *onRealChannel) throwsOut() { o.removes(o.p.bot) }

func (o *onRealChannel) removes(user string) {
	o.t.Helper()
	if _, err := admin().RemoveUserFromChannel(context.Background(), o.channel, user); err != nil {
		o.t.Fatal(err)
	}
}

func (o *onRealChannel) colleague() officer {
	p := o.w.realPerson()
	must2(admin().AddChannelMember(context.Background(), o.channel, p.me))
	return &onRealChannel{w: o.w, t: o.t, p: p, name: o.name, channel: o.channel}
}

// shows posts a picture, with words.
func (o *onRealMattermost) shows(name, text string, data []byte) {
	o.t.Helper()
	ctx := context.Background()
	up, _ := must2(o.api.UploadFile(ctx, data, o.chat, name))
	must2(o.api.CreatePost(ctx, &model.Post{ChannelId: o.chat, Message: text, FileIds: model.StringArray{up.FileInfos[0].Id}}))
}
