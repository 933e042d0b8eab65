package mattermosttest

import (
	"errors"
	"fmt"
)

// Person is a user at the web client. All its methods may be called at the
// same time. The errors of its acts are *Failure when the server refused.
type Person struct {
	s *Server
	u *user
}

// Person gives the person with this user name. A new one is made as a member
// of the first team, with the address NAME@contoh.go.id and Indonesian as
// language.
func (s *Server) Person(username string) *Person {
	return s.AddPerson(username, username+"@contoh.go.id", "id")
}

// AddPerson is Person with an e-mail address and a locale of one's own.
func (s *Server) AddPerson(username, email, locale string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.byName(username)
	if u == nil {
		u = s.newUser(username, email, locale)
		s.join(s.team, u)
	}
	return &Person{s: s, u: u}
}

// ID is the user's id.
func (p *Person) ID() string { return p.u.id }

// Username is the user's name without @.
func (p *Person) Username() string { return p.u.username }

// Token gives a token with which the person's own calls can be made.
func (p *Person) Token() string { return p.s.NewToken(p.u.id) }

// DM gives the id of the direct message with another user (a bot, by id), and
// opens it when it is new.
func (p *Person) DM(other string) string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.direct(p.u, p.s.users[other]).id
}

// failure makes an error of a failure.
func failure(f *Failure) error {
	if f == nil {
		return nil
	}
	return f
}

// Type writes a post into a channel and gives its id.
func (p *Person) Type(channel, text string) (string, error) { return p.Reply(channel, "", text) }

// Reply writes a post into the thread of another post and gives its id.
func (p *Person) Reply(channel, root, text string) (string, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.u.desk.channel = channel
	if _, f := p.s.postsTo(p.u, channel); f != nil {
		return "", f
	}
	out, f := p.s.create(p.u, post{ChannelID: channel, RootID: root, Message: text, PendingPostID: p.u.id + ":" + newID()})
	if f != nil {
		return "", f
	}
	return out.ID, nil
}

// Show writes a post with a file into a channel, or into the thread of a post,
// and gives its id.
func (p *Person) Show(channel, root, text, name string, data []byte) (string, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if _, f := p.s.postsTo(p.u, channel); f != nil {
		return "", f
	}
	file := p.s.store(p.u.id, channel, upload{name, data})
	out, f := p.s.create(p.u, post{ChannelID: channel, RootID: root, Message: text, FileIDs: []string{file.ID}, PendingPostID: p.u.id + ":" + newID()})
	if f != nil {
		return "", f
	}
	return out.ID, nil
}

// Edit changes the words of an own post.
func (p *Person) Edit(id, text string) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	out := p.s.posts[id]
	if out == nil || out.DeleteAt != 0 || out.UserID != p.u.id {
		return denied(p.u.id, "edit_post")
	}
	return failure(p.s.change(out, p.u, update{message: text, props: out.Props, pinned: out.IsPinned}))
}

// Delete deletes an own post.
func (p *Person) Delete(id string) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	out := p.s.posts[id]
	if out == nil || out.DeleteAt != 0 || out.UserID != p.u.id {
		return denied(p.u.id, "delete_post")
	}
	p.s.remove(out, p.u)
	return nil
}

// Typing shows others in the channel that the person types.
func (p *Person) Typing(channel string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if ch := p.s.channels[channel]; ch != nil {
		p.s.types(p.u, ch, "")
	}
}

// Slash types a command, such as "/resetpin link", into a channel, in which
// the person then sits. It returns when the bot has answered. An error is the
// red line under the input; the bot's own words are not in it.
func (p *Person) Slash(channel, text string) error { return p.SlashIn(channel, "", text) }

// SlashIn is Slash in the thread of a post.
func (p *Person) SlashIn(channel, root, text string) error {
	p.s.mu.Lock()
	p.u.desk.channel = channel
	in := args{Channel: channel, Team: p.s.teamAt(p.u, channel), Root: root, Command: text}
	p.s.mu.Unlock()
	_, f := p.s.execute(p.u, in)
	return failure(f)
}

// teamAt is the team that a user's client shows at a channel.
func (s *Server) teamAt(u *user, channel string) string {
	if ch := s.channels[channel]; ch != nil && ch.team != "" {
		return ch.team
	}
	if s.team.members[u.id] {
		return s.team.id
	}
	for _, t := range s.teams {
		if t.members[u.id] {
			return t.id
		}
	}
	return ""
}

// ErrNoButton says that a post shows no such button.
var ErrNoButton = errors.New("mattermosttest: no such button")

// Click clicks a button that the person sees at a post, by the action's id. It
// returns when the bot has answered. A person would see nothing of an error.
func (p *Person) Click(id, action string) error { return p.Choose(id, action, "") }

// Choose chooses a value of a menu, or clicks a button when value is empty.
func (p *Person) Choose(id, action, value string) error {
	b, ok := p.button(id, func(b Button) bool { return b.ID == action })
	if !ok {
		return fmt.Errorf("%w: %q at %s", ErrNoButton, action, id)
	}
	return p.click(id, b, value)
}

// Press clicks the button with these words at a post.
func (p *Person) Press(id, name string) error {
	b, ok := p.button(id, func(b Button) bool { return b.Name == name })
	if !ok {
		return fmt.Errorf("%w: %q at %s", ErrNoButton, name, id)
	}
	return p.click(id, b, "")
}

// ClickWith clicks with a cookie, as a client may that got it from anywhere.
func (p *Person) ClickWith(id, action, cookie string) error {
	return p.click(id, Button{ID: action, Cookie: cookie}, "")
}

func (p *Person) click(id string, b Button, value string) error {
	if !actionForm.MatchString(b.ID) {
		return noPage("/api/v4/posts/" + id + "/actions/" + b.ID)
	}
	_, f := p.s.click(p.u, id, b.ID, clicked{Option: value, Cookie: b.Cookie})
	return failure(f)
}

func (p *Person) button(id string, fits func(Button) bool) (Button, bool) {
	seen, ok := p.Post(id)
	if !ok {
		return Button{}, false
	}
	for _, b := range seen.Buttons {
		if fits(b) {
			return b, true
		}
	}
	return Button{}, false
}
