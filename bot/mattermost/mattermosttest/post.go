package mattermosttest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a post.
const (
	maxMessage  = 16383  // characters
	maxProps    = 800000 // characters of JSON
	maxFileIDs  = 300    // characters of JSON, which is ten files
	pendingLife = 30 * time.Second
)

// post is a post as the server keeps and tells it; Props are kept with
// attachments read.
type post struct {
	ID            string         `json:"id"`
	CreateAt      int64          `json:"create_at"`
	UpdateAt      int64          `json:"update_at"`
	EditAt        int64          `json:"edit_at"`
	DeleteAt      int64          `json:"delete_at"`
	IsPinned      bool           `json:"is_pinned"`
	UserID        string         `json:"user_id"`
	ChannelID     string         `json:"channel_id"`
	RootID        string         `json:"root_id"`
	OriginalID    string         `json:"original_id"`
	Message       string         `json:"message"`
	Type          string         `json:"type"`
	Props         map[string]any `json:"props"`
	Hashtags      string         `json:"hashtags"`
	FileIDs       []string       `json:"file_ids"`
	PendingPostID string         `json:"pending_post_id"`
	RemoteID      string         `json:"remote_id"`
	ReplyCount    int64          `json:"reply_count"`
	LastReplyAt   int64          `json:"last_reply_at"`
	Participants  []any          `json:"participants"`
	Metadata      *metadata      `json:"metadata,omitempty"`
}

type metadata struct {
	Embeds []embed    `json:"embeds,omitempty"`
	Files  []wireFile `json:"files,omitempty"`
}

type embed struct {
	Type string `json:"type"`
}

// told gives a post as clients are told it: without integrations, and without
// its words when it is deleted.
func (s *Server) told(p *post) *post {
	w := *p
	w.Props, w.Metadata = strip(p.Props, nil), &metadata{}
	root := p.ID
	if p.RootID != "" {
		root = p.RootID
	}
	if p.OriginalID == "" {
		w.ReplyCount = s.replies(root)
	}
	if p.DeleteAt != 0 {
		w.Message, w.FileIDs, w.ReplyCount = "", []string{}, 0
		return &w
	}
	if len(attachments(p.Props)) > 0 {
		w.Metadata.Embeds = []embed{{"message_attachment"}}
	}
	for _, id := range p.FileIDs {
		if f := s.files[id]; f != nil && !f.gone {
			w.Metadata.Files = append(w.Metadata.Files, f.wire)
		}
	}
	return &w
}

func (s *Server) replies(root string) int64 {
	var n int64
	r := s.posts[root]
	if r == nil {
		return 0
	}
	for _, p := range s.channels[r.ChannelID].posts {
		if p.RootID == root && p.DeleteAt == 0 {
			n++
		}
	}
	return n
}

// checkSize refuses what is too long for a post.
func checkSize(p *post) *Failure {
	bad := func(what, words string) *Failure {
		return fail(http.StatusBadRequest, "model.post.is_valid."+what+".app_error", words).because("id=%s", p.ID)
	}
	props, err := json.Marshal(p.Props)
	files, _ := json.Marshal(p.FileIDs) // strings only
	switch {
	case utf8.RuneCountInString(p.Message) > maxMessage:
		return bad("message_length", "Post Message property is longer than the maximum permitted length.")
	case err != nil || utf8.RuneCount(props) > maxProps:
		return bad("props", "Invalid props.")
	case len(files) > maxFileIDs:
		return bad("file_ids", "Invalid file ids. Note that uploads are limited to 10 files maximum. Please use additional posts for more files.")
	}
	return nil
}

// create makes a post for a user who may write into the channel. It runs
// under the lock.
func (s *Server) create(u *user, in post) (*post, *Failure) {
	ch := s.channels[in.ChannelID]
	if strings.HasPrefix(in.Type, "system_") {
		return nil, fail(http.StatusBadRequest, "api.context.invalid_param.app_error", "Invalid post.type parameter.")
	}
	if in.PendingPostID != "" {
		if seen, ok := s.pending[in.PendingPostID]; ok && s.age(seen.at) < pendingLife {
			if p := s.posts[seen.post]; p != nil && ch.members[u.id] {
				return p, nil
			}
		}
	}
	if f := s.checkRoot(in.RootID, in.ChannelID); f != nil {
		return nil, f
	}
	now := s.now()
	p := &post{
		ID: newID(), CreateAt: now, UpdateAt: now, UserID: u.id, ChannelID: in.ChannelID, RootID: in.RootID, Message: in.Message,
		Type: in.Type, Props: keep(in.Props), PendingPostID: in.PendingPostID, FileIDs: []string{},
	}
	if u.bot {
		p.Props["from_bot"] = "true"
	}
	p.FileIDs = slices.Compact(slices.Sorted(slices.Values(in.FileIDs)))
	if f := checkSize(p); f != nil {
		return nil, f
	}
	p.FileIDs = s.attach(p, u, in.FileIDs)
	s.posts[p.ID] = p
	ch.posts = append(ch.posts, p)
	delete(ch.typing, u.id)
	if p.PendingPostID != "" {
		s.pending[p.PendingPostID] = pending{p.ID, now}
	}
	if root := s.posts[p.RootID]; root != nil {
		root.UpdateAt = max(root.UpdateAt, now)
	}
	s.publishPosted(p, ch, u)
	s.tell(Change{Kind: ChangePost, Channel: ch.id, User: u.id, Post: p.ID})
	return p, nil
}

