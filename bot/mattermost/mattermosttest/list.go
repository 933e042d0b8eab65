package mattermosttest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
)

const (
	perPage  = 60
	maxPage  = 200
	maxSince = 1000
)

// wireList is a list of posts.
type wireList struct {
	Order   []string         `json:"order"`
	Posts   map[string]*post `json:"posts"`
	Next    string           `json:"next_post_id"`
	Prev    string           `json:"prev_post_id"`
	HasNext *bool            `json:"has_next,omitempty"` // of threads
	Blocked int64            `json:"first_inaccessible_post_time"`
}

func (s *Server) list(posts []*post, listed func(*post) bool) wireList {
	slices.SortStableFunc(posts, func(a, b *post) int { return cmp.Compare(b.CreateAt, a.CreateAt) })
	l := wireList{Order: []string{}, Posts: map[string]*post{}}
	for _, p := range posts {
		if l.Posts[p.ID] == nil {
			l.Posts[p.ID] = s.told(p)
			if listed(p) {
				l.Order = append(l.Order, p.ID)
			}
		}
	}
	return l
}

// getPosts gives a channel's posts, the newest first: a page of them, or
// those that changed since a time.
func (s *Server) getPosts(c *call) (any, *Failure) {
	for name := range c.r.URL.Query() {
		if !slices.Contains([]string{"since", "page", "per_page", "include_deleted", "collapsedThreads", "collapsedThreadsExtended", "skipFetchThreads"}, name) {
			return nil, fail(http.StatusNotImplemented, "pretend", "The pretend server does not play the parameter "+name+" of a channel's posts.")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, f := s.seenChannel(c)
	if f != nil {
		return nil, f
	}
	if since := c.query("since"); since != "" {
		at, err := strconv.ParseInt(since, 10, 64)
		if err != nil {
			return nil, invalidBody("since").because("%s", err.Error())
		}
		return s.since(ch, at), nil
	}
	page, size := number(c.query("page"), 0), min(number(c.query("per_page"), perPage), maxPage)
	var alive []*post
	for _, p := range slices.Backward(ch.posts) {
		if p.DeleteAt == 0 || c.query("include_deleted") == "true" && c.user.admin {
			alive = append(alive, p)
		}
	}
	slices.SortStableFunc(alive, func(a, b *post) int { return cmp.Compare(b.CreateAt, a.CreateAt) })
	from := min(page*size, len(alive))
	to := min(from+size, len(alive))
	l := s.list(slices.Clone(alive[from:to]), func(*post) bool { return true })
	if from > 0 {
		l.Next = alive[from-1].ID
	}
	if to < len(alive) {
		l.Prev = alive[to].ID
	}
	return l, nil
}

// since gives what was written, changed or deleted after a time, at most 1000
// posts, with the old versions of edited posts (deleted posts with an
// original_id and no words) and the posts that threads begin with.
func (s *Server) since(ch *channel, at int64) wireList {
	var found []*post
	for _, p := range slices.Backward(ch.posts) {
		if p.UpdateAt > at && len(found) < maxSince {
			found = append(found, p)
		}
	}
	for _, p := range found {
		if root := s.posts[p.RootID]; root != nil {
			found = append(found, root)
		}
	}
	return s.list(found, func(p *post) bool { return p.UpdateAt > at })
}

func number(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}

// getThread gives a post and its replies.
func (s *Server) getThread(c *call) (any, *Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, f := s.seenPost(c)
	if f != nil {
		return nil, f
	}
	root := p.ID
	if p.RootID != "" {
		root = p.RootID
	}
	var all []*post
	for _, q := range slices.Backward(s.channels[p.ChannelID].posts) {
		if q.DeleteAt == 0 && (q.ID == root || q.RootID == root) {
			all = append(all, q)
		}
	}
	l := s.list(all, func(*post) bool { return true })
	l.HasNext = new(bool)
	return l, nil
}
