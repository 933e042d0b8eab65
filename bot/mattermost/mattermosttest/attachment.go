package mattermosttest

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// attachment is a message attachment, in the form in which the server keeps
// and tells it.
type attachment struct {
	ID         int64     `json:"id"`
	Fallback   string    `json:"fallback"`
	Color      string    `json:"color"`
	Pretext    string    `json:"pretext"`
	AuthorName string    `json:"author_name"`
	AuthorLink string    `json:"author_link"`
	AuthorIcon string    `json:"author_icon"`
	Title      string    `json:"title"`
	TitleLink  string    `json:"title_link"`
	Text       string    `json:"text"`
	Fields     []any     `json:"fields"`
	ImageURL   string    `json:"image_url"`
	ThumbURL   string    `json:"thumb_url"`
	Footer     string    `json:"footer"`
	FooterIcon string    `json:"footer_icon"`
	Timestamp  any       `json:"ts"`
	Actions    []*action `json:"actions,omitempty"`
}

// action is a button or a menu.
type action struct {
	ID            string       `json:"id,omitempty"`
	Type          string       `json:"type,omitempty"`
	Name          string       `json:"name,omitempty"`
	Disabled      bool         `json:"disabled,omitempty"`
	Style         string       `json:"style,omitempty"`
	DataSource    string       `json:"data_source,omitempty"`
	Options       []option     `json:"options,omitempty"`
	DefaultOption string       `json:"default_option,omitempty"`
	Integration   *integration `json:"integration,omitempty"`
	Cookie        string       `json:"cookie,omitempty"`
}

type option struct {
	Text  string `json:"text"`
	Value string `json:"value"`
}

// integration is what clients never see.
type integration struct {
	URL     string         `json:"url,omitempty"`
	Context map[string]any `json:"context,omitempty"`
}

// attachments reads the attachments of props; what is none is dropped.
func attachments(props map[string]any) []*attachment {
	switch raw := props["attachments"].(type) {
	case []*attachment:
		return raw
	case []any:
		var out []*attachment
		for _, one := range raw {
			var a *attachment
			if text, err := json.Marshal(one); err != nil || json.Unmarshal(text, &a) != nil || a == nil {
				continue
			}
			a.Actions = slices.DeleteFunc(a.Actions, func(x *action) bool { return x == nil })
			out = append(out, a)
		}
		return out
	}
	return nil
}

// keep gives props in the form in which they are kept: attachments read, and
// actions without an id given one.
func keep(props map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range props {
		out[k] = v
	}
	if _, there := out["attachments"]; there {
		all := attachments(out)
		for _, a := range all {
			for _, x := range a.Actions {
				if x.ID == "" {
					x.ID = newID()
				}
			}
		}
		out["attachments"] = all
	}
	return out
}

// strip gives a copy of props without the integrations. dress, which may be
// nil, is applied to every action before.
func strip(props map[string]any, dress func(*action)) map[string]any {
	out := map[string]any{}
	for k, v := range props {
		out[k] = v
	}
	if _, there := out["attachments"]; !there {
		return out
	}
	copies := []*attachment{}
	for _, a := range attachments(props) {
		one := *a
		one.Actions = nil
		for _, x := range a.Actions {
			y := *x
			if dress != nil {
				dress(&y)
			}
			y.Integration = nil
			one.Actions = append(one.Actions, &y)
		}
		copies = append(copies, &one)
	}
	out["attachments"] = copies
	return out
}

// findAction gives the action with the id, or nil.
func findAction(props map[string]any, id string) *action {
	for _, a := range attachments(props) {
		for _, x := range a.Actions {
			if x.ID == id {
				return x
			}
		}
	}
	return nil
}

// cookie is what an ephemeral button carries, encrypted: no server remembers
// ephemeral posts. It is not bound to the user.
type cookie struct {
	Type        string         `json:"type"`
	PostID      string         `json:"post_id"`
	RootID      string         `json:"root_id"`
	ChannelID   string         `json:"channel_id"`
	DataSource  string         `json:"data_source"`
	Integration *integration   `json:"integration"`
	Retain      map[string]any `json:"retain"`
	Remove      []string       `json:"remove"`
}

func (s *Server) sealCookie(c cookie) string {
	raw, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(s.aead().Seal(nil, nil, raw, nil))
}

func (s *Server) openCookie(text string) (*cookie, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	if raw, err = s.aead().Open(nil, nil, raw, nil); err != nil {
		return nil, err
	}
	var c cookie
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, err
	}
	if c.ChannelID == "" {
		return nil, errors.New("no channel")
	}
	return &c, nil
}

func (s *Server) aead() cipher.AEAD {
	block, err := aes.NewCipher(s.sealing[:])
	if err != nil {
		panic(err) // the key has the right length
	}
	sealer, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return sealer
}

var (
	slackLink  = regexp.MustCompile(`<([^<\|]+)\|([^>]+)>`)
	slackUser  = regexp.MustCompile(`<@([a-zA-Z0-9]+)>`)
	slackShout = strings.NewReplacer("<!channel>", "@channel", "<!here>", "@here", "<!all>", "@all", "<!group>", "@all")
)

// slackLinks turns <address|words> into Markdown.
func slackLinks(text string) string { return slackLink.ReplaceAllString(text, "[${2}](${1})") }

// slackText turns Slack's marks into Mattermost's, but for links.
func (s *Server) slackText(text string) string {
	return slackUser.ReplaceAllStringFunc(slackShout.Replace(text), func(mark string) string {
		if u := s.users[mark[2:len(mark)-1]]; u != nil {
			return "@" + u.username
		}
		return mark
	})
}
