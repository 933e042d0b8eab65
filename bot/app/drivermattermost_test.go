package app_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark"

	"resetpin/bot/mattermost/mattermosttest"
)

// onMattermost is a person at the direct message with the bot on the pretend
// Mattermost, with collapsed threads. Commands are slash commands there; what a
// toast says on Telegram, a post says here.
type onMattermost struct {
	t    *testing.T
	p    *mattermosttest.Person
	chat string

	before map[string]string
}

func (w *world) mattermostPerson(name string) *onMattermost {
	p := w.mattermost.Person(name)
	return &onMattermost{t: w.t, p: p, chat: p.DM(w.mattermostBot)}
}

func (o *onMattermost) look() {
	o.before = make(map[string]string)
	for _, l := range o.Chat() {
		o.before[l.ID] = l.Text + strings.Join(l.Buttons, "|")
	}
}

func (o *onMattermost) News() []line {
	return slices.DeleteFunc(o.Chat(), func(l line) bool {
		old, was := o.before[l.ID]
		return was && old == l.Text+strings.Join(l.Buttons, "|")
	})
}

func (o *onMattermost) Types(text string) string {
	o.t.Helper()
	o.look()
	if command, ok := slashOf(text); ok {
		if err := o.p.Slash(o.chat, command); err != nil {
			o.t.Errorf("%s: %v", command, err)
		}
		sends(o, command, func() bool { d := o.p.Dialog(); return d != nil && d.Elements[0].Default != "" }, func() error { return o.p.Submit(nil) })
		return ""
	}
	id, err := o.p.Type(o.chat, text)
	if err != nil {
		o.t.Fatalf("type %q: %v", text, err)
	}
	return id
}

// sends presses the button of the dialog that a command with an argument opens
// with that argument filled in.
func sends(p person, command string, filled func() bool, submit func() error) {
	if strings.Count(command, " ") < 2 {
		return
	}
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		answered := len(p.News()) > 0 // the dialog opens before that
		if filled() {
			_ = submit() // what is wrong with it stands in the dialog
			return
		}
		if answered {
			return
		}
	}
}

// slashOf gives the slash command for what is a command on Telegram.
func slashOf(text string) (command string, ok bool) {
	words, ok := strings.CutPrefix(text, "/")
	switch words {
	case "resetpin":
		return "/resetpin", ok
	case "status":
		return "/statusds", ok
	}
	return "/resetpin " + words, ok
}

func (o *onMattermost) Presses(label string) {
	o.t.Helper()
	var err error
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		for _, post := range slices.Backward(o.p.Posts(o.chat)) {
			if !slices.ContainsFunc(post.Buttons, func(b mattermosttest.Button) bool { return b.Name == label }) {
				continue
			}
			o.look()
			if err = o.p.Press(post.ID, label); err == nil {
				return
			}
		}
	}
	o.t.Fatalf("no button %q (%v); the chat ends with\n%s", label, err, show(o))
}

func (o *onMattermost) PressesOld(id, label string) {
	o.t.Helper()
	o.look()
	if err := o.p.Press(id, label); err != nil {
		o.t.Fatal(err)
	}
}

func (o *onMattermost) Chat() []line {
	var out []line
	for _, post := range o.p.Posts(o.chat) {
		if post.Ephemeral {
			continue
		}
		l := line{ID: post.ID, Bot: post.Bot, Text: plain(o.t, post.Text)}
		for _, b := range post.Buttons {
			l.Buttons, l.URLs = append(l.Buttons, b.Name), append(l.URLs, "")
		}
		out = append(out, l)
	}
	return out
}

// Toasts gives all that the bot says where the person sees it: words at a
// button are shown nowhere.
func (o *onMattermost) Toasts() []string {
	var out []string
	for _, post := range o.p.Posts(o.chat) {
		if post.Bot {
			out = append(out, plain(o.t, post.Text))
		}
	}
	return out
}

var tags = regexp.MustCompile(`<[^>]*>`)

// plain gives the words that a person reads, without the unseen joiners that
// keep a # or @ from becoming more than a sign.
func plain(t *testing.T, markdown string) string {
	var b strings.Builder
	if err := goldmark.Convert([]byte(markdown), &b); err != nil {
		t.Error(err)
	}
	return strings.ReplaceAll(strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(b.String(), ""))), "\u2060", "")
}
