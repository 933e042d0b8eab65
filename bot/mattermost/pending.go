package mattermost

import (
	"crypto/rand"
	"encoding/json"
	"sync"
	"time"

	"resetpin/bot"
)

// pendingLife is how long a post of unknown fate is remembered; the server
// remembers the ids themselves for 30 s.
const pendingLife = time.Minute

// pendings gives posts the ids by which the server knows a repeated one, so
// that a lost answer leads to no second post.
type pendings struct {
	mu   sync.Mutex
	open map[string]pendingPost
}

type pendingPost struct {
	id string
	at time.Time
}

// pendingKey names a post: what it answers, where it goes and what it says.
func pendingKey(to bot.Origin, channel string, p piece, n int) string {
	raw, err := json.Marshal(struct {
		To      bot.Origin
		Channel string
		Message string
		N       int
	}{to, channel, p.message, n})
	if err != nil {
		return rand.Text()
	}
	return handleOf(string(raw))
}

// begin gives a post its id: the one of an earlier try whose end is not known,
// or a new one.
func (s *pendings) begin(key string, now time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, p := range s.open {
		if now.Sub(p.at) > pendingLife {
			delete(s.open, k)
		}
	}
	if p, ok := s.open[key]; ok {
		return p.id
	}
	if s.open == nil {
		s.open = make(map[string]pendingPost)
	}
	p := pendingPost{id: rand.Text(), at: now}
	s.open[key] = p
	return p.id
}

// end forgets a post whose fate is known.
func (s *pendings) end(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, key)
}
