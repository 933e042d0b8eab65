package telegram

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"resetpin/bot"
)

// facing gives an adapter whose Telegram answers with f.
func facing(t *testing.T, f http.HandlerFunc) *Adapter {
	t.Helper()
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	a, err := New(Config{Token: "4242:x", APIURL: srv.URL + "/", Signer: bot.NewSigner(nil)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAnswersThatAreNone: what a proxy or another server says is an error
// with a code to act on.
func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		retry  string
		body   string
		want   Error
	}{
		"spaces":          {200, "", `{ "ok" : true, "result" : {} }`, Error{}},
		"page of a proxy": {200, "", `<html>log in first</html>`, Error{Code: 502, Description: "the answer is not the Bot API's"}},
		"empty":           {200, "", ``, Error{Code: 502, Description: "the answer is not the Bot API's"}},
		"not ok":          {200, "", `{"ok":false,"error_code":400,"description":"Bad Request: x"}`, Error{Code: 502, Description: "the answer is not the Bot API's"}},
		"bare 429":        {429, "7", `<html></html>`, Error{Code: 429, Description: "Too Many Requests", RetryAfter: 7 * time.Second}},
		"redirect":        {302, "", ``, Error{Code: 302, Description: "Found"}},
		"migrated":        {400, "", `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1005}}`, Error{Code: 400, Description: "Bad Request: group chat was upgraded to a supergroup chat", MigratedTo: -1005}},
	} {
		a := facing(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.Header().Set("Retry-After", c.retry)
			w.WriteHeader(c.status)
			if _, err := w.Write([]byte(c.body)); err != nil {
				t.Error(err)
			}
		})
		err := a.api.call(t.Context(), "sendMessage", struct{}{}, nil)
		var got *Error
		if !errors.As(err, &got) {
			got = &Error{}
		}
		got.Method = ""
		if *got != c.want || err == nil && c.want.Code != 0 {
			t.Errorf("%s: %v (%+v)", name, err, got)
		}
	}
}

// TestHTTP1: calls do not share one HTTP/2 connection.
func TestHTTP1(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			t.Errorf("called by %s", r.Proto)
		}
		if _, err := w.Write([]byte(`{"ok":true,"result":true}`)); err != nil {
			t.Error(err)
		}
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	own, ok := transport(nil).(*http.Transport)
	theirs, fine := srv.Client().Transport.(*http.Transport)
	if !ok || !fine {
		t.Fatal("other transports")
	}
	own.TLSClientConfig = theirs.TLSClientConfig.Clone()
	own.TLSClientConfig.NextProtos = nil
	a, err := New(Config{Token: "4242:x", APIURL: srv.URL, Signer: bot.NewSigner(nil), HTTPClient: &http.Client{Transport: own}})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.api.call(t.Context(), "getMe", struct{}{}, nil); err != nil {
		t.Error(err)
	}
}
