package bsretest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/bsretest"
)

func TestSamples(t *testing.T) {
	seen := map[string]bool{}
	statuses := map[string]int{}
	for _, p := range bsretest.Samples() {
		for _, key := range []string{p.NIK, p.NIP, p.Name, p.Email, p.Phone} {
			if key == "" || seen[key] {
				t.Errorf("%s: %q is empty or not unique", p.Name, key)
			}
			seen[key] = true
		}
		if !regexp.MustCompile(`^99\d{14}$`).MatchString(p.NIK) || !regexp.MustCompile(`^\d{14}[12]\d{3}$`).MatchString(p.NIP) {
			t.Errorf("%s: NIK %s, NIP %s", p.Name, p.NIK, p.NIP)
		}
		birth, err := time.Parse("20060102", p.NIP[:8])
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		day := birth.Format("020106")
		if p.NIP[14] == '2' {
			day = string(day[0]+4) + day[1:]
		}
		if p.NIK[6:12] != day {
			t.Errorf("%s: the NIK's birth date is %s, want %s", p.Name, p.NIK[6:12], day)
		}
		if !strings.HasSuffix(p.Email, "@contoh.go.id") || p.Position == "" || p.Unit == "" || p.Grade == "" {
			t.Errorf("%+v", p)
		}
		statuses[p.Status]++
	}
	if len(statuses) != 9 || statuses[bsre.Issue] != 2 {
		t.Errorf("statuses: %v", statuses)
	}
}

// call sends a request as a clumsy client would.
func call(t *testing.T, h http.Handler, method, target, body string, header ...string) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	answer, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Code, string(answer)
}

func TestAPIIsStrict(t *testing.T) {
	w, err := bsretest.New(bsretest.Options{Username: "u", Password: "p"})
	if err != nil {
		t.Fatal(err)
	}
	const v2, v1 = "/api/v2/user/check/status", "/api/user/status/"
	login := []string{"Authorization", "Basic dTpw", "Content-Type", "application/json"}
	for _, c := range []struct {
		method, target, body string
		header               []string
		code                 int
		says                 string
	}{
		{"POST", v2, `{"nik":"9901014505880001"}`, login, 200, `"status":"ISSUE"`},
		{"POST", v2, `{"email":"SARI.contoh@contoh.go.id"}`, login, 200, `"status":"ISSUE"`},
		{"POST", v2, `{"nik":""}`, login, 200, `"status_code":2011`},
		{"POST", v2, `{}`, login, 200, `"status_code":2011`},
		{"POST", v2, `{"nik":"abc"}`, login, 200, `"status":"NOT_REGISTERED"`},
		{"GET", v1 + "9901014505880001", ``, login, 200, `"status_code":1111`},
		{"GET", v1 + "1", ``, login, 200, `"status_code":1110`},
		{"POST", v1 + "1", ``, login, 405, `"status":405`},
		{"GET", v2, ``, login, 405, `"status":405`},
		{"POST", v2, `{"nik":"1"}`, login[:2], 415, `"status":415`},
		{"POST", v2, `{"nik":1`, login, 400, `"status":400`},
		{"POST", v2, `{"nik":"1"}`, []string{"Authorization", "Basic eDp5", "Content-Type", "application/json"}, 401, `"error":"Unauthorized"`},
		{"POST", v2, `{"nik":"1"}`, login[2:], 401, `"status":401`},
		{"GET", "/lain", ``, login, 404, `"status":404`},
	} {
		code, body := call(t, w.API(), c.method, c.target, c.body, c.header...)
		if code != c.code || !strings.Contains(body, c.says) {
			t.Errorf("%s %s %s: HTTP %d %s", c.method, c.target, c.body, code, body)
		}
	}
}

// grantForm is a right login; changed by pairs of names and values.
func grantForm(t *testing.T, now time.Time, pairs ...string) string {
	t.Helper()
	code, err := totp.GenerateCode("GEZDGNBVGY3TQOJQ", now)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"grant_type": {"password"}, "client_id": {"ams"}, "scope": {"openid"}, "username": {"op"}, "password": {"pw"}, "totp": {code}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form.Encode()
}

var refreshToken = regexp.MustCompile(`"refresh_token":"([0-9a-f]+)"`)
var accessToken = regexp.MustCompile(`"access_token":"([0-9a-f]+)"`)

