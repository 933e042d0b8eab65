package bsre

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	tokenEarly = 30 * time.Second // an access token is renewed so long before its end
	tokenLife  = time.Minute      // of an access token that tells none
	totpStep   = 30               // seconds that a one-time code lasts, RFC 6238
)

// errNoSession is the error when only the operator can begin a session.
var errNoSession = fmt.Errorf("%w: the portal's session has ended: run `resetpin bsre login`", ErrCredentials)

// keptSession is what survives a restart, and what all processes with the
// operator's account share.
type keptSession struct {
	Refresh string    `json:"refresh,omitempty"`
	Ends    time.Time `json:"ends,omitzero"`  // of the refresh token; zero: not told
	Lost    int       `json:"lost,omitempty"` // renewals with it whose answer was lost: it may be used up
	Again   time.Time `json:"again,omitzero"` // after a lost one: not before
	Access  string    `json:"access,omitempty"`
	Renew   time.Time `json:"renew,omitzero"` // when the access token is to be renewed
	Step    int64     `json:"step"`           // the last time step whose one-time code was used
}

// session is the operator's session with the portal's sign-on. All callers
// share it: one renews, the others wait for the result, those of other
// processes too.
type session struct {
	config    PortalConfig
	leases    Leases
	transport http.RoundTripper
	flight    singleflight.Group
	sleep     func(context.Context, time.Duration) error

	mu      sync.Mutex
	kept    keptSession
	refused string    // an access token that the portal does not take
	trouble error     // why there is no session; nil: there is one, or nobody has asked yet
	talking bool      // with the sign-on, just now
	codeDue time.Time // when the next one-time code can be used that is waited for; zero: none is

	// Only the one flight touches these.
	login loginRest
	clock signOnClock
}

func newSession(c PortalConfig, leases Leases) *session {
	// Keycloak ends a session whose refresh token comes twice, and a code
	// counts once: Go must repeat nothing by itself.
	return &session{config: c, leases: leases, transport: c.WrapSignOn.around(newOnceTransport(c.CA)), sleep: sleep}
}

// token gives an access token that is good for a while. Errors: ErrUnavailable,
// ErrCredentials, ErrQueue.
func (s *session) token(ctx context.Context) (string, error) {
	if token, ok := s.current(); ok {
		return token, nil
	}
	// The renewal outlives a caller who gives up: others wait for it too, and
	// a one-time code that was used up must not be lost.
	detached := context.WithoutCancel(ctx)
	result := s.flight.DoChan("token", func() (any, error) {
		if token, ok := s.current(); ok {
			return token, nil
		}
		return s.obtain(detached)
	})
	select {
	case r := <-result:
		token, _ := r.Val.(string)
		return token, r.Err
	case <-ctx.Done():
		return "", fmt.Errorf("%w: log in to the portal: %w", ErrQueue, newNetError(ctx, ctx.Err()))
	}
}

func (s *session) current() (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept
	return k.Access, k.Access != "" && k.Access != s.refused && s.config.Now().Before(k.Renew)
}

// forget drops an access token that the portal refused.
func (s *session) forget(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = token
}

// talkTime is the most that a talk with the sign-on takes, the wait for a
// one-time code included.
func (s *session) talkTime() time.Duration { return (totpStep+5)*time.Second + 4*s.config.Timeout }

// alone runs a talk with the sign-on while no other process does.
func (s *session) alone(ctx context.Context, talk func(context.Context) (string, error)) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*s.talkTime())
	defer cancel()
	give, err := takeLease(ctx, s.leases, leaseSession, newHolder(), s.talkTime())
	if err != nil {
		return "", err
	}
	defer give()
	if err := s.load(ctx); err != nil {
		return "", err
	}
	s.setTalking(true)
	defer s.setTalking(false)
	return talk(ctx)
}

func (s *session) setTalking(talking bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.talking, s.codeDue = talking, time.Time{}
}

// obtain renews the session, or begins a new one where that is not possible.
func (s *session) obtain(ctx context.Context) (string, error) {
	token, err := s.alone(ctx, func(ctx context.Context) (string, error) {
		if token, ok := s.current(); ok {
			return token, nil // another process has renewed
		}
		token, err := s.refresh(ctx)
		if err == nil || !errors.Is(err, ErrCredentials) {
			return token, err
		}
		if s.config.TOTPSecret == "" {
			return "", errNoSession
		}
		return s.logIn(ctx)
	})
	s.note(err)
	return token, err
}

// note keeps why there is no session.
func (s *session) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = err
}

