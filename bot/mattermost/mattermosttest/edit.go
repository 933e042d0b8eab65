package mattermosttest

import (
	"net/http"
	"reflect"
	"slices"
	"time"
)

// update is what an edited post shall be.
type update struct {
	message string
	props   map[string]any
	files   []string // nil: as they are
	pinned  bool
}

// change gives a post its new content. What it was is kept as a deleted post
// of its own, which lists by time show too. It runs under the lock.
func (s *Server) change(p *post, by *user, n update) *Failure {
	now := s.now()
	old := *p
	next := *p
	next.Message, next.IsPinned, next.Props = n.message, n.pinned, keep(n.props)
	if n.files != nil {
		next.FileIDs = n.files
	}
	if f := checkSize(&next); f != nil {
		return f
	}
	if n.files != nil {
		next.FileIDs = s.reattach(p, by, n.files)
	}
	if next.Message != old.Message || !slices.Equal(next.FileIDs, old.FileIDs) ||
		!reflect.DeepEqual(attachments(old.Props), attachments(next.Props)) {
		next.EditAt = now
	}
	next.UpdateAt = now
	*p = next
	old.ID, old.OriginalID, old.DeleteAt, old.UpdateAt, old.PendingPostID = newID(), p.ID, now, now, ""
	ch := s.channels[p.ChannelID]
	ch.posts = append(ch.posts, &old)
	s.publish(event{name: "post_edited", channel: ch, data: map[string]any{"post": asText(s.told(p))}})
	s.tell(Change{Kind: ChangeEdited, Channel: ch.id, User: p.UserID, Post: p.ID})
	return nil
}

// reattach gives a post other files. A file that is taken off is gone for
// good: it cannot be put back.
func (s *Server) reattach(p *post, by *user, ids []string) []string {
	fresh := s.attach(p, by, slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(p.FileIDs, id) }))
	out := []string{}
	for _, id := range ids {
		if (slices.Contains(p.FileIDs, id) || slices.Contains(fresh, id)) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, id := range p.FileIDs {
		if f := s.files[id]; f != nil && !slices.Contains(out, id) {
			f.gone = true
		}
	}
	return out
}

// editable gives a post that the caller may edit.
func (s *Server) editable(c *call, id string) (*post, *Failure) {
	p := s.posts[id]
	if p == nil || p.DeleteAt != 0 || !s.channels[p.ChannelID].members[c.user.id] && !c.user.admin {
		return nil, c.denied("edit_post")
	}
	if p.UserID != c.user.id && !c.user.editsOthers && !c.user.admin {
		return nil, c.denied("edit_others_posts")
	}
	return p, nil
}

// late tells whether the time for editing a post is over.
func (s *Server) late(p *post, message string) *Failure {
	limit := s.settings.PostEditTimeLimit
	if limit == -1 || message == p.Message || s.age(p.CreateAt) <= time.Duration(limit)*time.Second {
		return nil
	}
	return fail(http.StatusBadRequest, "api.post.update_post.permissions_time_limit.app_error", "Post edit is only allowed for a limited time.")
}

// putPost replaces a post: props as a whole, so that buttons that are sent
// back without their integration do nothing any more.
func (s *Server) putPost(c *call) (any, *Failure) {
	id, f := c.id("post_id")
	if f != nil {
		return nil, f
	}
	var in post
	if f := c.read("post", &in); f != nil {
		return nil, f
	}
	if in.ID != id {
		return nil, invalidBody("id")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, f := s.editable(c, id)
	if f != nil {
		return nil, f
	}
	if f := s.late(p, in.Message); f != nil {
		return nil, f
	}
	if f := s.change(p, c.user, update{in.Message, in.Props, in.FileIDs, in.IsPinned}); f != nil {
		return nil, f
	}
	return s.told(p), nil
}

// patchPost changes only what is given; buttons stay when props are not.
func (s *Server) patchPost(c *call) (any, *Failure) {
	id, f := c.id("post_id")
	if f != nil {
		return nil, f
	}
	var in struct {
		Message *string         `json:"message"`
		Props   *map[string]any `json:"props"`
		Files   *[]string       `json:"file_ids"`
		Pinned  *bool           `json:"is_pinned"`
	}
	if f := c.read("post", &in); f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, f := s.editable(c, id)
	if f != nil {
		return nil, f
	}
	n := update{message: p.Message, props: p.Props, pinned: p.IsPinned}
	take(&n.message, in.Message)
	take(&n.props, in.Props)
	take(&n.files, in.Files)
	take(&n.pinned, in.Pinned)
	if f := s.late(p, n.message); f != nil {
		return nil, f
	}
	if f := s.change(p, c.user, n); f != nil {
		return nil, f
	}
	return s.told(p), nil
}

// deletePost deletes an own post, or another's with the right to.
func (s *Server) deletePost(c *call) (any, *Failure) {
	id, f := c.id("post_id")
	if f != nil {
		return nil, f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.posts[id]
	switch {
	case p == nil || p.DeleteAt != 0:
		return nil, noPost(id)
	case p.UserID != c.user.id && !c.user.admin && !c.user.deletesOthers:
		return nil, c.denied("delete_others_posts")
	case !s.channels[p.ChannelID].members[c.user.id] && !c.user.admin:
		return nil, c.denied("delete_post")
	}
	s.remove(p, c.user)
	return ok{"OK"}, nil
}

// remove deletes a post with its thread and its files.
func (s *Server) remove(p *post, by *user) {
	ch, now := s.channels[p.ChannelID], s.now()
	before := s.told(p)
	before.Metadata = nil
	for _, q := range ch.posts {
		if q != p && (q.RootID != p.ID || q.DeleteAt != 0) {
			continue
		}
		q.DeleteAt, q.UpdateAt = now, now
		for _, id := range q.FileIDs {
			s.files[id].gone = true
		}
	}
	p.Props["deleteBy"] = by.id
	if root := s.posts[p.RootID]; root != nil {
		root.UpdateAt = max(root.UpdateAt, now)
	}
	s.publish(event{name: "post_deleted", channel: ch, cleaned: true, data: map[string]any{"post": asText(before)}})
	s.tell(Change{Kind: ChangeDeleted, Channel: ch.id, User: p.UserID, Post: p.ID})
}

// seenPost gives a post that the caller may read.
func (s *Server) seenPost(c *call) (*post, *Failure) {
	id, f := c.id("post_id")
	if f != nil {
		return nil, f
	}
	p := s.posts[id]
	if p == nil || p.DeleteAt != 0 {
		return nil, noPost(id)
	}
	if !s.reads(c.user, s.channels[p.ChannelID]) {
		return nil, c.denied("read_channel_content")
	}
	return p, nil
}

func (s *Server) getPost(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, f := s.seenPost(c)
	if f != nil {
		return nil, f
	}
	return s.told(p), nil
}
