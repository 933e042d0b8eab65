package mattermosttest

import (
	"cmp"
	"net/http"
	"slices"
)

type wireChannel struct {
	ID            string `json:"id"`
	CreateAt      int64  `json:"create_at"`
	UpdateAt      int64  `json:"update_at"`
	DeleteAt      int64  `json:"delete_at"`
	TeamID        string `json:"team_id"`
	Type          string `json:"type"`
	DisplayName   string `json:"display_name"`
	Name          string `json:"name"`
	Header        string `json:"header"`
	Purpose       string `json:"purpose"`
	LastPostAt    int64  `json:"last_post_at"`
	TotalMsgCount int64  `json:"total_msg_count"`
	CreatorID     string `json:"creator_id"`
	SchemeID      any    `json:"scheme_id"`
	Props         any    `json:"props"`
}

func (c *channel) wire() wireChannel {
	w := wireChannel{
		ID: c.id, CreateAt: c.created, UpdateAt: c.created, TeamID: c.team, Type: c.kind, DisplayName: c.display, Name: c.name, CreatorID: c.creator,
	}
	for _, p := range c.posts {
		if p.OriginalID == "" {
			w.TotalMsgCount++
			w.LastPostAt = max(w.LastPostAt, p.CreateAt)
		}
	}
	return w
}

// seenChannel gives a channel that the caller may look at.
func (s *Server) seenChannel(c *call) (*channel, *Failure) {
	id, f := c.id("channel_id")
	if f != nil {
		return nil, f
	}
	ch := s.channels[id]
	switch {
	case ch == nil:
		return nil, noChannel(id)
	case s.reads(c.user, ch):
		return ch, nil
	case ch.kind == kindOpen:
		return nil, c.denied("read_public_channel")
	}
	return nil, c.denied("read_channel")
}

func (s *Server) getChannel(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, f := s.seenChannel(c)
	if f != nil {
		return nil, f
	}
	return ch.wire(), nil
}

func (s *Server) getChannelByName(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.named(c, c.r.PathValue("team_id"))
}

func (s *Server) getChannelByNames(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.teams {
		if t.name == c.r.PathValue("team") {
			return s.named(c, t.id)
		}
	}
	return nil, notFound("app.team.get_by_name.missing.app_error", "Unable to find the existing team.", "Team", c.r.PathValue("team"))
}

// named gives a team's channel by the name in the address.
func (s *Server) named(c *call, team string) (any, *Failure) {
	for _, ch := range s.channels {
		if ch.team == team && ch.name == c.r.PathValue("name") {
			if !s.reads(c.user, ch) {
				return nil, c.denied("read_public_channel")
			}
			return ch.wire(), nil
		}
	}
	return nil, notFound("app.channel.get_by_name.missing.app_error", "Channel does not exist.", "Channel", "name="+c.r.PathValue("name"))
}

// getUserChannels gives the channels that a user is in: direct messages always,
// the others of one team only when the path names it.
func (s *Server) getUserChannels(c *call) (any, *Failure) {
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != c.user.id && !c.user.admin {
		return nil, c.denied("edit_other_users")
	}
	of := c.r.PathValue("team_id")
	out := []wireChannel{}
	for _, ch := range s.channels {
		if ch.members[id] && (of == "" || ch.team == "" || ch.team == of) {
			out = append(out, ch.wire())
		}
	}
	slices.SortFunc(out, func(a, b wireChannel) int {
		return cmp.Or(cmp.Compare(a.DisplayName, b.DisplayName), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// createDirect opens the direct message of two users, one of whom is the caller.
func (s *Server) createDirect(c *call) (any, *Failure) {
	var ids []string
	if f := c.read("user_ids", &ids); f != nil {
		return nil, f
	}
	if len(ids) == 1 {
		ids = append(ids, ids[0])
	}
	if len(ids) != 2 {
		return nil, invalidBody("user_ids")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if !validID(id) {
			return nil, invalidBody(userField)
		}
	}
	if !slices.Contains(ids, c.user.id) && !c.user.admin {
		return nil, c.denied("manage_system")
	}
	a, b := s.users[ids[0]], s.users[ids[1]]
	if a == nil || b == nil {
		return nil, fail(http.StatusBadRequest, "api.channel.create_direct_channel.invalid_user.app_error", "Invalid user ID for direct channel creation.").
			because("No users found for ids: %s. %s", ids[0], ids[1])
	}
	if a.id != c.user.id {
		a, b = b, a
	}
	if !s.mayMeet(a, b) {
		return nil, fail(http.StatusForbidden, "api.channel.create_channel.direct_channel.team_restricted_error",
			"A direct channel cannot be created between these users because they do not share a team in common.")
	}
	return s.direct(a, b).wire(), nil
}

// mayMeet tells whether two users may write each other: where the server is
// set so, they must have a team in common.
func (s *Server) mayMeet(a, b *user) bool {
	if s.settings.RestrictDirectMessage != "team" || a == b {
		return true
	}
	for _, t := range s.teams {
		if t.members[a.id] && t.members[b.id] {
			return true
		}
	}
	return false
}

type wireMember struct {
	ChannelID string `json:"channel_id"`
	UserID    string `json:"user_id"`
	Roles     string `json:"roles"`
}

func (s *Server) getChannelMembers(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, f := s.seenChannel(c)
	if f != nil {
		return nil, f
	}
	out := []wireMember{}
	for id := range ch.members {
		out = append(out, wireMember{ch.id, id, "channel_user"})
	}
	slices.SortFunc(out, func(a, b wireMember) int { return cmp.Compare(a.UserID, b.UserID) })
	return out, nil
}

func (s *Server) getChannelMember(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, f := s.seenChannel(c)
	if f != nil {
		return nil, f
	}
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	if !ch.members[id] {
		return nil, fail(http.StatusNotFound, "app.channel.get_member.missing.app_error", "No channel member found for that user ID and channel ID.").
			because("resource \"ChannelMember\" not found, id: channelId=%s, userId=%s", ch.id, id)
	}
	return wireMember{ch.id, id, "channel_user"}, nil
}

// addChannelMember adds a member of the team to a channel that the caller is in.
func (s *Server) addChannelMember(c *call) (any, *Failure) {
	var in wireMember
	if f := c.read("member", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, f := s.seenChannel(c)
	if f != nil {
		return nil, f
	}
	switch {
	case ch.kind == kindDirect:
		return nil, fail(http.StatusBadRequest, "api.channel.add_user_to_channel.type.app_error", "Can not add user to this channel type.")
	case !ch.members[c.user.id] && !c.user.admin && in.UserID != c.user.id:
		return nil, c.denied("manage_public_channel_members")
	case s.users[in.UserID] == nil:
		return nil, noUser(in.UserID)
	case !s.teams[ch.team].members[in.UserID]:
		return nil, fail(http.StatusForbidden, "api.channel.add_user.to.channel.failed.app_error", "Failed to add user to channel.")
	}
	ch.members[in.UserID] = true
	return wireMember{ch.id, in.UserID, "channel_user"}, nil
}
