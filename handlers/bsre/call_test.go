package bsre_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"resetpin/handlers/bsre"
)

// seen is what the gateway was asked.
type seen struct {
	method, uri, kind, body string
	user, password          string
}

func gateway(t *testing.T, code int, answer string) (*httptest.Server, *[]seen) {
	t.Helper()
	var all []seen
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s := seen{method: r.Method, uri: r.RequestURI, kind: r.Header.Get("Content-Type"), body: string(body)}
		s.user, s.password, _ = r.BasicAuth()
		all = append(all, s)
		w.WriteHeader(code)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return server, &all
}

func TestCallFillsTheTemplate(t *testing.T) {
	odd := bsre.Person{NIK: "3/1 7&4", NIP: `19"8\5`, Email: "a+b&c=d/e@contoh.go.id"}
	for name, c := range map[string]struct {
		method, url, body string
		want              seen
	}{
		"path and query": {"GET", "/pin/{nik}/{email}?nip={nip}&e={email}&n=1", "",
			seen{method: "GET", uri: "/pin/3%2F1%207&4/a+b&c=d%2Fe@contoh.go.id?nip=19%228%5C5&e=a%2Bb%26c%3Dd%2Fe%40contoh.go.id&n=1"}},
		"json": {"", "/pin", `{"nik":"{nik}","to":["{email}"],"nip":"<{nip}>","q\"{nik}":1}`,
			seen{method: "POST", uri: "/pin", kind: "application/json", body: `{"nik":"3/1 7\u00264","to":["a+b\u0026c=d/e@contoh.go.id"],"nip":"<19\"8\\5>","q\"3/1 7\u00264":1}`}},
		"json without quotes": {"put", "/pin", `{"nik":{nik},"x":[{nip}, {email}]}`,
			seen{method: "PUT", uri: "/pin", kind: "application/json", body: `{"nik":"3/1 7\u00264","x":["19\"8\\5", "a+b\u0026c=d/e@contoh.go.id"]}`}},
		"form": {"", "/pin", "nik={nik}&email={email}&aksi=reset",
			seen{method: "POST", uri: "/pin", kind: "application/x-www-form-urlencoded", body: "nik=3%2F1+7%264&email=a%2Bb%26c%3Dd%2Fe%40contoh.go.id&aksi=reset"}},
		"fragment": {"POST", "/pin#x", "", seen{method: "POST", uri: "/pin"}},
	} {
		t.Run(name, func(t *testing.T) {
			server, all := gateway(t, 200, `{"message":"Link dikirim"}`)
			call, err := bsre.NewCall(bsre.CallConfig{Method: c.method, URL: server.URL + c.url, Body: c.body, Username: "u", Password: "p"})
			if err != nil {
				t.Fatal(err)
			}
			got, err := call.Reset(t.Context(), odd)
			if err != nil || got.Kind != bsre.OutcomeSent || got.Message != "Link dikirim" || got.Email != odd.Email {
				t.Errorf("got %+v, %v", got, err)
			}
			if len(*all) != 1 || (*all)[0] != c.want {
				t.Errorf("the gateway saw\n%+v, want\n%+v", *all, c.want)
			}
		})
	}
}

