package mattermosttest

import (
	"regexp"
	"strings"
)

var mention = regexp.MustCompile(`\B@([A-Za-z0-9][A-Za-z0-9.\-_:]*)`)

// publishPosted tells a new post. Who is meant by it is told so: in a direct
// message the other one, elsewhere who is named. A slash command's post means
// its caller too.
func (s *Server) publishPosted(p *post, ch *channel, by *user) {
	told := asText(s.told(p))
	base := map[string]any{
		"channel_display_name": ch.display, "channel_name": ch.name, "channel_type": ch.kind, "post": told,
		"sender_name": "@" + by.username, "set_online": true, "team_id": ch.team,
	}
	if ch.kind == kindDirect {
		base["channel_display_name"] = "@" + by.username
	}
	for _, id := range p.FileIDs {
		base["otherFile"] = "true"
		if s.files[id].wire.HasPreview {
			base["image"] = "true"
		}
	}
	_, hook := p.Props["from_webhook"]
	if name, there := p.Props["override_username"].(string); there && hook {
		base["sender_name"] = name
	}
	named := s.mentions(p.Message, func(u *user) bool { return ch.members[u.id] })
	s.publish(event{name: "posted", channel: ch, data: base, only: func(u *user) map[string]any {
		meant := ch.kind == kindDirect && (u != by || hook)
		for _, n := range named {
			meant = meant || n == u && (u != by || hook)
		}
		if !meant {
			return base
		}
		data := map[string]any{"mentions": asText([]string{u.id})}
		for k, v := range base {
			data[k] = v
		}
		return data
	}})
}

// mentions finds the users that a text names with @.
func (s *Server) mentions(text string, fits func(*user) bool) []*user {
	var out []*user
	seen := map[*user]bool{}
	for _, m := range mention.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(m[1])
		u := s.byName(name)
		for u == nil && name != "" && strings.ContainsAny(name[len(name)-1:], ".-:_") {
			name = name[:len(name)-1]
			u = s.byName(name)
		}
		if u != nil && fits(u) && !seen[u] {
			seen[u] = true
			out = append(out, u)
		}
	}
	return out
}
