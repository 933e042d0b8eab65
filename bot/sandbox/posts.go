package sandbox

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"resetpin/bot/mattermost/mattermosttest"
)

// postView is a post of Mattermost's as the page shows it. What it has in
// common with a message of Telegram's has the same names.
type postView struct {
	ID      string         `json:"id"`
	Author  string         `json:"author"` // username
	Bot     bool           `json:"bot"`
	HTML    string         `json:"html"`
	Whisper bool           `json:"whisper"` // only this person sees it
	Changed bool           `json:"changed"` // its words were edited
	Sent    time.Time      `json:"sent"`
	Thread  string         `json:"thread,omitempty"` // in the officers' channel: the thread it stands in
	Inside  bool           `json:"inside,omitempty"` // and does not begin
	Photos  []photoView    `json:"photos"`
	Buttons [][]buttonView `json:"buttons"`
}

type photoView struct {
	Path   string `json:"path"`
	Width  int    `json:"width"`  // pixels
	Height int    `json:"height"` // pixels
}

type buttonView struct {
	Text  string `json:"text"`
	Style string `json:"style"`
	Data  string `json:"data"` // the action's id
}

// dialogView is a dialog that is open in front of the person.
type dialogView struct {
	ID     string      `json:"id"`
	Title  string      `json:"title"`
	Intro  string      `json:"intro"` // HTML
	Submit string      `json:"submit"`
	Error  string      `json:"error"`
	Fields []fieldView `json:"fields"`
}

type fieldView struct {
	Name        string `json:"name"`
	Label       string `json:"label"`
	Help        string `json:"help"`
	Placeholder string `json:"placeholder"`
	Value       string `json:"value"`
	Optional    bool   `json:"optional"`
	MaxLength   int    `json:"maxLength"` // characters; 0: no bound
	Error       string `json:"error"`
}

// chat gives what an employee sees in the direct message with the bot.
func (o *office) chat(e *employee, s seat) chatView {
	out := chatView{
		Platform: platformMattermost, Account: s.ID(), BotName: mattermostUser, Messages: []any{},
		Typing: s.SeesTyping(s.direct, o.bot), Commands: o.commands(),
	}
	for _, p := range s.Posts(s.direct) {
		out.Messages = append(out.Messages, viewPost("/people/"+e.Key, p))
	}
	return out
}

func viewPost(whose string, p mattermosttest.Post) postView {
	v := postView{ID: p.ID, Author: p.Name, Bot: p.Bot, HTML: markdown(p.Text), Whisper: p.Ephemeral, Changed: p.Edited, Sent: p.At}
	for _, f := range p.Files {
		v.Photos = append(v.Photos, photoView{Path: whose + "/mattermost/files/" + f.ID, Width: f.Width, Height: f.Height})
	}
	var row []buttonView
	for _, b := range p.Buttons {
		row = append(row, buttonView{Text: b.Name, Style: b.Style, Data: b.ID})
	}
	if row != nil {
		v.Buttons = [][]buttonView{row}
	}
	return v
}

// dialog gives the open dialog, or nil.
func (s seat) dialog() *dialogView {
	d := s.Dialog()
	if d == nil {
		return nil
	}
	v := &dialogView{ID: d.State, Title: d.Title, Intro: markdown(d.Intro), Submit: d.SubmitLabel, Error: d.Error, Fields: []fieldView{}}
	for _, e := range d.Elements {
		v.Fields = append(v.Fields, fieldView{
			Name: e.Name, Label: e.DisplayName, Help: e.HelpText, Placeholder: e.Placeholder, Value: e.Default,
			Optional: e.Optional, MaxLength: e.MaxLength, Error: d.Errors[e.Name],
		})
	}
	return v
}

// file gives a file that the person sees in the direct message.
func (s seat) file(id string) (mattermosttest.File, bool) {
	for _, p := range s.all() {
		if at := slices.IndexFunc(p.Files, func(f mattermosttest.File) bool { return f.ID == id }); at >= 0 {
			return p.Files[at], true
		}
	}
	return mattermosttest.File{}, false
}

// all is what the person sees in the channel, with its threads.
func (s seat) all() []mattermosttest.Post {
	var out []mattermosttest.Post
	for _, root := range s.Posts(s.direct) {
		out = append(out, s.Thread(s.direct, root.ID)...)
	}
	return out
}

// commands are the slash commands that Mattermost offers while one is typed.
func (o *office) commands() []command {
	var out []command
	for _, c := range o.server.Commands() {
		out = append(out, command{Command: c.Trigger, Description: c.AutoCompleteDesc})
	}
	return out
}

// command is a slash command as the page offers it.
type command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// markdown renders what Mattermost shows. HTML in it is left out, and a link
// leads only where a browser may go.
func markdown(text string) string {
	var b bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithHardWraps()))
	if err := md.Convert([]byte(text), &b); err != nil {
		return fmt.Sprintf("<p>%s</p>", err) // writing into memory never fails
	}
	return b.String()
}
