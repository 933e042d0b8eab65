package mattermosttest

import (
	"crypto/rand"
	"encoding/base32"
	"net/http"
	"regexp"
	"strings"
)

// user is a person or a bot account.
type user struct {
	id, username, email, first, locale string
	created                            int64
	bot, admin, gone                   bool
	picture                            int64  // when one was set; 0: never
	owner                              string // of a bot
	deletesOthers, editsOthers         bool
	online                             bool
	desk                               desk
}

// team has members; its channels know to which team they belong.
type team struct {
	id, name, display string
	created           int64
	open              bool
	members           map[string]bool
}

// userField names a user in addresses, events and forms.
const userField = "user_id"

// The kinds of channel.
const (
	kindOpen    = "O"
	kindPrivate = "P"
	kindDirect  = "D"
)

type channel struct {
	id, kind, name, display, team, creator string
	created                                int64
	members                                map[string]bool
	posts                                  []*post          // by age, with deleted ones and old versions
	typing                                 map[string]int64 // when a user last typed
}

// token is a personal access token; the same form serves as a session.
type token struct {
	id, secret, user, description string
	revoked                       bool
}

type command struct {
	wireCommand
	number int64
}

// hook is what a response_url leads to.
type hook struct {
	id, command, user, channel, root string
	created                          int64
	uses                             int
}

// pending is a post that a repeated pending_post_id means.
type pending struct {
	post string // empty: it is being written
	at   int64
}

// idLetters are the letters of Mattermost's ids.
const idLetters = "ybndrfg8ejkmcpqxot1uwisza345h769"

var idForm = regexp.MustCompile(`^[A-Za-z0-9]{26}$`)

// newID gives an id of 26 letters and digits.
func newID() string {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails
	return base32.NewEncoding(idLetters).WithPadding(base32.NoPadding).EncodeToString(raw[:])
}

func validID(id string) bool { return idForm.MatchString(id) }

// directName is the name of the direct message of two users.
func directName(a, b string) string {
	if a > b {
		a, b = b, a
	}
	return a + "__" + b
}

// byName finds a user by user name.
func (s *Server) byName(name string) *user {
	name = strings.ToLower(name)
	for _, u := range s.users {
		if u.username == name {
			return u
		}
	}
	return nil
}

// direct gives the direct message of two users and makes it when it is new.
func (s *Server) direct(a, b *user) *channel {
	name := directName(a.id, b.id)
	for _, c := range s.channels {
		if c.kind == kindDirect && c.name == name {
			return c
		}
	}
	c := s.newChannel(kindDirect, name, "", "", a.id, a.id, b.id)
	s.publish(event{name: "direct_added", channel: c, data: map[string]any{"creator_id": a.id, "teammate_id": b.id}})
	return c
}

func (s *Server) newChannel(kind, name, display, team, creator string, members ...string) *channel {
	c := &channel{
		id: newID(), kind: kind, name: name, display: display, team: team, creator: creator, created: s.now(),
		members: map[string]bool{}, typing: map[string]int64{},
	}
	for _, m := range members {
		c.members[m] = true
	}
	s.channels[c.id] = c
	return c
}

// postsTo tells whether a user may write into a channel, and gives it.
func (s *Server) postsTo(u *user, id string) (*channel, *Failure) {
	c := s.channels[id]
	if c == nil || !c.members[u.id] {
		return nil, denied(u.id, "create_post")
	}
	if c.kind == kindDirect {
		for other := range c.members {
			if !s.mayMeet(u, s.users[other]) {
				return nil, fail(http.StatusBadRequest, "api.post.create_post.can_not_post_in_restricted_dm.error",
					"Cannot post in a restricted DM channel.").because("userId=%s", u.id)
			}
		}
	}
	return c, nil
}

// reads tells whether a user may read a channel: as a member, or any open
// channel of an own team.
func (s *Server) reads(u *user, c *channel) bool {
	if c.members[u.id] || u.admin {
		return true
	}
	t := s.teams[c.team]
	return c.kind == kindOpen && t != nil && t.members[u.id]
}
