package bsre

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"golang.org/x/sync/singleflight"
)

const (
	tokenEarly = 30 * time.Second // an access token is renewed so long before its end
	tokenLife  = time.Minute      // of an access token that tells none
	totpStep   = 30               // seconds that a one-time code lasts, RFC 6238
	loginRest  = time.Minute      // no new try after a refused login: the sign-on locks accounts that keep trying
)

// errNoSession is the error when only the operator can begin a session.
var errNoSession = fmt.Errorf("%w: the portal's session has ended: run `resetpin bsre login`", ErrCredentials)

// keptSession is what survives a restart.
type keptSession struct {
	Refresh string    `json:"refresh,omitempty"`
	Ends    time.Time `json:"ends,omitzero"` // of the refresh token; zero: not told
	Step    int64     `json:"step"`          // the last time step whose one-time code was used
}

// session is the operator's session with the portal's sign-on. All callers
// share it: one renews, the others wait for the result.
type session struct {
	config    PortalConfig
	transport http.RoundTripper
	flight    singleflight.Group
	sleep     func(context.Context, time.Duration) error

	mu     sync.Mutex
	access string
	renew  time.Time // when the access token is to be renewed
	kept   keptSession

	// Only the one flight touches these.
	refused error     // why the last login was refused
	rest    time.Time // until when it is not tried again
}

func newSession(c PortalConfig) *session {
	return &session{config: c, transport: newTransport(c.CA), sleep: sleep}
}

// token gives an access token that is good for a while. Errors: ErrUnavailable,
// ErrCredentials.
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
		ctx, cancel := context.WithTimeout(detached, (totpStep+5)*time.Second+2*s.config.Timeout)
		defer cancel()
		return s.obtain(ctx)
	})
	select {
	case r := <-result:
		token, _ := r.Val.(string)
		return token, r.Err
	case <-ctx.Done():
		return "", unavailable("log in to the portal", newNetError(ctx, ctx.Err()))
	}
}

func (s *session) current() (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.access, s.access != "" && s.config.Now().Before(s.renew)
}

// forget drops an access token that the portal refused.
func (s *session) forget(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.access == token {
		s.access = ""
	}
}

// obtain renews the session, or begins a new one where that is not possible.
func (s *session) obtain(ctx context.Context) (string, error) {
	if err := s.load(ctx); err != nil {
		return "", err
	}
	token, err := s.refresh(ctx)
	if err == nil || !errors.Is(err, ErrCredentials) {
		return token, err
	}
	if s.config.TOTPSecret == "" {
		return "", errNoSession
	}
	return s.login(ctx)
}

// refresh renews with the refresh token. ErrCredentials: there is none that
// is good.
func (s *session) refresh(ctx context.Context) (string, error) {
	kept := s.snapshot()
	if kept.Refresh == "" || !kept.Ends.IsZero() && s.config.Now().After(kept.Ends) {
		return "", fmt.Errorf("%w: no session to renew", ErrCredentials)
	}
	got, err := s.grant(ctx, renewForm(kept.Refresh))
	if err != nil {
		return "", err
	}
	return s.take(ctx, got)
}

// login begins a session with a code made from the secret. A code is used at
// most once, by this process and by one before it.
func (s *session) login(ctx context.Context) (string, error) {
	now := s.config.Now()
	if now.Before(s.rest) {
		return "", s.refused
	}
	step := now.Unix() / totpStep
	if last := s.snapshot().Step; step <= last && last <= step+1 {
		next := time.Unix((last+1)*totpStep, 0)
		if err := s.sleep(ctx, next.Sub(now)); err != nil {
			return "", unavailable("wait for the next one-time code", newNetError(ctx, err))
		}
		step = max(last+1, s.config.Now().Unix()/totpStep)
	}
	code, err := totp.GenerateCodeCustom(s.config.TOTPSecret, time.Unix(step*totpStep, 0),
		totp.ValidateOpts{Period: totpStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return "", fmt.Errorf("%w: BSRE_PORTAL_TOTP_SECRET is not base32", ErrCredentials)
	}
	if err := s.save(ctx, keptSession{Step: step}); err != nil {
		return "", err
	}
	return s.enter(ctx, code)
}

// enter begins a session with a one-time code.
func (s *session) enter(ctx context.Context, code string) (string, error) {
	got, err := s.grant(ctx, loginForm(s.config.Username, s.config.Password, code))
	if errors.Is(err, errGrant) {
		s.refused, s.rest = err, s.config.Now().Add(loginRest)
	}
	if err != nil {
		return "", err
	}
	return s.take(ctx, got)
}

// take makes a granted session the current one and keeps it.
func (s *session) take(ctx context.Context, got tokenAnswer) (string, error) {
	now := s.config.Now()
	life := orElse(time.Duration(got.ExpiresIn.seconds())*time.Second, tokenLife)
	kept := s.snapshot()
	if got.RefreshToken != "" {
		kept.Refresh, kept.Ends = got.RefreshToken, time.Time{}
		if n := got.RefreshExpiresIn.seconds(); n > 0 {
			kept.Ends = now.Add(time.Duration(n) * time.Second)
		}
	}
	s.mu.Lock()
	s.access, s.renew = got.AccessToken, now.Add(life-min(tokenEarly, life/4))
	s.mu.Unlock()
	return got.AccessToken, s.save(ctx, kept)
}

func (s *session) snapshot() keptSession {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept
}

// load reads what is kept, each time: another process may have renewed, and
// the sign-on ends a session whose old refresh token comes again.
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

// tidySecret accepts a secret as authenticator apps show it.
func tidySecret(secret string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '=' {
			return -1
		}
		return r
	}, secret))
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

// revive renews the session whether or not it is needed now.
func (s *session) revive(ctx context.Context) error {
	if s.config.TOTPSecret != "" {
		return nil
	}
	_, err, _ := s.flight.Do("token", func() (any, error) {
		if err := s.load(ctx); err != nil {
			return "", err
		}
		return s.refresh(ctx)
	})
	return err
}
