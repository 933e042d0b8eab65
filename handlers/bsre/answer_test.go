package bsre

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func TestStatusAnswers(t *testing.T) {
	for _, c := range []struct {
		code  int
		body  string
		value string
		err   error
	}{
		// As recorded.
		{200, `{"status_code":1111,"status":"ISSUE","message":"User sudah terdaftar dan memiliki sertifikat dengan status ISSUE"}`, Issue, nil},
		{200, `{"status_code":"1111","status":"ISSUE","message":"User telah terdaftar dan memiliki sertifikat elektronik"}`, Issue, nil},
		{200, `{"status_code":1110,"status":"NOT_REGISTERED"}`, NotRegistered, nil},
		{200, `{"status_code":2011,"status":"NOT_REGISTERED"}`, NotRegistered, nil},
		{200, `{"status_code":2021,"status":"NO_CERTIFICATE"}`, NoCertificate, nil},
		{404, `{"status_code":2011,"status":"NOT_REGISTERED","message":"User tidak terdaftar"}`, NotRegistered, nil},
		{404, `{"status_code":1110,"error":"User tidak terdaftar"}`, NotRegistered, nil},
		{404, `{"error":"User tidak terdaftar 2011"}`, NotRegistered, nil},
		// A 404 of anything else says nothing of anybody.
		{404, ``, "", ErrUnavailable},
		{404, `{"timestamp":1,"status":404,"error":"Not Found","path":"/x"}`, "", ErrUnavailable},
		{404, `{"timestamp":1,"status":404,"error":"Not Found","message":"No message available","path":"/api/2011"}`, "", ErrUnavailable},
		{404, `{"message":"no Route matched with those values"}`, "", ErrUnavailable},
		{404, `404 page not found`, "", ErrUnavailable},
		{404, `[]`, "", ErrUnavailable},
		{407, ``, "", ErrUnavailable},
		{401, `<html>masuk`, "", ErrUnavailable},
		// A year is no number of BSrE's.
		{200, `{"message":"Pengguna terdaftar sejak 2011"}`, "", ErrUnavailable},
		{400, `{"message":"Layanan berubah sejak 2021"}`, "", ErrUnavailable},
		{200, `{"success":false,"message":"User tidak terdaftar 2011"}`, NotRegistered, nil},
		{401, `{"timestamp":"2026-09-01","status":401,"error":"Unauthorized","path":"/api/user/status/3174"}`, "", ErrCredentials},
		{400, `{"error":"Proses signing gagal : User tidak terdaftar 2011","status_code":400}`, NotRegistered, nil},
		{400, `{"desc":"2021: belum memiliki sertifikat","status_code":"400"}`, NoCertificate, nil},
		{200, `{"status_user":"EXPIRED"}`, Expired, nil},
		{200, `{"statusUser":"SUSPEND","status":"success"}`, Suspend, nil},
		{200, `{"status":200,"status_user":"RENEW"}`, Renew, nil},
		// The word counts, whatever stands beside it.
		{200, `{"status_code":2011,"status":"ISSUE"}`, Issue, nil},
		{200, `{"status_code":1111,"status":"EXPIRED","message":"memiliki sertifikat dengan status ISSUE"}`, Expired, nil},
		{200, `{"status_code":1111,"status":"REVOKE","status_user":"ISSUE"}`, Revoke, nil},
		{200, `{"status":" issue "}`, Issue, nil},
		{400, `{"status":"NOT_REGISTERED"}`, NotRegistered, nil},
		// Without a word nobody can sign.
		{200, `{"status_code":1111,"message":"User telah terdaftar dan memiliki sertifikat elektronik"}`, "", ErrUnavailable},
		{200, `{"status_code":1111}`, "", ErrUnavailable},
		{200, `{"status":1111}`, "", ErrUnavailable},
		{200, `{"status":"1111"}`, "", ErrUnavailable},
		{200, `{"status":null}`, "", ErrUnavailable},
		{200, `{"status":["ISSUE"]}`, "", ErrUnavailable},
		{200, `{"status":{"value":"ISSUE"}}`, "", ErrUnavailable},
		{200, `{"status":""}`, "", ErrUnavailable},
		{200, `{"success":false,"status":"error"}`, "", ErrUnavailable},
		{400, `{"status":"ANEH"}`, "", ErrUnavailable},
		{200, `{"message":"sejak 2011 kami melayani"}`, "", ErrUnavailable},
		// Unknown words come as they are.
		{200, `{"status":"Dalam Peninjauan"}`, "Dalam Peninjauan", nil},
		{200, `{"status":"A\u0000B\u202e\nC<b>D</b>"}`, "AB C D", nil},
		{200, `{"status":"` + strings.Repeat("X", 500) + `"}`, strings.Repeat("X", 64), nil},
		{200, "\ufeff" + ` {"status":"ISSUE"} `, Issue, nil},
		// No answers.
		{200, ``, "", ErrUnavailable},
		{200, `null`, "", ErrUnavailable},
		{200, `[]`, "", ErrUnavailable},
		{200, `[{"status":"ISSUE"}]`, "", ErrUnavailable},
		{200, `"ISSUE"`, "", ErrUnavailable},
		{200, `<html>ISSUE</html>`, "", ErrUnavailable},
		{200, `{"status":"ISS`, "", ErrUnavailable},
		{200, `{"status":"ISSUE"}{`, "", ErrUnavailable},
		{404, `<html>`, "", ErrUnavailable},
		{403, `<html>`, "", ErrUnavailable},
		{403, `{"status":403}`, "", ErrCredentials},
		{302, ``, "", ErrUnavailable},
		{400, ``, "", ErrUnavailable},
		{500, `{"status":"ISSUE"}`, "", ErrUnavailable},
		{502, `<html>`, "", ErrUnavailable},
		{503, `{"status":"ISSUE"}`, "", errBusy},
		{429, ``, "", errBusy},
	} {
		got, err := answer{code: c.code, body: []byte(c.body)}.status()
		if got.Value != c.value || !errors.Is(err, c.err) {
			t.Errorf("%d %s: got %q, %v", c.code, c.body, got.Value, err)
		}
	}
}

