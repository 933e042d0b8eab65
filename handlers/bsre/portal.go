package bsre

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	pathList    = "/api/rest/manage/user/list"
	pathDetails = "/api/rest/manage/user/details/"
	pathReset   = "/api/rest/manage/cert/passphrase/reset/"
	pathPhone   = "/api/rest/manage/user/verify/phone"
)

// Portal resets through BSrE's portal, with the calls that the portal's own
// page makes for an operator. It is safe for concurrent use.
type Portal struct {
	config  PortalConfig
	base    *url.URL
	session *session
	pace    *pace
	guard   *guard[answer]
	reading http.RoundTripper
	once    http.RoundTripper // for what has an effect
}

var _ Resetter = (*Portal)(nil)

// NewPortal checks the configuration. It asks nothing yet.
func NewPortal(c PortalConfig) (*Portal, error) {
	if c.URL == "" {
		c.URL = DefaultPortalURL
	}
	if c.SSOURL == "" {
		c.SSOURL = DefaultSSOURL
	}
	base, err := parseBase("BSRE_PORTAL_URL", c.URL)
	if err != nil {
		return nil, err
	}
	if _, err := parseBase("BSRE_SSO_URL", c.SSOURL); err != nil {
		return nil, err
	}
	c.SSOURL = strings.TrimSpace(c.SSOURL)
	c.TOTPSecret = tidySecret(c.TOTPSecret)
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(c.TOTPSecret); err != nil {
		return nil, errors.New("BSRE_PORTAL_TOTP_SECRET: want base32 (letters A to Z and digits 2 to 7)")
	}
	c.Timeout, c.Gap = orElse(c.Timeout, DefaultTimeout), orElse(c.Gap, DefaultGap)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.UserIP == "" {
		c.UserIP = localAddress(base)
	}
	return &Portal{
		config: c, base: base, session: newSession(c), pace: newPace(c.Gap),
		guard:   newGuard[answer](3*c.Timeout, orElse(c.BusyPause, DefaultBusyPause)),
		reading: newTransport(c.CA), once: newOnceTransport(c.CA),
	}, nil
}

// localAddress is this machine's address towards the portal. It sends nothing:
// a UDP socket is only bound.
func localAddress(to *url.URL) string {
	const none = "127.0.0.1"
	port := to.Port()
	if port == "" {
		port = "443"
	}
	ip := net.ParseIP(to.Hostname())
	if ip == nil {
		ip = net.IPv4(192, 0, 2, 1) // a documentation address: any that leads outside
	}
	var d net.Dialer
	conn, err := d.DialContext(context.Background(), "udp", net.JoinHostPort(ip.String(), port))
	if err != nil {
		return none
	}
	host, _, splitErr := net.SplitHostPort(conn.LocalAddr().String())
	if err := conn.Close(); err != nil || splitErr != nil {
		return none
	}
	return host
}

// KnowsEndDate tells that Lookup gives the certificate's end.
func (p *Portal) KnowsEndDate() bool { return true }

// Lookup finds the person by NIK, and the active certificate. Errors:
// ErrNotFound, ErrAmbiguous, ErrNoCertificate, ErrUnavailable,
// ErrCredentials.
func (p *Portal) Lookup(ctx context.Context, who Person) (Subject, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*p.config.Timeout)
	defer cancel()
	found, err := p.find(ctx, who)
	if err != nil {
		return Subject{}, err
	}
	return found.subject()
}

// Reset looks the person up and asks for the mail with one request that is
// never repeated. An error that is not ErrOutcomeUnknown means that nothing
// happened. A refused token (401) counts as nothing happened, for the portal
// checks it before it acts; the request is not repeated then either, because
// the lookup has just used the same token and a caller can ask again.
func (p *Portal) Reset(ctx context.Context, who Person) (Outcome, error) {
	subject, err := p.Lookup(ctx, who)
	if err != nil {
		return Outcome{}, err
	}
	if !subject.PhoneVerified {
		return Outcome{Kind: OutcomePhone, Email: subject.Email}, nil
	}
	path := pathReset + url.PathEscape(subject.UID) + "/" + url.PathEscape(subject.Serial)
	message, err := p.act(ctx, http.MethodGet, path, nil)
	var refused *RefusedError
	switch {
	case errors.As(err, &refused):
		return Outcome{Kind: OutcomeRefused, Email: subject.Email, Message: refused.Message}, nil
	case err != nil:
		return Outcome{Email: subject.Email}, fmt.Errorf("ask for the reset mail: %w", err)
	}
	return Outcome{Kind: OutcomeSent, Email: subject.Email, Message: message}, nil
}

// VerifyPhone makes BSrE send its link to the person's WhatsApp. The number
// must fit the one that the portal shows masked. It is sent once, and written
// the way the portal writes it.
func (p *Portal) VerifyPhone(ctx context.Context, who Person, phone string) error {
	lookup, cancel := context.WithTimeout(ctx, 3*p.config.Timeout)
	defer cancel()
	found, err := p.find(lookup, who)
	if err != nil {
		return err
	}
	if !PhoneMatchesMask(phone, found.phone) {
		return &RefusedError{Message: "Nomor telepon berbeda dengan yang tercatat."}
	}
	body, err := phoneQuestion(found.uid, likeMask(phone, found.phone))
	if err != nil {
		return err
	}
	if _, err := p.act(ctx, http.MethodPost, pathPhone, body); err != nil {
		return fmt.Errorf("ask for the phone's verification: %w", err)
	}
	return nil
}

// Login begins a session with the operator's authenticator code and keeps it
// in the TokenStore. Errors: ErrUnavailable, ErrCredentials, or the store's.
func (p *Portal) Login(ctx context.Context, totpCode string) error {
	code := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, totpCode)
	if len(code) != 6 && len(code) != 8 {
		return fmt.Errorf("%w: an authenticator code has 6 digits", ErrCredentials)
	}
	if err := p.session.load(ctx); err != nil {
		return err
	}
	_, err := p.session.enter(ctx, code)
	return err
}

// KeepAlive renews the session before its refresh token ends, until ctx is
// over; then it gives nil. Only a session that Login began needs it: with a
// TOTP secret a new one is begun when it is wanted. told is called with every
// failure; it may be nil.
func (p *Portal) KeepAlive(ctx context.Context, told func(error)) error {
	for {
		if sleep(ctx, p.session.pause()) != nil {
			return nil //nolint:nilerr // the end of ctx is the wanted end
		}
		if err := p.session.revive(ctx); err != nil && ctx.Err() == nil && told != nil {
			told(err)
		}
	}
}