// state tells why there is no session; nil when there is one, or nobody has
// asked yet.
func (s *session) state() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// renewalRest is how long a refresh token rests after so many lost answers.
// It may be used up, and must not be sent again and again.
func renewalRest(lost int) time.Duration {
	return min(5*time.Second<<min(max(lost-2, 0), 7), 10*time.Minute)
}

// refresh renews with the refresh token. ErrCredentials: there is none that
// is good. A token is noted as sent before it is: when the answer is lost
// nobody knows whether it was used up. It is tried again after a rest, and
// dropped for good when the sign-on says no.
func (s *session) refresh(ctx context.Context) (string, error) {
	kept, now := s.snapshot(), s.config.Now()
	if kept.Refresh == "" || !kept.Ends.IsZero() && now.After(kept.Ends) {
		return "", fmt.Errorf("%w: no session to renew", ErrCredentials)
	}
	if rest := kept.Again.Sub(now); rest > 0 && rest <= renewalRest(kept.Lost) {
		return "", fmt.Errorf("renew the portal's session: %w; the next try is in %s", errLost, rest.Round(time.Second))
	}
	sent := kept
	sent.Lost++
	sent.Again = now.Add(renewalRest(sent.Lost))
	if err := s.save(ctx, sent); err != nil {
		return "", err
	}
	got, err := s.grant(ctx, renewForm(kept.Refresh))
	switch {
	case err == nil:
		return s.take(ctx, got)
	case errors.Is(err, ErrCredentials):
		kept.Refresh, kept.Access, kept.Lost, kept.Again = "", "", 0, time.Time{}
		return "", errors.Join(err, s.save(ctx, kept))
	case !errors.Is(err, errLost): // it was not sent, or not looked at
		return "", errors.Join(err, s.save(ctx, kept))
	}
	return "", err
}

// take makes a granted session the current one and keeps it.
func (s *session) take(ctx context.Context, got tokenAnswer) (string, error) {
	now := s.config.Now()
	life := orElse(time.Duration(got.ExpiresIn.seconds())*time.Second, tokenLife)
	kept := s.snapshot()
	kept.Access, kept.Renew, kept.Lost, kept.Again = got.AccessToken, now.Add(life-min(tokenEarly, life/4)), 0, time.Time{}
	if got.RefreshToken != "" {
		kept.Refresh, kept.Ends = got.RefreshToken, time.Time{}
		if n := got.RefreshExpiresIn.seconds(); n > 0 {
			kept.Ends = now.Add(time.Duration(n) * time.Second)
		}
	}
	return got.AccessToken, s.save(ctx, kept)
}

func (s *session) snapshot() keptSession {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept
}

// load reads what is kept, each time: another process may have renewed.
func (s *session) load(ctx context.Context) error {
	if s.config.Tokens == nil {
		return nil
	}
	data, err := s.config.Tokens.LoadToken(ctx)
	if err != nil {
		return fmt.Errorf("read the portal's session: %w", err)
	}
	var kept keptSession
	if len(data) > 0 && json.Unmarshal(data, &kept) != nil {
		kept = keptSession{} // of another version: log in anew
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	kept.Step = max(kept.Step, s.kept.Step)
	s.kept = kept
	return nil
}

func (s *session) save(ctx context.Context, kept keptSession) error {
	s.mu.Lock()
	s.kept = kept
	s.mu.Unlock()
	if s.config.Tokens == nil {
		return nil
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("keep the portal's session: %w", err)
	}
	if err := s.config.Tokens.SaveToken(ctx, data); err != nil {
		return fmt.Errorf("keep the portal's session: %w", err)
	}
	return nil
}

const (
	revivePause = time.Minute     // between two looks at a session that says no end
	reviveLeast = 5 * time.Second // and never more often than this
)

// pause is how long a kept session can be left alone: half of what is left
// of its life.
func (s *session) pause() time.Duration {
	kept := s.snapshot()
	if kept.Refresh == "" || kept.Ends.IsZero() {
		return revivePause
	}
	return min(max(kept.Ends.Sub(s.config.Now())/2, reviveLeast), time.Hour)
}

// revive renews a session that would end for want of use; when another process
// has just renewed it, that does.
func (s *session) revive(ctx context.Context) error {
	if s.config.TOTPSecret != "" {
		return nil
	}
	before := s.snapshot().Refresh
	_, err, _ := s.flight.Do("token", func() (any, error) {
		token, err := s.alone(ctx, func(ctx context.Context) (string, error) {
			kept := s.snapshot()
			if kept.Refresh != "" && before != "" && kept.Refresh != before {
				return kept.Access, nil
			}
			token, err := s.refresh(ctx)
			if errors.Is(err, ErrCredentials) {
				err = errNoSession
			}
			return token, err
		})
		s.note(err)
		return token, err
	})
	return err
}
