package mattermosttest

import (
	"net/http"
	"time"
)

// SlowPosts makes the server take d to write a post that comes by REST, as a
// real one's database does. Until it is written, the same pending_post_id is
// refused, and so is another first answer in the same thread.
func (s *Server) SlowPosts(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slowPosts = d
}

// save is create that takes its time. It runs under the lock, which it lets go
// meanwhile.
func (s *Server) save(u *user, in post) (*post, *Failure) {
	seen, known := s.pending[in.PendingPostID]
	first := in.RootID != "" && s.replies(in.RootID) == 0
	switch {
	case known && seen.post == "":
		return nil, fail(http.StatusInternalServerError, "api.post.deduplicate_create_post.pending", "Rejected post since another client is making the same request.")
	case known || s.slowPosts == 0:
		return s.create(u, in)
	case first && s.begun[in.RootID]:
		return nil, fail(http.StatusInternalServerError, "app.post.save.app_error", "Unable to save the Post.").
			because(`update thread from posts failed: pq: duplicate key value violates unique constraint "threads_pkey"`)
	}
	if in.PendingPostID != "" {
		s.pending[in.PendingPostID] = pending{at: s.now()}
	}
	if first {
		s.begun[in.RootID] = true
	}
	d := s.slowPosts
	s.mu.Unlock()
	s.rest(d)
	s.mu.Lock()
	delete(s.pending, in.PendingPostID)
	delete(s.begun, in.RootID)
	return s.create(u, in)
}

func (s *Server) rest(d time.Duration) {
	select {
	case <-time.After(d):
	case <-s.ctx.Done():
	}
}
