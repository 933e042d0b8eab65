package mattermosttest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// wireUser is a user as the server tells others of them.
type wireUser struct {
	ID          string            `json:"id"`
	CreateAt    int64             `json:"create_at"`
	UpdateAt    int64             `json:"update_at"`
	DeleteAt    int64             `json:"delete_at"`
	Username    string            `json:"username"`
	AuthData    string            `json:"auth_data"`
	AuthService string            `json:"auth_service"`
	Email       string            `json:"email"`
	Nickname    string            `json:"nickname"`
	FirstName   string            `json:"first_name"`
	LastName    string            `json:"last_name"`
	Position    string            `json:"position"`
	Roles       string            `json:"roles"`
	Locale      string            `json:"locale"`
	Timezone    map[string]string `json:"timezone"`
	Picture     int64             `json:"last_picture_update,omitempty"`
	IsBot       bool              `json:"is_bot,omitempty"`
}

func (u *user) wire() wireUser {
	w := wireUser{
		ID: u.id, CreateAt: u.created, UpdateAt: u.created, Username: u.username, Email: u.email, FirstName: u.first,
		Roles: "system_user", Locale: u.locale, IsBot: u.bot, Picture: u.picture,
		Timezone: map[string]string{"automaticTimezone": "", "manualTimezone": "", "useAutomaticTimezone": "true"},
	}
	if u.admin {
		w.Roles = "system_admin system_user"
	}
	if u.gone {
		w.DeleteAt = u.created + 1
	}
	return w
}

// shown is a user as another is told of them: where the administrator does not
// let addresses be seen, without theirs.
func (s *Server) shown(u, to *user) wireUser {
	w := u.wire()
	if !s.settings.ShowEmailAddress && !to.admin && to != u {
		w.Email = ""
	}
	return w
}

func (s *Server) getUser(c *call) (any, *Failure) {
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[id]; u != nil {
		return s.shown(u, c.user), nil
	}
	return nil, noUser(id)
}

// getOfUser serves what stands below a user's address.
func (s *Server) getOfUser(c *call) (any, *Failure) {
	switch c.r.PathValue("what") {
	case "teams":
		return s.getUserTeams(c)
	case "channels":
		return s.getUserChannels(c)
	case "tokens":
		return s.getTokens(c)
	}
	return nil, noPage(c.r.URL.Path)
}

func (s *Server) getUserByName(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.byName(c.r.PathValue("name")); u != nil {
		return s.shown(u, c.user), nil
	}
	return nil, notFound("app.user.get_by_username.app_error",
		"Unable to find an existing account matching your username for this team. This team may require an invite from the team owner to join.",
		"User", "username="+c.r.PathValue("name"))
}

func (s *Server) getUserByEmail(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.users {
		if strings.EqualFold(u.email, c.r.PathValue("email")) {
			return s.shown(u, c.user), nil
		}
	}
	return nil, noUser("email=" + c.r.PathValue("email"))
}

func (s *Server) getUsersByIDs(c *call) (any, *Failure) {
	var ids []string
	if f := c.read("user_ids", &ids); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []wireUser{}
	for _, id := range ids {
		if u := s.users[id]; u != nil {
			out = append(out, s.shown(u, c.user))
		}
	}
	return out, nil
}

// postTyping tells a channel that somebody types.
func (s *Server) postTyping(c *call) (any, *Failure) {
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	var in struct {
		Channel string `json:"channel_id"`
		Parent  string `json:"parent_id"`
	}
	if f := c.read("typing", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if id != c.user.id && !c.user.admin {
		return nil, c.denied("manage_system")
	}
	ch, f := s.postsTo(c.user, in.Channel)
	if f != nil {
		return nil, f
	}
	s.types(s.users[id], ch, in.Parent)
	return ok{"OK"}, nil
}

func (s *Server) types(u *user, ch *channel, parent string) {
	ch.typing[u.id] = s.now()
	s.publish(event{name: "typing", channel: ch, omit: u.id, data: map[string]any{"parent_id": parent, userField: u.id}})
	s.tell(Change{Kind: ChangeTyping, Channel: ch.id, User: u.id})
}

// wireToken is an access token; the secret is told only once.
type wireToken struct {
	ID          string `json:"id"`
	Token       string `json:"token,omitempty"`
	UserID      string `json:"user_id"`
	Description string `json:"description"`
	IsActive    bool   `json:"is_active"`
}

func (s *Server) getTokens(c *call) (any, *Failure) {
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.user.admin && c.user.id != id {
		return nil, c.denied("read_user_access_token")
	}
	out := []wireToken{}
	for _, t := range s.tokens {
		if t.user == id && !t.revoked {
			out = append(out, wireToken{ID: t.id, UserID: id, Description: t.description, IsActive: true})
		}
	}
	slices.SortFunc(out, func(a, b wireToken) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

func (s *Server) createToken(c *call) (any, *Failure) {
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	var in wireToken
	if f := c.read("user_access_token", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[id]
	switch {
	case u == nil:
		return nil, noUser(id)
	case in.Description == "":
		return nil, invalidBody("description")
	case !c.user.admin:
		return nil, c.denied("create_user_access_token")
	case !s.settings.EnableUserAccessTokens && !u.bot:
		return nil, fail(http.StatusNotImplemented, "app.user_access_token.disabled",
			"Personal access tokens are disabled on this server. Please contact your system administrator for details.")
	}
	t := s.newToken(id, in.Description)
	return wireToken{ID: t.id, Token: t.secret, UserID: id, Description: t.description, IsActive: true}, nil
}

func (s *Server) revokeToken(c *call) (any, *Failure) {
	var in struct {
		ID string `json:"token_id"`
	}
	if f := c.read("token_id", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tokens {
		if t.id == in.ID {
			if !c.user.admin && c.user.id != t.user {
				return nil, c.denied("revoke_user_access_token")
			}
			t.revoked = true
			return ok{"OK"}, nil
		}
	}
	return nil, invalidBody("token_id")
}
