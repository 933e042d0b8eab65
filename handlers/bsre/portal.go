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

	"resetpin/handlers/bsre/outside"
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
	recent  recent
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
	signOn, err := parseBase("BSRE_SSO_URL", c.SSOURL)
	if err != nil {
		return nil, err
	}
	if err := c.secure(base, signOn); err != nil {
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
	if c.Odd == nil {
		c.Odd = func(context.Context, string, string) {}
	}
	if c.UserIP == "" {
		c.UserIP = localAddress(base)
	}
	if c.Leases == nil {
		c.Leases = newAlone()
	}
	return &Portal{
		config: c, base: base, session: newSession(c, c.Leases), pace: newPace(c.Gap, c.Leases), recent: recent{now: c.Now},
		guard:   newGuard[answer](0, orElse(c.BusyPause, DefaultBusyPause)),
		reading: c.Wrap.around(newTransport(c.CA)), once: c.Wrap.around(newOnceTransport(c.CA)),
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

// Lookup finds the person by NIK, and the active certificate. Waiting for
// one's turn counts against no time-out but ctx. Errors: ErrNotFound,
// ErrAmbiguous, ErrNoCertificate (with the subject, as far as it is known),
// ErrUnavailable, ErrCredentials, ErrQueue.
func (p *Portal) Lookup(ctx context.Context, who Person) (Subject, error) {
	return p.lookup(ctx, who, rankAsked)
}

// Glance is Lookup for what nobody waits for: everybody else comes first.
func (p *Portal) Glance(ctx context.Context, who Person) (Subject, error) {
	return p.lookup(ctx, who, rankSpare)
}

func (p *Portal) lookup(ctx context.Context, who Person, r rank) (Subject, error) {
	ctx, leave := p.pace.join(ctx, r)
	defer leave()
	found, err := p.find(ctx, who)
	if err != nil {
		return Subject{}, err
	}
	subject, err := found.subject()
	if err == nil && r == rankAsked {
		p.recent.keep(who.NIK, subject.UID)
	}
	return subject, err
}

// meant reads how the person stands for whom a reset was confirmed.
func (p *Portal) meant(ctx context.Context, who Person) (Subject, error) {
	uid := p.recent.take(who.NIK)
	if uid == "" {
		return p.lookup(ctx, who, rankReset)
	}
	found, err := p.details(ctx, who, uid)
	if err != nil {
		return Subject{}, err
	}
	return found.subject()
}

// callsPerPerson are the calls that a person in the queue is served with: a
// lookup takes two, a reset after it too.
const callsPerPerson = 2

// Queue tells how many people are being served or wait, and about how long
// one more would wait for their turn.
func (p *Portal) Queue() (people int, wait time.Duration) {
	people, cost := p.pace.ahead()
	return people, time.Duration(people*callsPerPerson)*cost + p.session.codeWait()
}

// Turn is about how long one person's calls take while others wait.
func (p *Portal) Turn() time.Duration {
	_, cost := p.pace.ahead()
	return callsPerPerson * cost
}

// Trouble tells why there is no session with the portal; nil when there is
// one, or nothing was asked yet.
func (p *Portal) Trouble() error { return p.session.state() }

// Breaker tells how the breaker stands that spares a portal that does not
// answer: one of BreakerStates.
func (p *Portal) Breaker() string { return p.guard.state() }

// Reset looks the person up and asks for the mail with one request that is
// never repeated. An error that is not
// ErrOutcomeUnknown means that nothing happened. A refused token (401) counts
// as nothing happened, for the portal checks it before it acts; the request
// is not repeated then either, because a caller can ask again.
func (p *Portal) Reset(ctx context.Context, who Person) (Outcome, error) {
	ctx, leave := p.pace.join(ctx, rankReset)
	defer leave()
	subject, err := p.meant(ctx, who)
	if err != nil {
		return Outcome{Link: subject.Link}, err
	}
	out := Outcome{Email: subject.Email, Product: subject.Product, Link: subject.Link}
	if !subject.PhoneVerified {
		out.Kind = OutcomePhone
		return out, nil
	}
	path := pathReset + url.PathEscape(subject.UID) + "/" + url.PathEscape(subject.Serial)
	message, err := p.act(ctx, http.MethodGet, path, nil)
	var refused *RefusedError
	switch {
	case errors.As(err, &refused):
		out.Kind, out.Message = OutcomeRefused, refused.Message
		return out, nil
	case err != nil:
		return out, fmt.Errorf("ask for the reset mail: %w", err)
	}
	out.Kind, out.Message = OutcomeSent, message
	return out, nil
}

// VerifyPhone makes BSrE send its link to the person's WhatsApp. The number
// must fit the one that the portal shows. It is sent once, and written the way
// the portal writes it.
func (p *Portal) VerifyPhone(ctx context.Context, who Person, phone string) (Subject, error) {
	ctx, leave := p.pace.join(ctx, rankReset)
	defer leave()
	found, err := p.find(ctx, who)
	if err != nil {
		return Subject{}, err
	}
	subject := Subject{UID: found.uid, Email: found.email, Phone: MaskPhone(found.phone), PhoneVerified: found.verified}
	if found.verified {
		return subject, nil
	}
	if !PhoneMatchesMask(phone, found.phone) {
		return subject, ErrOtherPhone
	}
	body, err := phoneQuestion(found.uid, likeMask(phone, found.phone))
	if err != nil {
		return subject, err
	}
	if _, err := p.act(ctx, http.MethodPost, pathPhone, body); err != nil {
		return subject, fmt.Errorf("ask for the phone's verification: %w", err)
	}
	return subject, nil
}

// Login begins a session with the operator's authenticator code and keeps it
// in the TokenStore. Errors: ErrUnavailable, ErrCredentials, or the store's.
func (p *Portal) Login(ctx context.Context, totpCode string) error {
	code := outside.Digits(totpCode)
	if len(code) != 6 && len(code) != 8 {
		return fmt.Errorf("%w: an authenticator code has 6 digits", ErrCredentials)
	}
	_, err, _ := p.session.flight.Do("token", func() (any, error) {
		token, err := p.session.alone(ctx, func(ctx context.Context) (string, error) { return p.session.enter(ctx, code) })
		p.session.note(err)
		return token, err
	})
	return err
}

// KeepAlive renews the session before its refresh token ends, until ctx is
// over; then it gives nil. Only a session that Login began needs it: with a
// TOTP secret a new one is begun when it is wanted. told is called with every
// failure that is another than the one before; it may be nil.
func (p *Portal) KeepAlive(ctx context.Context, told func(error)) error {
	last := ""
	for {
		if sleep(ctx, p.session.pause()) != nil {
			return nil //nolint:nilerr // the end of ctx is the wanted end
		}
		err := p.session.revive(ctx)
		if ctx.Err() != nil {
			continue
		}
		kind := failureKind(err)
		if kind != last && err != nil && told != nil {
			told(err)
		}
		last = kind
	}
}

// failureKind tells failures apart that an administrator would.
func failureKind(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrCredentials):
		return "credentials"
	case errors.Is(err, ErrUnavailable):
		return "unavailable"
	}
	return "other"
}
