package bsre

import (
	"context"
	"crypto/x509"
	"net/http"
	"time"
)

// API is a generation of the eSign Client Service.
type API string

// The generations.
const (
	V2 API = "v2" // POST /api/v2/user/check/status
	V1 API = "v1" // GET /api/user/status/{nik}
)

// Defaults of the configurations' zero values.
const (
	DefaultTimeout   = 10 * time.Second
	DefaultBusyPause = 2 * time.Second
	DefaultPortalURL = "https://portal-bsre.bssn.go.id"
	DefaultSSOURL    = "https://beid.bssn.go.id/realms/external-service/protocol/openid-connect/token"
	DefaultGap       = 400 * time.Millisecond
)

// Wrap puts something around the way of all requests, such as what counts
// them; nil: nothing.
type Wrap func(http.RoundTripper) http.RoundTripper

func (w Wrap) around(t http.RoundTripper) http.RoundTripper {
	if w == nil {
		return t
	}
	return w(t)
}

// Config says where the eSign Client Service is.
type Config struct {
	URL       string // http or https, may have a path
	Username  string
	Password  string
	API       API            // empty: V2
	CA        *x509.CertPool // nil: the system's
	Timeout   time.Duration  // of one call; a question takes at most twice that; 0: DefaultTimeout
	BusyPause time.Duration  // waited when the service says it is overloaded (429, 503); 0: DefaultBusyPause
	Wrap      Wrap
}

// TokenStore keeps the portal's session across restarts. What it is given is
// secret: it must be sealed before it is written.
type TokenStore interface {
	// LoadToken gives what was saved last; nil without an error when nothing was.
	LoadToken(ctx context.Context) ([]byte, error)
	// SaveToken replaces what was saved.
	SaveToken(ctx context.Context, token []byte) error
}

// PortalConfig says where the portal is and who asks.
type PortalConfig struct {
	URL        string // empty: DefaultPortalURL
	SSOURL     string // the token address; empty: DefaultSSOURL
	Username   string
	Password   string
	TOTPSecret string         // base32, RFC 6238; empty: Portal.Login must have been called once
	UserIP     string         // told as X-USER-IP; empty: this machine's address towards the portal
	Tokens     TokenStore     // nil: the session is lost at the end of the process
	Leases     Leases         // shared by all processes with the operator's account; nil: there is one
	Insecure   bool           // take addresses without TLS beyond this machine
	CA         *x509.CertPool // nil: the system's

	Timeout   time.Duration // of one call; 0: DefaultTimeout
	Gap       time.Duration // left between two calls; 0: DefaultGap
	BusyPause time.Duration // waited when the portal says it is overloaded; 0: DefaultBusyPause
	Now       func() time.Time

	// Odd is told of every value that is there and cannot be read: the
	// field, and the value's shape, in which digits are 9 and letters a.
	// nil: nobody is told.
	Odd func(ctx context.Context, field, shape string)

	Wrap       Wrap // around the calls to the portal
	WrapSignOn Wrap // around those to its sign-on
}

// CallConfig describes the one call that makes the agency's own gateway reset.
// URL and Body may hold {nik}, {nip} and {email}.
type CallConfig struct {
	Method string // empty: POST
	URL    string
	Body   string // JSON or a form; empty: none

	BSrEURL  string // Username and Password are sent only to this URL's host
	Username string
	Password string

	CA      *x509.CertPool // nil: the system's
	Timeout time.Duration  // 0: DefaultTimeout
	Wrap    Wrap
}