func (s *Server) checkRoot(root, channel string) *Failure {
	if root == "" {
		return nil
	}
	bad := fail(http.StatusBadRequest, "api.post.create_post.root_id.app_error", "Invalid RootId parameter.")
	r := s.posts[root]
	switch {
	case r == nil || r.DeleteAt != 0:
		return bad.because("resource \"Post\" not found, id: %s", root)
	case r.ChannelID != channel:
		return fail(http.StatusBadRequest, "api.post.create_post.channel_root_id.app_error", "Invalid ChannelId for RootId parameter.")
	case r.RootID != "":
		return bad
	}
	return nil
}

// postPost is POST /posts.
func (s *Server) postPost(c *call) (any, *Failure) {
	var in post
	if f := c.read("post", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, f := s.postsTo(c.user, in.ChannelID); f != nil {
		return nil, f
	}
	p, f := s.save(c.user, in)
	if f != nil {
		return nil, f
	}
	return s.told(p), nil
}

// postEphemeral is POST /posts/ephemeral, which bots may not.
func (s *Server) postEphemeral(c *call) (any, *Failure) {
	var in struct {
		User string `json:"user_id"`
		Post *post  `json:"post"`
	}
	if f := c.read("body", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case in.User == "":
		return nil, invalidBody(userField)
	case in.Post == nil:
		return nil, invalidBody("post")
	case !c.user.admin:
		return nil, c.denied("create_post_ephemeral")
	}
	in.Post.UserID = c.user.id
	return s.whisper(in.User, *in.Post), nil
}

// whisper shows a post to one user; nobody keeps it. Its buttons carry
// cookies.
func (s *Server) whisper(to string, p post) *post {
	p.ID, p.CreateAt, p.UpdateAt, p.EditAt, p.Type = newID(), s.now(), 0, 0, "system_ephemeral"
	p.Props = keep(p.Props)
	root := p.ID
	if p.RootID != "" {
		root = p.RootID
	}
	retain, remove := retained(p.Props)
	w := p
	w.FileIDs = nil
	w.Props = strip(p.Props, func(x *action) {
		x.Cookie = s.sealCookie(cookie{
			Type: x.Type, PostID: p.ID, RootID: root, ChannelID: p.ChannelID, DataSource: x.DataSource, Integration: x.Integration,
			Retain: retain, Remove: remove,
		})
	})
	w.Metadata = &metadata{}
	if len(attachments(w.Props)) > 0 {
		w.Metadata.Embeds = []embed{{"message_attachment"}}
	}
	s.publish(event{name: "ephemeral_message", user: to, channel: s.channels[p.ChannelID], data: map[string]any{"post": asText(&w)}})
	if u := s.users[to]; u != nil {
		u.desk.whispers = append(u.desk.whispers, &w)
	}
	s.tell(Change{Kind: ChangeWhisper, Channel: p.ChannelID, User: to, Post: w.ID})
	return &w
}

// retained splits the props that survive an update by a button.
func retained(props map[string]any) (retain map[string]any, remove []string) {
	retain = map[string]any{}
	for _, name := range []string{"from_webhook", "override_username", "override_icon_url"} {
		if v, there := props[name]; there {
			retain[name] = v
		} else {
			remove = append(remove, name)
		}
	}
	return retain, remove
}

// asText gives a value as JSON in a string, as events carry posts.
func asText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(raw)
}

// attach gives a user's files to a post: those that were uploaded by the user
// into the same channel and belong to no post. Others are left out silently.
func (s *Server) attach(p *post, u *user, ids []string) []string {
	var out []string
	for _, id := range ids {
		f := s.files[id]
		if f == nil || f.gone || f.wire.PostID != "" || f.wire.UserID != u.id || f.wire.ChannelID != p.ChannelID || slices.Contains(out, id) {
			continue
		}
		f.wire.PostID = p.ID
		out = append(out, id)
	}
	if out == nil && len(ids) == 0 {
		return []string{}
	}
	return out
}
