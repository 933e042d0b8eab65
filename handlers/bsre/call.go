package bsre

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Call resets through the agency's own gateway, with one call. It is safe for
// concurrent use.
type Call struct {
	config    CallConfig
	method    string
	url       urlTemplate
	body      bodyTemplate
	login     string // the Authorization header; empty: none is sent
	transport http.RoundTripper
	timeout   time.Duration
}

var _ Resetter = (*Call)(nil)

// NewCall checks the configuration. It asks nothing yet.
func NewCall(c CallConfig) (*Call, error) {
	method := strings.ToUpper(strings.TrimSpace(c.Method))
	if method == "" {
		method = http.MethodPost
	}
	if strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return nil, fmt.Errorf("BSRE_RESET_METHOD: want GET, POST or another method, not %q", c.Method)
	}
	address, err := parseURLTemplate(c.URL)
	if err != nil {
		return nil, err
	}
	body, err := parseBodyTemplate(c.Body)
	if err != nil {
		return nil, err
	}
	call := &Call{config: c, method: method, url: address, body: body, transport: c.Wrap.around(newOnceTransport(c.CA)), timeout: orElse(c.Timeout, DefaultTimeout)}
	if c.BSrEURL != "" {
		service, err := parseBase("BSRE_URL", c.BSrEURL)
		if err != nil {
			return nil, err
		}
		if sameServer(service, address.base) {
			call.login = "Basic " + base64.StdEncoding.EncodeToString([]byte(c.Username+":"+c.Password))
		}
	}
	return call, nil
}

// sameServer tells whether two addresses lead to the same server, so that one
// may see the other's password.
func sameServer(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// Lookup gives the directory's address: the gateway tells nothing. There is
// no error.
func (c *Call) Lookup(_ context.Context, p Person) (Subject, error) {
	return Subject{Email: p.Email, PhoneVerified: true}, nil
}

// VerifyPhone gives ErrNotSupported.
func (c *Call) VerifyPhone(context.Context, Person, string) (Subject, error) {
	return Subject{}, ErrNotSupported
}

// Glance gives ErrNotSupported.
func (c *Call) Glance(context.Context, Person) (Subject, error) { return Subject{}, ErrNotSupported }

// Queue is empty: the gateway takes all calls at once.
func (c *Call) Queue() (people int, wait time.Duration) { return 0, 0 }

// Turn is 0.
func (c *Call) Turn() time.Duration { return 0 }

// Reset makes the call, at most once. A 2xx whose body does not say that it
// failed counts as done, unless it is a web page, which is a proxy's login as
// likely, or JSON that ends in the middle. Errors: ErrOutcomeUnknown; with
// ErrUnavailable and ErrCredentials nothing happened.
func (c *Call) Reset(ctx context.Context, p Person) (Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*c.timeout)
	defer cancel()
	req, err := c.request(ctx, p)
	if err != nil {
		return Outcome{}, unavailable("ask the gateway", err)
	}
	a, err := exchangeOnce(c.transport, req)
	if err != nil {
		return Outcome{}, fmt.Errorf("ask the gateway: %w", err)
	}
	if a.code >= 200 && a.code < 300 && a.wordless() {
		return Outcome{Kind: OutcomeSent, Email: p.Email}, nil
	}
	message, err := a.effect(func(portalAnswer) bool { return true })
	var refused *RefusedError
	switch {
	case errors.As(err, &refused):
		return Outcome{Kind: OutcomeRefused, Message: refused.Message}, nil
	case err != nil:
		return Outcome{}, fmt.Errorf("ask the gateway: %w", err)
	}
	return Outcome{Kind: OutcomeSent, Email: p.Email, Message: message}, nil
}

// wordless tells an answer that says nothing: an empty one, or plain words of a
// gateway's own.
func (a answer) wordless() bool {
	body := a.trimmed()
	return len(body) == 0 || gjson.ValidBytes(body) && body[0] != '{' || !bytes.ContainsAny(body[:1], "<{[\"")
}

func (c *Call) request(ctx context.Context, p Person) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, c.method, c.url.fill(p), nil)
	if err != nil {
		return nil, errors.New("the address cannot be made")
	}
	req.Header.Set("Accept", "application/json")
	if body := c.body.fill(p); body != "" {
		req.Header.Set("Content-Type", c.body.kind)
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	}
	if c.login != "" {
		req.Header.Set("Authorization", c.login)
	}
	return req, nil
}

// Check connects to the gateway and says nothing: any call could be the one
// that resets.
func (c *Call) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	names := settingNames{url: "BSRE_RESET_URL", login: "BSRE_USERNAME and BSRE_PASSWORD"}
	address := net.JoinHostPort(c.url.base.Hostname(), portOf(c.url.base))
	if err := c.connect(ctx, address); err != nil {
		return advise(unavailable("connect to the gateway", newNetError(ctx, err)), names)
	}
	return nil
}
