package mattermosttest

import (
	"cmp"
	"net/http"
	"slices"
)

type wireTeam struct {
	ID              string `json:"id"`
	CreateAt        int64  `json:"create_at"`
	UpdateAt        int64  `json:"update_at"`
	DeleteAt        int64  `json:"delete_at"`
	DisplayName     string `json:"display_name"`
	Name            string `json:"name"`
	Type            string `json:"type"`
	AllowOpenInvite bool   `json:"allow_open_invite"`
}

func (t *team) wire() wireTeam {
	return wireTeam{ID: t.id, CreateAt: t.created, UpdateAt: t.created, DisplayName: t.display, Name: t.name, Type: "O", AllowOpenInvite: t.open}
}

func (s *Server) teamsWhere(fits func(*team) bool) []wireTeam {
	out := []wireTeam{}
	for _, t := range s.teams {
		if fits(t) {
			out = append(out, t.wire())
		}
	}
	slices.SortFunc(out, func(a, b wireTeam) int { return cmp.Compare(a.DisplayName, b.DisplayName) })
	return out
}

// getTeams gives all teams to administrators; others see teams that anybody
// may join.
func (s *Server) getTeams(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.query("page") != "" && c.query("page") != "0" {
		return []wireTeam{}, nil
	}
	return s.teamsWhere(func(t *team) bool { return c.user.admin || t.open }), nil
}

func (s *Server) getUserTeams(c *call) (any, *Failure) {
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != c.user.id && !c.user.admin {
		return nil, c.denied("sysconsole_read_user_management_users")
	}
	return s.teamsWhere(func(t *team) bool { return t.members[id] }), nil
}

// seenTeam gives a team that the caller may look at.
func (s *Server) seenTeam(c *call) (*team, *Failure) {
	id, f := c.id("team_id")
	if f != nil {
		return nil, f
	}
	t := s.teams[id]
	if t == nil || !t.members[c.user.id] && !c.user.admin {
		return nil, c.denied("view_team")
	}
	return t, nil
}

func (s *Server) getTeam(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, f := s.seenTeam(c)
	if f != nil {
		return nil, f
	}
	return t.wire(), nil
}

func (s *Server) getTeamByName(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := c.r.PathValue("name")
	for _, t := range s.teams {
		if t.name == name {
			if !t.members[c.user.id] && !c.user.admin {
				return nil, c.denied("view_team")
			}
			return t.wire(), nil
		}
	}
	return nil, notFound("app.team.get_by_name.missing.app_error", "Unable to find the existing team.", "Team", "name="+name)
}

type wireTeamMember struct {
	TeamID     string `json:"team_id"`
	UserID     string `json:"user_id"`
	Roles      string `json:"roles"`
	DeleteAt   int64  `json:"delete_at"`
	Guest      bool   `json:"scheme_guest"`
	SchemeUser bool   `json:"scheme_user"`
	Admin      bool   `json:"scheme_admin"`
	Explicit   string `json:"explicit_roles"`
}

func (s *Server) getTeamMember(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, f := s.seenTeam(c)
	if f != nil {
		return nil, f
	}
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	if !t.members[id] {
		return nil, fail(http.StatusNotFound, "app.team.get_member.missing.app_error", "No team member found for that user ID and team ID.").
			because("resource \"TeamMember\" not found, id: teamId=%s, userId=%s", t.id, id)
	}
	return wireTeamMember{TeamID: t.id, UserID: id, Roles: "team_user", SchemeUser: true}, nil
}

// addTeamMember adds a user to a team. Doing it twice is no error.
func (s *Server) addTeamMember(c *call) (any, *Failure) {
	var in wireTeamMember
	if f := c.read("member", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.teams[c.r.PathValue("team_id")]
	switch {
	case in.TeamID != c.r.PathValue("team_id"):
		return nil, invalidBody("team_id")
	case !validID(in.UserID):
		return nil, invalidBody(userField)
	case t == nil && c.user.admin:
		return nil, notFound("app.team.get.find.app_error", "Unable to find the existing team.", "Team", in.TeamID)
	case t == nil || !c.user.admin && !t.members[c.user.id] && in.UserID != c.user.id:
		return nil, c.denied("add_user_to_team")
	case in.UserID == c.user.id && !c.user.admin && !t.open:
		return nil, c.denied("join_private_teams")
	case s.users[in.UserID] == nil:
		return nil, noUser(in.UserID)
	}
	s.join(t, s.users[in.UserID])
	return wireTeamMember{TeamID: t.id, UserID: in.UserID, Roles: "team_user", SchemeUser: true}, nil
}
