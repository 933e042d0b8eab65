package telegramtest

import "sync"

// ChangeKind tells what a Change is.
type ChangeKind string

// The kinds of change.
const (
	ChangeMessage  ChangeKind = "message"  // a new message; Message is set
	ChangeEdited   ChangeKind = "edited"   // Message is its new form
	ChangeDeleted  ChangeKind = "deleted"  // Message is what was deleted
	ChangeToast    ChangeKind = "toast"    // Toast is set
	ChangeTyping   ChangeKind = "typing"   // the bot types for 5 s or until its next message
	ChangeCommands ChangeKind = "commands" // the menu changed
)

// Change is something that happened in a chat.
type Change struct {
	Seq     int64      `json:"seq"` // grows by one
	Kind    ChangeKind `json:"kind"`
	Chat    int64      `json:"chat,omitempty"`
	Message *Message   `json:"message,omitempty"`
	Toast   *Toast     `json:"toast,omitempty"`
}

// watchLag is how many changes a subscriber may be behind.
const watchLag = 1024

type watcher struct{ out chan Change }

// Subscribe gives all changes from now on until cancel is called or the
// server closes; then the channel is closed. A reader that lags more than
// 1024 changes behind is cut off the same way and should read the transcript
// anew. cancel may be called more than once.
func (s *Server) Subscribe() (changes <-chan Change, cancel func()) {
	w := &watcher{out: make(chan Change, watchLag)}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
		close(w.out)
		return w.out, func() {}
	default:
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
