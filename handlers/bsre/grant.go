package bsre

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"resetpin/handlers/bsre/outside"
	"strings"
	"time"
)

// clientID is the portal's name at its sign-on.
const clientID = "ams"

// maxSkew is how far two clocks may be apart before one-time codes fail.
const maxSkew = 25 * time.Second

// errGrant is the sign-on's refusal of a password, a one-time code or a
// refresh token.
var errGrant = fmt.Errorf("%w: the login is not accepted", ErrCredentials)

// errLost says that the sign-on may have used up what it was sent.
var errLost = fmt.Errorf("%w: the sign-on's answer was lost", ErrUnavailable)

// tokenAnswer is Keycloak's answer to a grant.
type tokenAnswer struct {
	AccessToken      string `json:"access_token"`
	RefreshToken     string `json:"refresh_token"`
	ExpiresIn        loose  `json:"expires_in"`
	RefreshExpiresIn loose  `json:"refresh_expires_in"`
	Error            string `json:"error"`
	Description      string `json:"error_description"`
}

func loginForm(user, password, code string) url.Values {
	return url.Values{
		"grant_type": {"password"}, "client_id": {clientID}, "scope": {"openid"},
		"username": {user}, "password": {password}, "totp": {code},
	}
}

func renewForm(refresh string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "client_id": {clientID}, "refresh_token": {refresh}}
}

// grant asks the sign-on for tokens, once: a one-time code and a refresh token
// are used up even when the answer is lost. Errors: ErrCredentials, errLost;
// ErrUnavailable when it was not sent, or turned away.
func (s *session) grant(ctx context.Context, form url.Values) (tokenAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	body := form.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.config.SSOURL, io.NopCloser(strings.NewReader(body)))
	if err != nil {
		return tokenAnswer{}, errors.New("BSRE_SSO_URL: want an address")
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	a, err := exchangeOnce(s.transport, req)
	switch {
	case errors.Is(err, ErrOutcomeUnknown):
		return tokenAnswer{}, fmt.Errorf("log in to the portal: %w", errLost)
	case err != nil:
		return tokenAnswer{}, fmt.Errorf("log in to the portal: %w", err)
	}
	s.learnClock(a)
	return a.token(s.config.Now())
}

// token reads a grant's answer.
func (a answer) token(now time.Time) (tokenAnswer, error) {
	var t tokenAnswer
	object := bytes.HasPrefix(a.trimmed(), []byte("{")) && json.Unmarshal(a.trimmed(), &t) == nil
	switch {
	case a.code == http.StatusOK && object && t.AccessToken != "":
		return t, nil
	case object && oauthError(t.Error) && a.code >= 400 && a.code < 500 && a.code != http.StatusTooManyRequests:
		why := outside.Clean(t.Error, maxValue)
		if t.Description != "" {
			why += ": " + outside.Clean(t.Description, maxMessage)
		}
		kind := ErrCredentials
		if t.Error == "invalid_grant" {
			kind = errGrant
		}
		return tokenAnswer{}, fmt.Errorf("%w: log in to the portal: %s%s", kind, why, a.skew(now))
	}
	err := a.classify()
	switch {
	case a.code == http.StatusTooManyRequests || a.code >= 300 && a.code < 500:
		// turned away before anybody looked at it
	case a.code == http.StatusServiceUnavailable && errors.Is(err, errBusy):
	default: // a 200 of somebody else's, a server that broke over it
		return tokenAnswer{}, fmt.Errorf("log in to the portal: %w (HTTP %d)", errLost, a.code)
	}
	if err != nil && !errors.Is(err, ErrCredentials) {
		return tokenAnswer{}, fmt.Errorf("log in to the portal: %w", err)
	}
	return tokenAnswer{}, &answerError{kind: ErrUnavailable, words: "log in to the portal: the answer holds no token", code: a.code}
}

// oauthError tells the sign-on's own words (RFC 6749: invalid_grant,
// unauthorized_client …) from those of a server in front of it.
func oauthError(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// skew tells when the server's clock and ours are so far apart that one-time
// codes are refused.
func (a answer) skew(now time.Time) string {
	theirs, err := http.ParseTime(a.date)
	if err != nil {
		return ""
	}
	if d := now.Sub(theirs).Abs(); d > maxSkew {
		return fmt.Sprintf(" (this machine's clock and the server's are %s apart: one-time codes need the right time)", d.Round(time.Second))
	}
	return ""
}
