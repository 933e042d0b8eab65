package mattermosttest

import "sync"

// ChangeKind tells what a Change is.
type ChangeKind string

// The kinds of change.
const (
	ChangePost    ChangeKind = "post"    // a new post
	ChangeEdited  ChangeKind = "edited"  // a post has a new form
	ChangeDeleted ChangeKind = "deleted" // a post was deleted
	ChangeWhisper ChangeKind = "whisper" // User, and nobody else, sees a new post
	ChangeDialog  ChangeKind = "dialog"  // a dialog opened for User
	ChangeTyping  ChangeKind = "typing"  // User types
)

// Change is something that happened.
type Change struct {
	Seq     int64 // grows by one
	Kind    ChangeKind
	Channel string
	User    string // who wrote the post, or whom it is shown to
	Post    string
}

// watchLag is how many changes a subscriber may be behind.
const watchLag = 1024

type watcher struct{ out chan Change }

// Subscribe gives all changes from now on until cancel is called or the
// server closes; then the channel is closed. A reader that lags more than
// 1024 changes behind is cut off the same way. cancel may be called more than
// once.
func (s *Server) Subscribe() (changes <-chan Change, cancel func()) {
	w := &watcher{out: make(chan Change, watchLag)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		close(w.out)
		return w.out, func() {}
	}
	s.watchers[w] = struct{}{}
	return w.out, sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.unwatch(w)
	})
}

// unwatch ends a subscription once; it runs under the lock.
func (s *Server) unwatch(w *watcher) {
	if _, on := s.watchers[w]; on {
		delete(s.watchers, w)
		close(w.out)
	}
}

// tell hands a change to all subscribers; it runs under the lock.
func (s *Server) tell(c Change) {
	s.lastSeq++
	c.Seq = s.lastSeq
	for w := range s.watchers {
		select {
		case w.out <- c:
		default:
			s.unwatch(w)
		}
	}
}