func TestSignOnIsStrict(t *testing.T) {
	now := time.Now()
	w, err := bsretest.New(bsretest.Options{Operator: "op", OperatorPassword: "pw", TOTPSecret: "GEZDGNBVGY3TQOJQ", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	kind := []string{"Content-Type", "application/x-www-form-urlencoded"}
	for _, pairs := range [][]string{
		{"client_id", "lain"}, {"scope", ""}, {"username", "x"}, {"password", "x"}, {"totp", "000000"}, {"totp", ""}, {"grant_type", "x"},
	} {
		if code, body := call(t, w.SSO(), "POST", bsretest.TokenPath, grantForm(t, now, pairs...), kind...); code < 400 || !strings.Contains(body, `"error":"`) {
			t.Errorf("%v: HTTP %d %s", pairs, code, body)
		}
	}
	if code, _ := call(t, w.SSO(), "GET", bsretest.TokenPath, ""); code != 405 {
		t.Errorf("GET: HTTP %d", code)
	}
	if code, _ := call(t, w.SSO(), "POST", bsretest.TokenPath, grantForm(t, now)); code != 415 {
		t.Errorf("no content type: HTTP %d", code)
	}
	code, body := call(t, w.SSO(), "POST", bsretest.TokenPath, grantForm(t, now), kind...)
	if code != 200 {
		t.Fatalf("HTTP %d %s", code, body)
	}
	if code, _ := call(t, w.SSO(), "POST", bsretest.TokenPath, grantForm(t, now), kind...); code != 401 {
		t.Errorf("the same one-time code: HTTP %d", code)
	}
	refresh := func(token string) (int, string) {
		form := url.Values{"grant_type": {"refresh_token"}, "client_id": {"ams"}, "refresh_token": {token}}
		return call(t, w.SSO(), "POST", bsretest.TokenPath, form.Encode(), kind...)
	}
	first := refreshToken.FindStringSubmatch(body)[1]
	code, body = refresh(first)
	if code != 200 {
		t.Fatalf("refresh: HTTP %d %s", code, body)
	}
	second := refreshToken.FindStringSubmatch(body)[1]
	if code, _ := refresh(first); code != 400 {
		t.Errorf("the same refresh token: HTTP %d", code)
	}
	if code, _ := refresh(second); code != 400 {
		t.Errorf("the session lives on: HTTP %d", code)
	}
	now = now.Add(time.Minute)
	_, body = call(t, w.SSO(), "POST", bsretest.TokenPath, grantForm(t, now), kind...)
	now = now.Add(31 * time.Minute)
	if code, _ := refresh(refreshToken.FindStringSubmatch(body)[1]); code != 400 {
		t.Errorf("a refresh token that ended: HTTP %d", code)
	}
}

func TestPortalIsStrict(t *testing.T) {
	now := time.Now()
	w, err := bsretest.New(bsretest.Options{Operator: "op", OperatorPassword: "pw", TOTPSecret: "GEZDGNBVGY3TQOJQ", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	_, body := call(t, w.SSO(), "POST", bsretest.TokenPath, grantForm(t, now), "Content-Type", "application/x-www-form-urlencoded")
	bearer := "Bearer " + accessToken.FindStringSubmatch(body)[1]
	const root = "/api/rest/manage/"
	good := []string{"Authorization", bearer, "X-USER-IP", "10.0.0.1", "X-Requested-With", "XMLHttpRequest", "Content-Type", "application/json"}
	list := `{"search":"","start":0,"length":10,"filters":{"nik":"9901014505880001"}}`
	sari, tono := w.Persons()[0], w.Persons()[9]
	_, rows := call(t, w.Portal(), "POST", root+"user/list", list, good...)
	active := func(p bsretest.Person) string { c, _ := p.Active(); return c.Serial }
	uid := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(rows)[1]
	tonoUID := uid[:len(uid)-1] + "a"
	tonoUID = "b5e00009" + tonoUID[8:]
	for _, c := range []struct {
		method, target, body string
		header               []string
		code                 int
		says                 string
	}{
		{"POST", "user/list", list, good[2:], 401, "false"},
		{"POST", "user/list", list, append([]string{"Authorization", "Bearer x"}, good[2:]...), 401, "false"},
		{"POST", "user/list", list, append(good[:2:2], good[4:]...), 400, "false"},
		{"POST", "user/list", list, append(good[:4:4], good[6:]...), 403, "false"},
		{"POST", "user/list", list, good[:6], 415, ""},
		{"POST", "user/list", `{"search":"Sari","start":0,"length":10,"filters":{"nik":"1"}}`, good, 400, ""},
		{"POST", "user/list", `{"filters":{"nik":"1"}}`, good, 400, ""},
		{"POST", "user/list", `{"search":"","start":0,"length":10,"filters":{"nik":"1"}}`, good, 200, `"aaData":[]`},
		{"GET", "user/list", "", good, 405, ""},
		{"GET", "user/details/x", "", good, 404, "tidak ditemukan"},
		{"GET", "user/details/" + uid, "", good, 200, `"emailAddress":"` + sari.Email},
		{"GET", "cert/passphrase/reset/" + uid + "/4712", "", good, 404, "Serial number sertifikat tidak valid"},
		{"GET", "cert/passphrase/reset/" + uid + "/" + sari.Certificates[0].Serial, "", good, 200, `"success":false`},
		{"POST", "cert/passphrase/reset/" + uid + "/" + active(sari), "", good, 405, ""},
		{"GET", "cert/passphrase/reset/" + tonoUID + "/" + active(tono), "", good, 200, `"status":"error"`},
		{"POST", "user/verify/phone", `{"uid":"` + tonoUID + `","phone":"0811"}`, good, 200, `"success":false`},
		{"GET", "lain", "", good, 404, ""},
	} {
		now = now.Add(time.Second)
		code, body := call(t, w.Portal(), c.method, root+c.target, c.body, c.header...)
		if code != c.code || !strings.Contains(body, c.says) {
			t.Errorf("%s %s: HTTP %d %s", c.method, c.target, code, body)
		}
		if strings.Contains(body, sari.NIK) || strings.Contains(body, sari.Phone) {
			t.Errorf("%s %s shows a number whole: %s", c.method, c.target, body)
		}
	}
	if w.ResetsOf(sari.NIK)+w.ResetsOf(tono.NIK)+len(w.Mails())+len(w.WhatsApps(tono.NIK)) != 0 {
		t.Error("a refused request had an effect")
	}
	now = now.Add(time.Second)
	reset := root + "cert/passphrase/reset/" + uid + "/" + active(sari)
	if code, _ := call(t, w.Portal(), "GET", reset, "", good...); code != 200 || w.ResetsOf(sari.NIK) != 1 {
		t.Errorf("HTTP %d, %d resets", code, w.ResetsOf(sari.NIK))
	}
	now = now.Add(300 * time.Millisecond)
	if code, _ := call(t, w.Portal(), "GET", reset, "", good...); code != 429 || w.ResetsOf(sari.NIK) != 1 {
		t.Errorf("too soon: HTTP %d, %d resets", code, w.ResetsOf(sari.NIK))
	}
}
