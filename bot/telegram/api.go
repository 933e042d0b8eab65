package telegram

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// maxAnswer bounds what is read of an answer: 100 updates of at most some
// kilobytes each fit many times over.
const maxAnswer = 8 << 20

// Error is what the Bot API answered instead of a result. It holds no secret.
type Error struct {
	Method      string
	Code        int           // HTTP status
	Description string        // Telegram's own words
	RetryAfter  time.Duration // on 429
	MigratedTo  int64         // a group became the supergroup with this id
}

func (e *Error) Error() string {
	return fmt.Sprintf("telegram: %s: %d %s", e.Method, e.Code, e.Description)
}

// api makes Bot API calls as plain JSON, and as forms where a file goes
// along. Of the library come the types: it writes every call as a multipart
// form by reflection, which costs about three times the CPU.
type api struct {
	base    string // up to and including the token and a slash: never shown
	client  *http.Client
	log     *slog.Logger
	buffers sync.Pool
}

func newAPI(c Config) *api {
	client := &http.Client{}
	if c.HTTPClient != nil {
		*client = *c.HTTPClient
	} else {
		client.Transport = transport(c.CA)
	}
	if c.Wrap != nil {
		client.Transport = c.Wrap(client.Transport)
	}
	client.Timeout = 0 // every call brings its own deadline; a long poll's is long
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	a := &api{base: c.APIURL + "/bot" + c.Token + "/", client: client, log: c.Logger}
	a.buffers.New = func() any { return new(bytes.Buffer) }
	return a
}

// transport keeps many connections alive: answers to different people are
// sent side by side.
func transport(ca *x509.CertPool) http.RoundTripper {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t := base.Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 100, 100
	t.IdleConnTimeout = 60 * time.Second
	t.TLSClientConfig = &tls.Config{RootCAs: ca, MinVersion: tls.VersionTLS12}
	// HTTP/1.1 only: all calls would share one HTTP/2 connection, and when that
	// dies silently all of them hang on it, again and again.
	t.ForceAttemptHTTP2 = false
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	return t
}

// answer is the envelope of every result.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call makes one call. params is encoded as JSON; the result is decoded into
// out unless that is nil. An answer that is no success gives *Error; anything
// else that goes wrong gives an error without the address, which holds the
// token.
func (a *api) call(ctx context.Context, method string, params, out any) error {
	buf, _ := a.buffers.Get().(*bytes.Buffer)
	buf.Reset()
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false) // escapes would only make it longer
	if err := enc.Encode(params); err != nil {
		return fmt.Errorf("telegram: %s: encode: %w", method, err)
	}
	// The transport may read the body after Do returned, so the bytes are the
	// request's own; the buffer goes back into the pool.
	body := bytes.Clone(buf.Bytes())
	a.buffers.Put(buf)

	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+method, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("telegram: %s: the request cannot be made", method) // err holds the address
	}
	req.Header["Content-Type"] = jsonType
	data, err := a.do(req, method)
	if err != nil || out == nil {
		return err
	}
	return decodeResult(method, data, out)
}

// decodeResult reads the result of a successful answer.
func decodeResult(method string, data []byte, out any) error {
	var env answer
	if err := json.Unmarshal(data, &env); err != nil {
		return fmt.Errorf("telegram: %s: decode the answer: %w", method, err)
	}
	if err := json.Unmarshal(env.Result, out); err != nil {
		return fmt.Errorf("telegram: %s: decode the result: %w", method, err)
	}
	return nil
}

var jsonType = []string{"application/json"}

// do sends a request and gives the body of a successful answer.
func (a *api) do(req *http.Request, method string) ([]byte, error) {
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("telegram: %s: %w", method, withoutURL(err))
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if cerr := resp.Body.Close(); err == nil {
		err = cerr
	}
	switch {
	case err != nil && resp.StatusCode == http.StatusOK:
		return nil, fmt.Errorf("telegram: %s: read the answer: %w", method, err)
	case resp.StatusCode == http.StatusOK && succeeded(data):
		return data, nil
	}
	return nil, readError(method, resp, data)
}

// succeeded tells whether an answer is a success. Telegram's own begins in
// one way only, which saves decoding it.
func succeeded(data []byte) bool {
	if bytes.HasPrefix(data, []byte(`{"ok":true,`)) {
		return true
	}
	var env answer
	return json.Unmarshal(data, &env) == nil && env.OK
}

// readError reads an answer that is no success; a proxy's page has no
// description.
func readError(method string, resp *http.Response, data []byte) error {
	e := &Error{Method: method, Code: resp.StatusCode, Description: http.StatusText(resp.StatusCode)}
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		e.RetryAfter = time.Duration(seconds) * time.Second
	}
	var env answer
	if err := json.Unmarshal(data, &env); err == nil && env.Description != "" {
		e.Description = env.Description
		e.RetryAfter = max(e.RetryAfter, time.Duration(env.Parameters.RetryAfter)*time.Second)
		e.MigratedTo = env.Parameters.MigrateTo
		if env.Code != 0 {
			e.Code = env.Code
		}
	}
	if resp.StatusCode == http.StatusOK { // neither success nor an error of Telegram's
		e.Code, e.Description = http.StatusBadGateway, "the answer is not the Bot API's"
	}
	return e
}

// withoutURL takes the address, which holds the token, out of net/http's
// errors.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
