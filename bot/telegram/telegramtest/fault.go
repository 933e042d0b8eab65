package telegramtest

import "time"

// Fault is trouble to make.
type Fault struct {
	Method     string        // empty: every method but getUpdates
	Times      int           // calls to spoil; 0: until Heal
	Delay      time.Duration // wait before anything else
	Code       int           // answer with this error code (429, 500, 502 …) instead of doing it; 0: do it
	Text       string        // the error's description; empty: Telegram's usual one
	RetryAfter int           // seconds, for 429
	HTML       bool          // the error's body is a proxy's HTML page
	Drop       bool          // cut the connection without an answer: with Code 0 after doing it, else without doing it
}

// Break adds a fault. A call meets the first fault that fits it.
func (s *Server) Break(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// Heal takes all faults away.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault gives the fault that a call of the method meets, or nil.
func (s *Server) takeFault(method string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if f.Method != method && (f.Method != "" || method == "getUpdates") {
			continue
		}
		now := *f
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
		}
		return &now
	}
	return nil
}
