package mailtest

import (
	"sync"
	"time"
)

// greylist puts off a sender and a recipient that the server has not seen
// together before (RFC 6647).
type greylist struct {
	mu     sync.Mutex
	wait   time.Duration
	met    map[string]time.Time // when sender and recipient first met
	putOff int
}

// Greylist lets a sender and a recipient that meet for the first time from now
// on wait as long; 0: nobody waits.
func (s *Server) Greylist(wait time.Duration) {
	s.grey.mu.Lock()
	defer s.grey.mu.Unlock()
	s.grey.wait, s.grey.met = wait, make(map[string]time.Time)
}

// PutOff tells how many tries were put off by greylisting so far.
func (s *Server) PutOff() int {
	s.grey.mu.Lock()
	defer s.grey.mu.Unlock()
	return s.grey.putOff
}

// greylisted tells whether a sender and a recipient have not known each other
// long enough.
func (s *Server) greylisted(from, to string) bool {
	g := &s.grey
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.wait == 0 {
		return false
	}
	pair, now := from+" "+to, s.config.Now()
	if _, ok := g.met[pair]; !ok {
		g.met[pair] = now
	}
	if now.Sub(g.met[pair]) >= g.wait {
		return false
	}
	g.putOff++
	return true
}
