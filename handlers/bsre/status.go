package bsre

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	pathStatusV2 = "/api/v2/user/check/status"
	pathStatusV1 = "/api/user/status/"
)

// probeNIK has the shape of a NIK and cannot be anybody's: no district has
// the number 000000.
const probeNIK = "0000000000000000"

// StatusClient asks the eSign Client Service. It is safe for concurrent use.
type StatusClient struct {
	config    Config
	transport http.RoundTripper
	template  http.Request // what all questions have in common
	guard     *guard[Status]
}

// NewStatusClient checks the configuration. It asks nothing yet.
func NewStatusClient(c Config) (*StatusClient, error) {
	base, err := parseBase("BSRE_URL", c.URL)
	if err != nil {
		return nil, err
	}
	c.Timeout = orElse(c.Timeout, DefaultTimeout)
	s := &StatusClient{
		config: c, transport: c.Wrap.around(newTransport(c.CA)),
		guard: newGuard[Status](2*c.Timeout, orElse(c.BusyPause, DefaultBusyPause)),
	}
	header := http.Header{
		"Accept":        {"application/json"},
		"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(c.Username+":"+c.Password))},
	}
	switch c.API {
	case V2, "":
		base.Path += pathStatusV2
		header.Set("Content-Type", "application/json")
		s.template = http.Request{Method: http.MethodPost, URL: base, Header: header, Host: base.Host}
	case V1:
		base.Path += pathStatusV1
		s.template = http.Request{Method: http.MethodGet, URL: base, Header: header, Host: base.Host}
	default:
		return nil, fmt.Errorf("BSRE_API: want v2 or v1, not %q", string(c.API))
	}
	return s, nil
}

// Status asks for the status of the person's certificate by NIK. It tries up
// to three times within twice the timeout. Errors: ErrUnavailable,
// ErrCredentials; their text says what to look at.
func (c *StatusClient) Status(ctx context.Context, p Person) (Status, error) {
	end := time.Now().Add(2 * c.config.Timeout)
	st, err := c.guard.do(ctx, func() (Status, error) {
		until := time.Now().Add(c.config.Timeout)
		if end.Before(until) {
			until = end
		}
		ctx, cancel := context.WithDeadline(ctx, until)
		defer cancel()
		a, err := c.ask(ctx, p.NIK)
		if err != nil {
			return Status{}, unavailable("ask for the status", err)
		}
		return a.status()
	})
	if err != nil {
		return Status{}, advise(err, statusNames())
	}
	return st, nil
}

// Breaker tells how the breaker stands that spares a service that does not
// answer: one of BreakerStates.
func (c *StatusClient) Breaker() string { return c.guard.state() }

// ask puts the question once.
func (c *StatusClient) ask(ctx context.Context, nik string) (answer, error) {
	req := c.template.WithContext(ctx)
	if c.config.API == V1 {
		u := *c.template.URL
		u.RawPath = u.EscapedPath() + url.PathEscape(nik)
		u.Path += nik
		req.URL = &u
		return exchange(c.transport, req)
	}
	body, err := nikQuestion(nik)
	if err != nil {
		return answer{}, err
	}
	req.ContentLength = int64(len(body))
	req.Body = io.NopCloser(bytes.NewReader(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return exchange(c.transport, req)
}

// nikQuestion is {"nik":"…"}; numbers need no escaping.
func nikQuestion(nik string) ([]byte, error) {
	if strings.Trim(nik, "0123456789") == "" {
		return []byte(`{"nik":"` + nik + `"}`), nil
	}
	body, err := json.Marshal(struct {
		NIK string `json:"nik"`
	}{nik})
	if err != nil {
		return nil, errors.New("the NIK cannot be written")
	}
	return body, nil
}

// parseBase reads an address from the settings. The error names the setting
// and never repeats the address, which may hold a password.
func parseBase(setting, address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%s: want http://HOST or https://HOST", setting)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("%s: want no user, question mark or # in it", setting)
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	return u, nil
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}
