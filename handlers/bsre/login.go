package bsre

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// loginRest keeps a refused login from being tried again at once: the sign-on
// locks accounts that keep trying.
type loginRest struct {
	refused error // why the last one was refused
	until   time.Time
	times   int // in a row
}

// The rests after refused logins: a minute, five, and then a quarter of an
// hour each.
func (l *loginRest) refuse(why error, now time.Time) {
	l.refused, l.times = why, l.times+1
	rest := 15 * time.Minute
	switch l.times {
	case 1:
		rest = time.Minute
	case 2:
		rest = 5 * time.Minute
	}
	l.until = now.Add(rest)
}

// logIn begins a session with a code made from the secret. A code is used at
// most once, by this process and by all others.
func (s *session) logIn(ctx context.Context) (string, error) {
	if s.config.Now().Before(s.login.until) {
		return "", s.login.refused
	}
	code, err := s.nextCode(ctx, func(step int64) keptSession { return keptSession{Step: step} })
	if err != nil {
		return "", err
	}
	return s.enter(ctx, code)
}

// enter begins a session with a one-time code.
func (s *session) enter(ctx context.Context, code string) (string, error) {
	got, err := s.grant(ctx, loginForm(s.config.Username, s.config.Password, code))
	if errors.Is(err, errGrant) {
		s.login.refuse(err, s.config.Now())
	}
	if err != nil {
		return "", err
	}
	s.login = loginRest{}
	return s.take(ctx, got)
}

// signOnClock is how far the sign-on's clock is ahead of this machine's.
type signOnClock struct {
	ahead time.Duration
	at    time.Time // when it was learned; zero: never
}

const (
	clockFresh = 10 * time.Minute // a look at the clock is good for this long
	clockSame  = 2 * time.Second  // a Date has whole seconds, and was on the way
)

// learnClock takes the sign-on's clock from an answer's Date: one-time codes
// must fit that clock.
func (s *session) learnClock(a answer) {
	if a.date == "" {
		return
	}
	now := s.config.Now()
	s.clock = signOnClock{at: now, ahead: aheadOf(a, now)}
}

// lookAtClock asks the token address for nothing, when the sign-on's clock was
// not seen lately. It says that it wants POST, and what time it is.
func (s *session) lookAtClock(ctx context.Context) {
	if age := s.config.Now().Sub(s.clock.at); age >= 0 && age < clockFresh {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.config.SSOURL, http.NoBody)
	if err != nil {
		return // the login will tell
	}
	if a, err := exchange(s.transport, req); err == nil {
		s.learnClock(a)
	}
}

// signOnNow is the sign-on's time.
func (s *session) signOnNow() time.Time { return s.config.Now().Add(s.clock.ahead) }

// step is the time step of the one-time code that the sign-on wants now.
func (s *session) step() int64 { return s.signOnNow().Unix() / totpStep }

// untilStep is how long it takes until a time step begins.
func (s *session) untilStep(step int64) time.Duration {
	return time.Unix(step*totpStep, 0).Sub(s.signOnNow())
}

// codeWait is how long a caller would wait for the next one-time code, as far
// as this process knows: 0 where a session is there, is being begun, or can be
// renewed.
func (s *session) codeWait() time.Duration {
	if _, ok := s.current(); ok || s.config.TOTPSecret == "" {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now, due := s.config.Now(), s.codeDue
	if !s.talking && (s.kept.Refresh == "" || !s.kept.Ends.IsZero() && now.After(s.kept.Ends)) {
		due = time.Unix((s.kept.Step+1)*totpStep, 0)
	}
	return min(max(due.Sub(now), 0), totpStep*time.Second)
}

// tidySecret accepts a secret as authenticator apps show it.
func tidySecret(secret string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '=' {
			return -1
		}
		return r
	}, secret))
}
