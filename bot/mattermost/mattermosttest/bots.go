package mattermosttest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// wireBot is a bot account.
type wireBot struct {
	UserID      string `json:"user_id"`
	Username    string `json:"username"`
	DisplayName string `json:"display_name"`
	Description string `json:"description,omitempty"`
	OwnerID     string `json:"owner_id"`
	CreateAt    int64  `json:"create_at"`
	UpdateAt    int64  `json:"update_at"`
	DeleteAt    int64  `json:"delete_at"`
}

func (u *user) wireBot() wireBot {
	return wireBot{UserID: u.id, Username: u.username, DisplayName: u.first, OwnerID: u.owner, CreateAt: u.created, UpdateAt: u.created}
}

func (s *Server) getBots(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.user.admin {
		return nil, c.denied("read_bots")
	}
	out := []wireBot{}
	for _, u := range s.users {
		if u.bot {
			out = append(out, u.wireBot())
		}
	}
	slices.SortFunc(out, func(a, b wireBot) int { return cmp.Compare(a.Username, b.Username) })
	return out, nil
}

func (s *Server) getBot(c *call) (any, *Failure) {
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[id]
	if u == nil || !u.bot || !c.user.admin {
		return nil, noBot(id)
	}
	return u.wireBot(), nil
}

func (s *Server) createBot(c *call) (any, *Failure) {
	var in wireBot
	if f := c.read("bot", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !c.user.admin || c.user.bot:
		return nil, c.denied("create_bot")
	case !s.settings.EnableBotAccountCreation:
		return nil, fail(http.StatusForbidden, "api.bot.create_disabled", "Bot creation has been disabled.")
	case in.Username == "" || strings.ContainsAny(in.Username, " @/") || len(in.Username) > 64:
		return nil, fail(http.StatusBadRequest, "model.user.is_valid.username.app_error",
			"Username must begin with a letter, and contain between 3 to 22 lowercase characters made up of numbers, letters, and the symbols '.', '-', and '_'.")
	case s.byName(in.Username) != nil:
		return nil, fail(http.StatusBadRequest, "app.user.save.username_exists.app_error", "An account with that username already exists.").
			because("invalid input: entity: User field: username value: %s", in.Username)
	}
	u := s.newUser(in.Username, in.Username+"@localhost", "en")
	u.bot, u.first, u.owner = true, in.DisplayName, c.user.id
	return u.wireBot(), nil
}

// assignBot gives a bot to another owner, who is no bot.
func (s *Server) assignBot(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, owner := s.users[c.r.PathValue("user_id")], s.users[c.r.PathValue("owner_id")]
	switch {
	case u == nil || !u.bot || !c.user.admin:
		return nil, noBot(c.r.PathValue("user_id"))
	case owner == nil:
		return nil, noUser(c.r.PathValue("owner_id"))
	case owner.bot:
		return nil, c.denied("assign_bot")
	}
	u.owner = owner.id
	return u.wireBot(), nil
}

func noBot(id string) *Failure {
	return fail(http.StatusNotFound, "store.sql_bot.get.missing.app_error", "Bot does not exist.").because("id = %s", id)
}
