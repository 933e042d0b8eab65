package mail

import "time"

// WithTimeout bounds one mail, from connecting to the server's last word.
func WithTimeout(d time.Duration) Option { return func(s *Sender) { s.timeout = d } }

// WithClock gives the time that stands in a mail's Date.
func WithClock(now func() time.Time) Option { return func(s *Sender) { s.now = now } }
