package bsretest

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// TokenPath is the path of the sign-on's token address.
const TokenPath = "/realms/external-service/protocol/openid-connect/token"

// LogoutPath is the path at which a session is ended.
const LogoutPath = "/realms/external-service/protocol/openid-connect/logout"

// clientID is the portal's name at the sign-on.
const clientID = "ams"

// codeMemory is how long a used one-time code is remembered.
const codeMemory = 3 * time.Minute

// grant is a refresh token: it renews a session once.
type grant struct {
	ends    time.Time
	used    bool
	session string
}

// SSO serves the portal's sign-on (Keycloak).
func (w *World) SSO() http.Handler { return w.served(PlaceSSO, w.serveSSO) }

func (w *World) serveSSO(rec *recorder, r *http.Request) {
	switch {
	case r.URL.Path == LogoutPath && r.Method == http.MethodPost:
		w.logOut(rec, r)
		return
	case r.URL.Path != TokenPath:
		w.refuse(rec, r, http.StatusNotFound, "no such address")
		return
	case r.Method == http.MethodGet: // somebody looks, at the clock perhaps; Keycloak says what it wants
		reply(rec, http.StatusMethodNotAllowed, grantFault{"HTTP 405 Method Not Allowed", ""})
		return
	case r.Method != http.MethodPost:
		w.refuse(rec, r, http.StatusMethodNotAllowed, "the token address wants POST")
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		w.refuse(rec, r, http.StatusUnsupportedMediaType, "the body is not said to be a form")
		return
	}
	r.Body = http.MaxBytesReader(rec, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		grantError(rec, http.StatusBadRequest, "invalid_request", "Malformed form")
		return
	}
	form := r.PostForm
	if form.Get("client_id") != clientID {
		grantError(rec, http.StatusUnauthorized, "invalid_client", "Invalid client or Invalid client credentials")
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch form.Get("grant_type") {
	case "password":
		w.passwordGrant(rec, form)
	case "refresh_token":
		w.refreshGrant(rec, form)
	default:
		grantError(rec, http.StatusBadRequest, "unsupported_grant_type", "Unsupported grant_type")
	}
}

// passwordGrant begins a session; it runs under the lock.
func (w *World) passwordGrant(rec *recorder, form url.Values) {
	now := w.signOnNow()
	if form.Get("scope") != "openid" {
		grantError(rec, http.StatusBadRequest, "invalid_scope", "Invalid scopes")
		return
	}
	user := subtle.ConstantTimeCompare([]byte(form.Get("username")), []byte(w.options.Operator))
	if user&subtle.ConstantTimeCompare([]byte(form.Get("password")), []byte(w.options.OperatorPassword)) == 0 {
		grantError(rec, http.StatusUnauthorized, "invalid_grant", "Invalid user credentials")
		return
	}
	for code, at := range w.used {
		if now.Sub(at) > codeMemory {
			delete(w.used, code)
		}
	}
	code := form.Get("totp")
	good, err := totp.ValidateCustom(code, w.options.TOTPSecret, now, totp.ValidateOpts{Period: 30, Skew: 1, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if _, again := w.used[code]; again {
		good = false
		rec.entry.Problem = "a one-time code came twice"
	}
	if err != nil || !good {
		grantError(rec, http.StatusUnauthorized, "invalid_grant", "Invalid user credentials")
		return
	}
	w.used[code] = now
	w.grantTokens(rec, token())
}

// refreshGrant renews a session. A refresh token that comes a second time
// ends the whole session, as Keycloak does. It runs under the lock.
func (w *World) refreshGrant(rec *recorder, form url.Values) {
	g := w.refresh[form.Get("refresh_token")]
	switch {
	case g == nil || w.signOnNow().After(g.ends):
		grantError(rec, http.StatusBadRequest, "invalid_grant", "Token is not active")
		return
	case g.used:
		for _, other := range w.refresh {
			if other.session == g.session {
				other.ends = time.Time{}
			}
		}
		grantError(rec, http.StatusBadRequest, "invalid_grant", "Maximum allowed refresh token reuse exceeded")
		rec.entry.Problem = "a refresh token came twice"
		return
	}
	g.used = true
	w.grantTokens(rec, g.session)
}

// grantTokens answers with new tokens; it runs under the lock.
func (w *World) grantTokens(rec *recorder, session string) {
	now := w.signOnNow()
	access, refresh := token()+token(), token()+token()
	w.access[access] = now.Add(w.options.AccessLife)
	w.sessionOf[access] = session
	w.refresh[refresh] = &grant{ends: now.Add(w.options.RefreshLife), session: session}
	reply(rec, http.StatusOK, granted{
		Access: access, Refresh: refresh, Kind: "Bearer", Scope: "openid", Session: session,
		ExpiresIn: int(w.options.AccessLife.Seconds()), RefreshExpires: int(w.options.RefreshLife.Seconds()),
	})
}

// logOut ends the session of a refresh token, as Keycloak does for a public
// client: 204, or 400 for a token that is not good.
func (w *World) logOut(rec *recorder, r *http.Request) {
	r.Body = http.MaxBytesReader(rec, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil || r.PostForm.Get("client_id") != clientID {
		grantError(rec, http.StatusUnauthorized, "invalid_client", "Invalid client or Invalid client credentials")
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	g := w.refresh[r.PostForm.Get("refresh_token")]
	if g == nil || w.signOnNow().After(g.ends) {
		grantError(rec, http.StatusBadRequest, "invalid_grant", "Invalid refresh token")
		return
	}
	for _, other := range w.refresh {
		if other.session == g.session {
			other.ends = time.Time{}
		}
	}
	for access, session := range w.sessionOf {
		if session == g.session {
			delete(w.access, access)
			delete(w.sessionOf, access)
		}
	}
	rec.WriteHeader(http.StatusNoContent)
}

// Sessions tells how many sessions at the sign-on could be renewed now.
func (w *World) Sessions() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	open := make(map[string]bool)
	for _, g := range w.refresh {
		if !g.used && w.signOnNow().Before(g.ends) {
			open[g.session] = true
		}
	}
	return len(open)
}

// EndSessions makes all tokens invalid, as a restart of the sign-on does.
func (w *World) EndSessions() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.access)
	clear(w.refresh)
}

// EndAccess makes the access tokens invalid; refresh tokens stay good.
func (w *World) EndAccess() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.access)
}

func grantError(rec *recorder, code int, kind, description string) {
	rec.entry.Problem = kind
	reply(rec, code, grantFault{kind, description})
}

// grantFault is the sign-on's answer when it declines.
type grantFault struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// SetSignOnAhead sets the sign-on's clock ahead of the world's; its answers
// say so in their Date.
func (w *World) SetSignOnAhead(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead = d
}

// signOnNow is the sign-on's clock. It runs under the lock.
func (w *World) signOnNow() time.Time { return w.options.Now().Add(w.ahead) }

// token is 32 random hex digits.
func token() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
