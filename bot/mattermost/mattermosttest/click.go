package mattermosttest

import (
	"encoding/json"
	"net/http"
	"regexp"
)

// actionForm is what the route of clicks accepts: an action whose id holds
// anything else can never be clicked.
var actionForm = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// clicked is what a client sends with a click.
type clicked struct {
	Option string `json:"selected_option,omitempty"`
	Cookie string `json:"cookie,omitempty"`
}

// wireClick is what the bot is told. There is no token and no signature.
type wireClick struct {
	UserID      string         `json:"user_id"`
	UserName    string         `json:"user_name"`
	ChannelID   string         `json:"channel_id"`
	ChannelName string         `json:"channel_name"`
	TeamID      string         `json:"team_id"`
	TeamDomain  string         `json:"team_domain"`
	PostID      string         `json:"post_id"`
	TriggerID   string         `json:"trigger_id"`
	Type        string         `json:"type"`
	DataSource  string         `json:"data_source"`
	Context     map[string]any `json:"context,omitempty"`
}

// clickAnswer is what the bot answers.
type clickAnswer struct {
	Update    *post  `json:"update"`
	Ephemeral string `json:"ephemeral_text"`
	SkipSlack bool   `json:"skip_slack_parsing"`
}

// clickDone answers a click.
type clickDone struct {
	Status  string `json:"status"`
	Trigger string `json:"trigger_id"`
}

// postAction is POST /posts/{post_id}/actions/{action_id}.
func (s *Server) postAction(c *call) (any, *Failure) {
	if !actionForm.MatchString(c.r.PathValue("action_id")) {
		return nil, noPage(c.r.URL.Path)
	}
	id, f := c.id("post_id")
	if f != nil {
		return nil, f
	}
	var in clicked
	_ = json.NewDecoder(c.r.Body).Decode(&in) // a body that is none is only warned of
	return s.click(c.user, id, c.r.PathValue("action_id"), in)
}

// click tells the bot of a click and does what it answers.
func (s *Server) click(u *user, id, act string, in clicked) (*clickDone, *Failure) {
	s.mu.Lock()
	o, f := s.order4click(u, id, act, in)
	s.mu.Unlock()
	if f != nil {
		return nil, f
	}
	body, f := s.integrate(o.url, o.wire, integrationError)
	if f != nil {
		return nil, f
	}
	var a clickAnswer
	if len(body) > 0 {
		if err := json.Unmarshal(body, &a); err != nil {
			return nil, integrationError(err.Error())
		}
	}
	s.waitBeforeUpdate()
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.Update != nil {
		if f := s.clickUpdate(u, o, a.Update); f != nil {
			return nil, f // and what should have been said is lost
		}
	}
	if a.Ephemeral != "" {
		text := a.Ephemeral
		if !a.SkipSlack {
			text = slackLinks(text)
		}
		s.whisper(u.id, post{UserID: u.id, ChannelID: o.wire.ChannelID, RootID: o.root, Message: text, Props: o.retain})
	}
	return &clickDone{"OK", o.short}, nil
}

// order is a click on its way.
type order struct {
	url    string
	wire   wireClick
	short  string
	root   string
	retain map[string]any
	remove []string
}

// order4click looks up what a click means: at the post, or in the cookie when
// there is no such post.
func (s *Server) order4click(u *user, id, act string, in clicked) (*order, *Failure) {
	var biscuit *cookie
	if in.Cookie != "" {
		var err error
		if biscuit, err = s.openCookie(in.Cookie); err != nil {
			return nil, integrationError(err.Error())
		}
	}
	o := &order{wire: wireClick{UserID: u.id, UserName: u.username, PostID: id}}
	var does *integration
	var source string
	p := s.posts[id]
	if p != nil && p.DeleteAt != 0 {
		p = nil
	}
	switch {
	case p == nil && biscuit == nil:
		return nil, denied(u.id, "read_channel_content")
	case p == nil:
		if f := s.fromCookie(o, u, biscuit); f != nil {
			return nil, f
		}
		does, source = biscuit.Integration, biscuit.DataSource
	default:
		if !s.reads(u, s.channels[p.ChannelID]) {
			return nil, denied(u.id, "read_channel_content")
		}
		x := findAction(p.Props, act)
		if x == nil || x.Integration == nil {
			return nil, fail(http.StatusNotFound, "api.post.do_action.action_id.app_error", "Invalid action id.").because("action=%v", x)
		}
		does, source, o.wire.ChannelID, o.wire.Type = x.Integration, x.DataSource, p.ChannelID, x.Type
		o.retain, o.remove = retained(p.Props)
		if o.root = p.RootID; o.root == "" {
			o.root = p.ID
		}
	}
	s.address(o, does)
	if o.wire.Type == "select" && in.Option != "" {
		o.wire.DataSource = source
		context := map[string]any{"selected_option": in.Option}
		for k, v := range o.wire.Context {
			if k != "selected_option" {
				context[k] = v
			}
		}
		o.wire.Context = context
	}
	o.short, o.wire.TriggerID = s.newTrigger(u.id)
	return o, nil
}

func (s *Server) fromCookie(o *order, u *user, c *cookie) *Failure {
	ch := s.channels[c.ChannelID]
	switch {
	case ch == nil:
		return noChannel(c.ChannelID)
	case !s.reads(u, ch):
		return denied(u.id, "read_channel_content")
	case c.Integration == nil:
		return integrationError("no Integration in action cookie")
	case c.PostID != o.wire.PostID:
		return integrationError("postId doesn't match")
	}
	o.wire.ChannelID, o.wire.Type, o.root, o.retain, o.remove = c.ChannelID, c.Type, c.RootID, c.Retain, c.Remove
	return nil
}

// address fills in where the click came from. Direct messages are of no team.
func (s *Server) address(o *order, does *integration) {
	ch := s.channels[o.wire.ChannelID]
	o.url, o.wire.Context, o.wire.ChannelName, o.wire.TeamID = does.URL, does.Context, ch.name, ch.team
	if t := s.teams[ch.team]; t != nil {
		o.wire.TeamDomain = t.name
	}
}

// clickUpdate changes the clicked post: words only, or words and all props.
// Where it is and whose it is cannot be changed. Ephemeral posts are kept
// nowhere and cannot be changed at all.
func (s *Server) clickUpdate(u *user, o *order, n *post) *Failure {
	p := s.posts[o.wire.PostID]
	if p == nil {
		return noPost(o.wire.PostID)
	}
	if p.DeleteAt != 0 {
		return fail(http.StatusBadRequest, "api.post.update_post.permissions_details.app_error", "Already deleted id="+p.ID+".")
	}
	props := p.Props
	if n.Props != nil {
		props = n.Props
		for k, v := range o.retain {
			props[k] = v
		}
		for _, k := range o.remove {
			delete(props, k)
		}
	}
	files := n.FileIDs
	if files == nil {
		files = []string{} // an update without files takes them off
	}
	return s.change(p, u, update{n.Message, props, files, p.IsPinned})
}