// The password goes to BSrE's own server only.
func TestCallKeepsThePassword(t *testing.T) {
	server, all := gateway(t, 200, `{}`)
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	for service, want := range map[string]string{
		server.URL:            "rahasia",
		server.URL + "/esign": "rahasia",
		strings.ToUpper(server.URL[:4]) + server.URL[4:]: "rahasia",
		"https" + server.URL[4:]:                         "",
		"http://127.0.0.1":                               "",
		"http://localhost" + port:                        "",
		"http://127.0.0.1.contoh.go.id" + port:           "",
		"":                                               "",
	} {
		*all = nil
		call, err := bsre.NewCall(bsre.CallConfig{URL: server.URL + "/x", BSrEURL: service, Username: "u", Password: "rahasia"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := call.Reset(t.Context(), who(sari())); err != nil {
			t.Fatal(err)
		}
		if got := (*all)[0].password; got != want {
			t.Errorf("%q: the gateway got %q", service, got)
		}
	}
}

func TestCallOutcomes(t *testing.T) {
	for _, c := range []struct {
		code int
		body string
		kind bsre.OutcomeKind
		err  error
	}{
		{200, `{"success":true}`, bsre.OutcomeSent, nil},
		{200, ``, bsre.OutcomeSent, nil},
		{204, ``, bsre.OutcomeSent, nil},
		{200, `OK`, bsre.OutcomeSent, nil},
		{200, `"OK"`, bsre.OutcomeSent, nil},
		{200, `[]`, bsre.OutcomeSent, nil},
		{200, `{}`, bsre.OutcomeSent, nil},
		{202, `<p>Berhasil</p>`, "", bsre.ErrOutcomeUnknown},
		{200, "\ufeff\n<!DOCTYPE html><html><form>Silakan masuk", "", bsre.ErrOutcomeUnknown}, // a proxy's page
		{200, `{"success":tr`, "", bsre.ErrOutcomeUnknown},
		{200, `{"status":"error"}`, bsre.OutcomeRefused, nil},
		{404, `{"timestamp":1,"status":404,"error":"Not Found","path":"/x"}`, "", bsre.ErrUnavailable},
		{407, ``, "", bsre.ErrUnavailable},
		{200, `{"success":false,"message":"NIK tidak terdaftar 9901014505880001"}`, bsre.OutcomeRefused, nil},
		{422, `{"message":"x"}`, bsre.OutcomeRefused, nil},
		{401, `{"status":401}`, "", bsre.ErrCredentials},
		{404, `<html>`, "", bsre.ErrUnavailable},
		{429, ``, "", bsre.ErrUnavailable},
		{302, ``, "", bsre.ErrOutcomeUnknown},
		{500, `{"success":false}`, "", bsre.ErrOutcomeUnknown},
		{502, `<html>`, "", bsre.ErrOutcomeUnknown},
	} {
		server, all := gateway(t, c.code, c.body)
		call, err := bsre.NewCall(bsre.CallConfig{URL: server.URL + "/{nik}"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := call.Reset(t.Context(), who(sari()))
		if !errors.Is(err, c.err) || got.Kind != c.kind || len(*all) != 1 || strings.Contains(got.Message, sari().NIK) {
			t.Errorf("%d %s: got %+v, %v after %d requests", c.code, c.body, got, err, len(*all))
		}
		if err != nil && strings.Contains(err.Error(), sari().NIK) {
			t.Errorf("the error names the NIK: %v", err)
		}
	}
}

func TestCallLooksNothingUp(t *testing.T) {
	call, err := bsre.NewCall(bsre.CallConfig{URL: "http://contoh.go.id/{nik}"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := call.Lookup(t.Context(), who(sari()))
	if err != nil || got.Email != sari().Email || !got.PhoneVerified {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := call.VerifyPhone(t.Context(), who(sari()), "0812"); !errors.Is(err, bsre.ErrNotSupported) {
		t.Errorf("got %v", err)
	}
}

func TestCallWithWrongSettings(t *testing.T) {
	for _, c := range []bsre.CallConfig{
		{URL: ""}, {URL: "/pin"}, {URL: "http://{nik}/"}, {URL: "http://u:rahasia@h/"}, {URL: "http://h/{nama}"}, {URL: "http://h/?x={"},
		{URL: "http://h/", Method: "G T"},
		{URL: "http://h/", Body: `{"nik":"{nik}"`}, {URL: "http://h/", Body: `nik`}, {URL: "http://h/", Body: `nik={nama}`},
		{URL: "http://h/", BSrEURL: "h"},
	} {
		if _, err := bsre.NewCall(c); err == nil || strings.Contains(err.Error(), "rahasia") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// FuzzCallBody: whatever the values are, the body stays what it is.
func FuzzCallBody(f *testing.F) {
	f.Add("3174", "a@b", `{"nik":"{nik}","e":{email}}`)
	f.Add(`"}`, `\`, `{"nik":"\\{nik}"}`)
	f.Add(`&x=1`, `%`, `nik={nik}&e={email}`)
	f.Fuzz(func(t *testing.T, nik, email, template string) {
		server, all := gateway(t, 200, "")
		call, err := bsre.NewCall(bsre.CallConfig{URL: server.URL + "/{nik}?e={email}", Body: template})
		if err != nil {
			return
		}
		if _, err := call.Reset(t.Context(), bsre.Person{NIK: nik, Email: email}); err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse((*all)[0].uri)
		if err != nil || u.Path != "/"+nik || u.Query().Get("e") != email || len(u.Query()) != 1 {
			t.Errorf("address %q: %v", (*all)[0].uri, err)
		}
	})
}