// FuzzStamp: whatever stands for a date is read or told by its shape, which
// holds nothing of it.
func FuzzStamp(f *testing.F) {
	for _, seed := range []string{`"2027-06-19 09:40:14.000+0700"`, `"19 Juni 2027"`, `[2027,6,19]`, `null`, `""`, `1836873000000`, `{"$date":1}`, `"\ud800"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		if !json.Valid([]byte(data)) {
			return
		}
		var s stamp
		if err := json.Unmarshal([]byte(data), &s); err != nil {
			t.Fatal(err)
		}
		if !s.at.IsZero() && s.odd != "" || strings.ContainsAny(s.odd, "012345678bcdefghijklmnopqrstuvwxyz") || utf8.RuneCountInString(s.odd) > maxShape {
			t.Errorf("%s: %v, %q", data, s.at, s.odd)
		}
	})
}

func TestDates(t *testing.T) {
	want := time.Date(2028, 3, 17, 9, 30, 0, 0, jakarta())
	for _, in := range []loose{
		"2028-03-17 09:30:00.000+0700", "2028-03-17 09:30:00+0700", "2028-03-17 09:30:00.000 +0700", "2028-03-17 02:30:00.000Z",
		"2028-03-17 09:30:00", "2028-03-17T09:30:00+07:00", "2028-03-17T02:30:00Z", "2028-03-17T09:30:00.000+0700",
		"2028-03-17T09:30:00", "17-03-2028 09:30:00", "17/03/2028 09:30:00", "1836873000", "1836873000000",
	} {
		if got := in.date(); !got.Equal(want) {
			t.Errorf("%q: %v", in, got)
		}
	}
	for _, in := range []loose{"", "besok", "0", "17", "-1", "99999999999999999999", "2028-13-45"} {
		if got := in.date(); !got.IsZero() {
			t.Errorf("%q: %v", in, got)
		}
	}
}

func FuzzStatusAnswer(f *testing.F) {
	f.Add(200, `{"status_code":1111,"status":"ISSUE","message":"User <b>sudah</b> terdaftar"}`)
	f.Add(400, `{"error":"Proses signing gagal : User tidak terdaftar 2011","status_code":400}`)
	f.Add(401, `{"timestamp":1,"status":401,"error":"Unauthorized"}`)
	f.Add(200, "[[[[[[[[")
	f.Add(404, "\ufeff<")
	f.Fuzz(func(t *testing.T, code int, body string) {
		got, err := answer{code: code, body: []byte(body)}.status()
		if (err == nil) != (got.Value != "") {
			t.Fatalf("got %q with %v", got.Value, err)
		}
		if err != nil {
			if !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrCredentials) {
				t.Errorf("callers cannot act on %v", err)
			}
			return
		}
		if got.Value == Issue && !strings.Contains(strings.ToUpper(body), "ISSUE") && !strings.Contains(body, `\u`) && !strings.Contains(body, "&") {
			t.Error("somebody can sign, and nobody said so")
		}
		tidy(t, got.Value, maxValue)
		tidy(t, got.Message, maxMessage)
	})
}

// FuzzPortalAnswer: whatever the portal answers to a request with an effect,
// it is sent, refused, not done, or unknown, and its words are fit to show.
func FuzzPortalAnswer(f *testing.F) {
	f.Add(200, `{"success":true,"message":"Link dikirim"}`)
	f.Add(200, `{"success":false,"message":"<i>Gagal</i>"}`)
	f.Add(200, `{"success":{},"status":[],"message":7,"data":{"aaData":[{"id":4}]}}`)
	f.Add(404, `{"message":"Serial number sertifikat tidak valid"}`)
	f.Add(302, ``)
	f.Fuzz(func(t *testing.T, code int, body string) {
		a := answer{code: code, body: []byte(body)}
		message, err := a.effect(portalAnswer.agreed)
		tidy(t, message, maxMessage)
		var refused *RefusedError
		switch {
		case err == nil && (code < 200 || code > 299):
			t.Error("done, says an answer that is no yes")
		case errors.As(err, &refused):
			tidy(t, refused.Message, maxMessage)
		case err != nil && !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrCredentials) && !errors.Is(err, ErrOutcomeUnknown):
			t.Errorf("callers cannot act on %v", err)
		}
		if _, err := a.token(time.Now()); err != nil && !errors.Is(err, ErrUnavailable) && !errors.Is(err, ErrCredentials) {
			t.Errorf("callers cannot act on %v", err)
		}
	})
}

func tidy(t *testing.T, s string, n int) {
	t.Helper()
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > n {
		t.Errorf("%q is not fit to be shown", s)
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			t.Errorf("%q holds %U", s, r)
		}
	}
}
