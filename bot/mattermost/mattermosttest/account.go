package mattermosttest

import (
	"net/http"
	"strings"
)

// patchUser changes a user. A password account may give itself any address
// that is free, at once where addresses need not be verified; where they must
// be, the old one stays until the new one was.
func (s *Server) patchUser(c *call) (any, *Failure) {
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	var in struct {
		Email *string `json:"email"`
	}
	if f := c.read("user", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[id]
	if u == nil || u != c.user && !c.user.admin {
		return nil, c.denied("edit_other_users")
	}
	if in.Email == nil || u != c.user && c.user.admin || s.settings.RequireEmailVerification {
		return s.shown(u, c.user), nil
	}
	for _, other := range s.users {
		if other != u && strings.EqualFold(other.email, *in.Email) {
			return nil, fail(http.StatusBadRequest, "app.user.save.email_exists.app_error", "An account with that email already exists.")
		}
	}
	u.email = strings.ToLower(*in.Email)
	return s.shown(u, c.user), nil
}

// postImage gives a user a face; a picture in a form's field "image".
func (s *Server) postImage(c *call) (any, *Failure) {
	id, f := c.id(userField)
	if f != nil {
		return nil, f
	}
	part, _, err := c.r.FormFile("image")
	if err != nil {
		return nil, fail(http.StatusBadRequest, "api.user.upload_profile_user.no_file.app_error", "No file under 'image' in request.").because("%s", err.Error())
	}
	_ = part.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[id]
	if u == nil || u != c.user && !c.user.admin {
		return nil, c.denied("edit_other_users")
	}
	u.picture = s.now()
	return ok{"OK"}, nil
}
