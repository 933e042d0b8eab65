package mattermost

import (
	"sync"
	"time"
)

const (
	seldomPause = time.Minute // between two words on the same thing
	mostThings  = 1000
)

// seldom lets the same thing be said at most once a minute, and counts what
// was left unsaid.
type seldom struct {
	mu     sync.Mutex
	things map[string]saidLast
}

type saidLast struct {
	at     time.Time
	unsaid int
}

// now tells whether a thing is to be said, and how often it happened since it
// was said last, this time included.
func (s *seldom) now(what string, now time.Time) (times int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last, known := s.things[what]
	if known && now.Sub(last.at).Abs() < seldomPause {
		last.unsaid++
		s.things[what] = last
		return 0, false
	}
	if s.things == nil || len(s.things) >= mostThings {
		s.things = make(map[string]saidLast)
	}
	s.things[what] = saidLast{at: now}
	return last.unsaid + 1, true
}
