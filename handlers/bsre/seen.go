package bsre

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// Seen is what a look found beside that a system answers.
type Seen struct {
	APIs  []API         // of the eSign Client Service, that are there
	Ahead time.Duration // of the system's clock before this machine's; 0: within two seconds, or not told
	Stays bool          // the operator's session that the look began could not be ended
}

// aheadOf reads a server's clock from an answer.
func aheadOf(a answer, now time.Time) time.Duration {
	theirs, err := http.ParseTime(a.date)
	if err != nil {
		return 0
	}
	if ahead := theirs.Sub(now); ahead.Abs() > clockSame {
		return ahead
	}
	return 0
}

// other is the generation that a client does not ask.
func (c *StatusClient) other() (*StatusClient, error) {
	config := c.config
	if config.API = V1; c.config.API == V1 {
		config.API = V2
	}
	return NewStatusClient(config)
}

// api is the generation that a client asks.
func (c *StatusClient) api() API {
	if c.config.API == "" {
		return V2
	}
	return c.config.API
}

// lookBeside asks the other generation; err is what came of the first question.
func (c *StatusClient) lookBeside(ctx context.Context, seen *Seen, err error) error {
	other, failed := c.other()
	if failed != nil {
		return failed
	}
	a, failed := other.ask(ctx, probeNIK)
	if failed == nil {
		_, failed = a.status()
	}
	if failed != nil {
		return err
	}
	seen.APIs = append(seen.APIs, other.api())
	var bad *answerError
	if errors.As(err, &bad) && bad.code == http.StatusNotFound {
		return fmt.Errorf("the service has no %s, but %s: set BSRE_API=%s", c.api(), other.api(), other.api())
	}
	return err
}

// tryLogin begins a session of its own with a one-time code, asks the portal
// about nobody, and ends the session. What is kept of the operator's session
// stays as it is, but for the code that is used up.
func (p *Portal) tryLogin(ctx context.Context) (Seen, error) {
	s := p.session
	var got tokenAnswer
	_, err := s.alone(ctx, func(ctx context.Context) (string, error) {
		code, err := s.nextCode(ctx, func(step int64) keptSession {
			kept := s.snapshot()
			kept.Step = step
			return kept
		})
		if err != nil {
			return "", err
		}
		got, err = s.grant(ctx, loginForm(s.config.Username, s.config.Password, code))
		return "", err
	})
	seen := Seen{Ahead: s.clock.ahead}
	if err != nil {
		return seen, advise(err, settingNames{url: ssoURL, login: loginNames(s.config.TOTPSecret)})
	}
	err = p.askWith(ctx, got.AccessToken)
	seen.Stays = s.logOut(ctx, got.RefreshToken) != nil
	return seen, err
}

// askWith asks the portal about nobody.
func (p *Portal) askWith(ctx context.Context, token string) error {
	names := settingNames{url: "BSRE_PORTAL_URL", login: "the operator's rights in BSrE's portal"}
	body, err := listBody(probeNIK)
	if err != nil {
		return err
	}
	a, err := p.send(ctx, http.MethodPost, pathList, body, token)
	if err == nil {
		err = a.classify()
	}
	if err == nil {
		if f, ok := a.frame(); !ok || f.failed() || a.code >= http.StatusBadRequest {
			err = &answerError{kind: ErrUnavailable, words: "it does not want to tell: " + f.sentence(), code: a.code}
		}
	}
	if err != nil {
		return advise(err, names)
	}
	return nil
}

// nextCode gives a one-time code that was not used. keep tells what is kept of
// the session with the code's time step: before the code is sent.
func (s *session) nextCode(ctx context.Context, keep func(step int64) keptSession) (string, error) {
	s.lookAtClock(ctx)
	step := s.step()
	if last := s.snapshot().Step; step <= last && last <= step+1 {
		wait := s.untilStep(last + 1)
		s.mu.Lock()
		s.codeDue = s.config.Now().Add(wait)
		s.mu.Unlock()
		if err := s.sleep(ctx, wait); err != nil {
			return "", unavailable("wait for the next one-time code", newNetError(ctx, err))
		}
		step = max(last+1, s.step())
	}
	code, err := totp.GenerateCodeCustom(s.config.TOTPSecret, time.Unix(step*totpStep, 0),
		totp.ValidateOpts{Period: totpStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return "", fmt.Errorf("%w: BSRE_PORTAL_TOTP_SECRET is not base32", ErrCredentials)
	}
	return code, s.save(ctx, keep(step))
}

// logOut ends a session at the sign-on, by Keycloak's address for that, which
// stands beside the token address (OpenID Connect, end session with a refresh
// token: POST …/protocol/openid-connect/logout, 204).
func (s *session) logOut(ctx context.Context, refresh string) error {
	address, found := strings.CutSuffix(s.config.SSOURL, "/token")
	if !found || refresh == "" {
		return errors.New("the sign-on has no known address to log out at")
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Timeout)
	defer cancel()
	form := url.Values{"client_id": {clientID}, "refresh_token": {refresh}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/logout", strings.NewReader(form))
	if err != nil {
		return errors.New("BSRE_SSO_URL: want an address")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := exchange(s.transport, req)
	if err != nil {
		return err
	}
	if a.code != http.StatusNoContent && a.code != http.StatusOK {
		return fmt.Errorf("log out: HTTP %d", a.code)
	}
	return nil
}
