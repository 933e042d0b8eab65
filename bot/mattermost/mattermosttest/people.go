package mattermosttest

import (
	"slices"
	"strings"
)

// found makes the first team and the administrator.
func (s *Server) found() {
	s.mu.Lock()
	defer s.mu.Unlock()
	admin := s.newUser("admin", "admin@contoh.go.id", "id")
	admin.admin = true
	s.admin = s.newToken(admin.id, "pretend")
	s.team = s.newTeam(s.o.Team, s.o.Team)
	s.join(s.team, admin)
}

func (s *Server) newUser(username, email, locale string) *user {
	u := &user{id: newID(), username: strings.ToLower(username), email: email, locale: locale, created: s.now()}
	s.users[u.id] = u
	return u
}

func (s *Server) newToken(user, description string) *token {
	t := &token{id: newID(), secret: newID(), user: user, description: description}
	s.tokens[t.secret] = t
	return t
}

func (s *Server) newTeam(name, display string) *team {
	t := &team{id: newID(), name: name, display: display, created: s.now(), members: map[string]bool{}}
	s.teams[t.id] = t
	s.newChannel(kindOpen, "town-square", "Town Square", t.id, "")
	s.newChannel(kindOpen, "off-topic", "Off-Topic", t.id, "")
	return t
}

// join makes a user a member of a team and of its first two channels.
func (s *Server) join(t *team, u *user) {
	if !t.members[u.id] {
		t.members[u.id] = true
		for _, c := range s.channels {
			if c.team == t.id && (c.name == "town-square" || c.name == "off-topic") {
				c.members[u.id] = true
				s.publish(event{name: "user_added", channel: c, omit: u.id, data: map[string]any{"team_id": t.id, userField: u.id}})
			}
		}
	}
	s.publish(event{name: "added_to_team", user: u.id, data: map[string]any{"team_id": t.id, userField: u.id}})
}

// AdminToken is an access token of a system administrator.
func (s *Server) AdminToken() string { return s.admin.secret }

// TeamID is the id of the first team.
func (s *Server) TeamID() string { return s.team.id }

// AddTeam makes one more team and gives its id. Name is as it is in addresses.
func (s *Server) AddTeam(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newTeam(name, name).id
}

// JoinTeam makes a user (person or bot, by id) a member of a team.
func (s *Server) JoinTeam(team, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.join(s.teams[team], s.users[user])
}

// LeaveTeam ends a user's membership of a team.
func (s *Server) LeaveTeam(team, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.teams[team].members, user)
}

// OpenTeam lets anybody join a team.
func (s *Server) OpenTeam(team string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.teams[team].open = true
}

// AddChannel makes an open channel in a team, with members by user id, and
// gives its id.
func (s *Server) AddChannel(team, name string, members ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newChannel(kindOpen, name, name, team, "", members...).id
}

// JoinChannel makes a user a member of a channel; LeaveChannel ends it.
func (s *Server) JoinChannel(channel, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channel].members[user] = true
}

// LeaveChannel ends a user's membership of a channel.
func (s *Server) LeaveChannel(channel, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.channels[channel]
	if !ch.members[user] {
		return
	}
	delete(ch.members, user)
	s.publish(event{name: "user_removed", channel: ch, data: map[string]any{userField: user, "remover_id": user}})
	s.publish(event{name: "user_removed", user: user, data: map[string]any{"channel_id": channel, "remover_id": user}})
}

// Channel gives the id of a team's channel by its name (town-square is in
// every team), or an empty one.
func (s *Server) Channel(team, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.channels {
		if c.team == team && c.name == name {
			return c.id
		}
	}
	return ""
}

// AddBot makes a bot account as an administrator does, and gives its user id
// and an access token. It is a member of no team.
func (s *Server) AddBot(username string) (id, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.newUser(username, username+"@localhost", "en")
	u.bot, u.owner = true, s.admin.user
	return u.id, s.newToken(u.id, "pretend").secret
}

// NewToken makes one more access token for a user and gives it.
func (s *Server) NewToken(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newToken(user, "pretend").secret
}

// Revoke makes an access token invalid. Websockets that it opened stay open
// until the next event that would have gone to them.
func (s *Server) Revoke(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tokens[secret]; t != nil {
		t.revoked = true
	}
}

// Rights are what a user may do to others' posts; an administrator gives them
// by a role.
type Rights struct {
	DeleteOthers bool
	EditOthers   bool
}

// Grant gives a user rights to others' posts.
func (s *Server) Grant(user string, r Rights) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[user]
	u.deletesOthers, u.editsOthers = r.DeleteOthers, r.EditOthers
}

// Deactivate shuts a user's account; its tokens end with it, and so do the
// bots that belong to it where the server is set so.
func (s *Server) Deactivate(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[user].gone = true
	for _, u := range s.users {
		if u.bot && u.owner == user && s.settings.DisableBotsWhenOwnerIsDeactivated {
			u.gone = true
		}
	}
}

// Command is a slash command as the server keeps it.
type Command struct {
	ID, Token, Team, Trigger, URL      string
	Method                             string // P or G
	Username, IconURL                  string
	AutoComplete                       bool
	AutoCompleteHint, AutoCompleteDesc string
	DisplayName, Description           string
	Creator                            string
}

// AddCommand makes a slash command in the first team, by POST, and gives it.
func (s *Server) AddCommand(trigger, url string) Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.newCommand(wireCommand{TeamID: s.team.id, Trigger: trigger, Method: "P", URL: url, CreatorID: s.admin.user, AutoComplete: true})
	return c.show()
}

// Commands gives the custom commands of all teams, the oldest first.
func (s *Server) Commands() []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Command
	for _, c := range s.commandsOf("") {
		out = append(out, c.show())
	}
	return out
}

// commandsOf gives a team's commands (of all teams without one) by age.
func (s *Server) commandsOf(team string) []*command {
	var all []*command
	for _, c := range s.commands {
		if team == "" || c.TeamID == team {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *command) int { return int(a.number - b.number) })
	return all
}
