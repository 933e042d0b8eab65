package mattermosttest

import (
	"cmp"
	"slices"
	"time"
)

// desk is what a person's client shows beside the channels.
type desk struct {
	channel  string  // where the person sits
	whispers []*post // ephemeral posts, which only the client has
	dialog   *Dialog
	location string
}

// Post is a post as a person sees it.
type Post struct {
	ID, Channel, Root string
	User              string // whose it is, by id
	Name              string // under which it stands there
	Bot               bool   // marked BOT
	Text              string // Markdown
	Attachments       []Attachment
	Buttons           []Button // of all attachments
	Files             []File
	Ephemeral         bool // only this person sees it
	Edited            bool
	At                time.Time
}

// Attachment is an attachment as a person sees it.
type Attachment struct {
	Color, Pretext, Title, TitleLink, Text, ImageURL, Footer string
}

// Button is a button or a menu as a person sees it.
type Button struct {
	ID, Name, Style, Type string
	Options               []string // the values of a menu
	Cookie                string   // of ephemeral posts; the client has it
}

// File is a file at a post.
type File struct {
	ID, Name, Type string
	Width, Height  int
	Data           []byte
}

// Posts gives what the person sees in a channel, the oldest first: the posts
// when they are a member, and what was shown to them only. With collapsed
// threads the client leaves out what has a root, also of what only this person
// is shown.
func (p *Person) Posts(channel string) []Post {
	p.s.mu.Lock()
	collapsed := p.s.settings.CollapsedThreads != "disabled" && p.s.settings.CollapsedThreads != "default_off"
	p.s.mu.Unlock()
	return p.posts(channel, func(q *post) bool { return q.RootID == "" || !collapsed })
}

// Thread gives what the person sees in the thread pane of a post: the post and
// what stands below it.
func (p *Person) Thread(channel, root string) []Post {
	return p.posts(channel, func(q *post) bool { return q.ID == root || q.RootID == root })
}

func (p *Person) posts(channel string, shown func(*post) bool) []Post {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	var out []Post
	if ch := p.s.channels[channel]; ch != nil && p.s.reads(p.u, ch) {
		for _, q := range ch.posts {
			if q.DeleteAt == 0 && shown(q) {
				out = append(out, p.s.seen(p.s.told(q)))
			}
		}
	}
	for _, q := range p.u.desk.whispers {
		if q.ChannelID == channel && shown(q) {
			out = append(out, p.s.seen(q))
		}
	}
	slices.SortStableFunc(out, func(a, b Post) int { return cmp.Compare(a.At.UnixMilli(), b.At.UnixMilli()) })
	return out
}

// Post gives a post that the person sees, and whether they do.
func (p *Person) Post(id string) (Post, bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if q := p.s.posts[id]; q != nil && q.DeleteAt == 0 && p.s.reads(p.u, p.s.channels[q.ChannelID]) {
		return p.s.seen(p.s.told(q)), true
	}
	for _, q := range p.u.desk.whispers {
		if q.ID == id {
			return p.s.seen(q), true
		}
	}
	return Post{}, false
}

// Last gives the newest post that the person sees in a channel; an empty one
// when there is none.
func (p *Person) Last(channel string) Post {
	all := p.Posts(channel)
	if len(all) == 0 {
		return Post{}
	}
	return all[len(all)-1]
}

// Location is where the client was last sent by an answer's goto_location.
func (p *Person) Location() string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.u.desk.location
}

// typingLife is how long "is typing" is shown.
const typingLife = 5 * time.Second

// SeesTyping tells whether the person sees another user (by id) typing.
func (p *Person) SeesTyping(channel, other string) bool {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	ch := p.s.channels[channel]
	if ch == nil {
		return false
	}
	at, there := ch.typing[other]
	return there && p.s.age(at) < typingLife
}

// seen turns a post, as clients are told it, into what a person sees.
func (s *Server) seen(q *post) Post {
	out := Post{
		ID: q.ID, Channel: q.ChannelID, Root: q.RootID, User: q.UserID, Text: q.Message, Ephemeral: q.Type == "system_ephemeral",
		Edited: q.EditAt != 0, At: time.UnixMilli(q.CreateAt),
	}
	if u := s.users[q.UserID]; u != nil {
		out.Name, out.Bot = u.username, u.bot
	}
	_, hook := q.Props["from_webhook"]
	out.Bot = out.Bot || hook
	if name, there := q.Props["override_username"].(string); there && hook && s.settings.EnablePostUsernameOverride {
		out.Name = name
	}
	for _, a := range attachments(q.Props) {
		out.Attachments = append(out.Attachments, Attachment{
			Color: a.Color, Pretext: a.Pretext, Title: a.Title, TitleLink: a.TitleLink, Text: a.Text, ImageURL: a.ImageURL, Footer: a.Footer,
		})
		for _, x := range a.Actions {
			b := Button{ID: x.ID, Name: x.Name, Style: x.Style, Type: x.Type, Cookie: x.Cookie}
			for _, o := range x.Options {
				b.Options = append(b.Options, o.Value)
			}
			out.Buttons = append(out.Buttons, b)
		}
	}
	for _, id := range q.FileIDs {
		if f := s.files[id]; f != nil && !f.gone {
			out.Files = append(out.Files, File{ID: id, Name: f.wire.Name, Type: f.wire.MimeType, Width: f.wire.Width, Height: f.wire.Height, Data: f.data})
		}
	}
	return out
}
