package bsretest

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"resetpin/handlers/bsre"
)

// Variant is a dialect of the eSign Client Service, as installations differ.
type Variant string

// The dialects.
const (
	VariantPlain       Variant = ""             // as an installation of 2026 answers
	VariantCodeText    Variant = "code-text"    // status_code is a string
	VariantStatusUser  Variant = "status_user"  // a proxy renamed status
	VariantStatusCamel Variant = "statusUser"   // another proxy did
	VariantOldWords    Variant = "old-words"    // an older sentence for ISSUE
	VariantNotFound    Variant = "404"          // somebody unknown is a 404 that says so
	VariantNowhere     Variant = "404-bare"     // somebody unknown is a 404 as of any wrong address
	VariantTextOnly    Variant = "text-only"    // somebody unknown is a 400 with the code in the sentence
	VariantNoJudge     Variant = "no-judge"     // somebody unknown has NO_CERTIFICATE
	VariantDesc        Variant = "desc"         // the sentence stands in desc
	VariantLowerCase   Variant = "lower-case"   // the words are not in capitals
	VariantByteOrder   Variant = "byte-order"   // a byte-order mark stands before the answer
	VariantMoreWords   Variant = "more-words"   // fields that nobody knows
	VariantUnknownWord Variant = "unknown-word" // a status that nobody knows
)

// Variants are all dialects.
func Variants() []Variant {
	return []Variant{
		VariantPlain, VariantCodeText, VariantStatusUser, VariantStatusCamel, VariantOldWords, VariantNotFound, VariantTextOnly,
		VariantNoJudge, VariantDesc, VariantLowerCase, VariantByteOrder, VariantMoreWords, VariantUnknownWord,
	}
}

// SetVariant changes the dialect.
func (w *World) SetVariant(v Variant) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.variant = v
}

// SetAPIs leaves only some generations of the API there, of v1 and v2.
func (w *World) SetAPIs(apis ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.apis = apis
}

func (w *World) has(api string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.apis == nil || slices.Contains(w.apis, api)
}

// API serves the eSign Client Service, v2 and v1.
func (w *World) API() http.Handler { return w.served(PlaceAPI, w.serveAPI) }

func (w *World) serveAPI(rec *recorder, r *http.Request) {
	user, password, ok := r.BasicAuth()
	if !ok || subtle.ConstantTimeCompare([]byte(user), []byte(w.options.Username))&subtle.ConstantTimeCompare([]byte(password), []byte(w.options.Password)) == 0 {
		rec.entry.Problem = "wrong user or password"
		rec.Header().Set("WWW-Authenticate", `Basic realm="Realm"`)
		springError(rec, r, http.StatusUnauthorized)
		return
	}
	const v2, v1 = "/api/v2/user/check/status", "/api/user/status/"
	switch {
	case r.URL.Path == v2 && !w.has("v2"), strings.HasPrefix(r.URL.Path, v1) && !w.has("v1"):
		springError(rec, r, http.StatusNotFound)
	case r.URL.Path == v2:
		w.statusV2(rec, r)
	case strings.HasPrefix(r.URL.Path, v1):
		if r.Method != http.MethodGet {
			w.refuse(rec, r, http.StatusMethodNotAllowed, "v1 wants GET")
			return
		}
		w.answerStatus(rec, r, func(p *person) bool { return p.NIK == strings.TrimPrefix(r.URL.Path, v1) }, "1110")
	default:
		w.refuse(rec, r, http.StatusNotFound, "no such address")
	}
}

func (w *World) refuse(rec *recorder, r *http.Request, code int, problem string) {
	rec.entry.Problem = problem
	springError(rec, r, code)
}

func (w *World) statusV2(rec *recorder, r *http.Request) {
	if r.Method != http.MethodPost {
		w.refuse(rec, r, http.StatusMethodNotAllowed, "v2 wants POST")
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		w.refuse(rec, r, http.StatusUnsupportedMediaType, "the body is not said to be JSON")
		return
	}
	var question struct{ NIK, Email string }
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	if err != nil || json.Unmarshal(body, &question) != nil {
		w.refuse(rec, r, http.StatusBadRequest, "the body is no JSON object")
		return
	}
	w.answerStatus(rec, r, func(p *person) bool {
		if question.NIK == "" {
			return question.Email != "" && strings.EqualFold(p.Email, question.Email)
		}
		return p.NIK == question.NIK
	}, "2011")
}

// answerStatus tells the status of the person who is meant. Somebody unknown
// is not registered: the service does not judge the NIK.
func (w *World) answerStatus(rec *recorder, r *http.Request, meant func(*person) bool, notRegistered string) {
	w.mu.Lock()
	variant, status := w.variant, bsre.NotRegistered
	for _, p := range w.order {
		if meant(p) {
			status = p.Status
		}
	}
	w.mu.Unlock()
	unknown := status == bsre.NotRegistered
	switch {
	case unknown && variant == VariantNotFound:
		raw(rec, http.StatusNotFound, statusAnswer(variant, status, notRegistered))
		return
	case unknown && variant == VariantNowhere:
		springError(rec, r, http.StatusNotFound)
		return
	case unknown && variant == VariantTextOnly:
		raw(rec, http.StatusBadRequest, `{"error":"Proses signing gagal : User tidak terdaftar `+notRegistered+`","status_code":400}`)
		return
	case unknown && variant == VariantNoJudge:
		status = bsre.NoCertificate
	}
	code := statusCode(status)
	if status == bsre.NotRegistered {
		code = notRegistered
	}
	raw(rec, http.StatusOK, statusAnswer(variant, status, code))
}

// statusAnswer writes an answer in a dialect.
func statusAnswer(v Variant, status, code string) string {
	field, sentence, text, before, after := "status", statusSentence(status), "message", "", ""
	switch v {
	case VariantCodeText:
		code = `"` + code + `"`
	case VariantStatusUser, VariantStatusCamel:
		field = string(v)
	case VariantOldWords:
		if status == bsre.Issue {
			sentence = "User telah terdaftar dan memiliki sertifikat elektronik"
		}
	case VariantDesc:
		text = "desc"
	case VariantLowerCase:
		status = strings.ToLower(status)
	case VariantByteOrder:
		before = "\ufeff"
	case VariantMoreWords:
		after = `,"data":{"status":"REVOKE"},"list":[1,null],"message_en":null`
	case VariantUnknownWord:
		status = "DALAM_PENINJAUAN"
	}
	return fmt.Sprintf(`%s{"status_code":%s,%q:%q,%q:%q%s}`, before, code, field, status, text, sentence, after)
}

func statusCode(status string) string {
	switch status {
	case bsre.NoCertificate:
		return "2021"
	case bsre.Expired:
		return "2022"
	case bsre.Renew:
		return "2023"
	case bsre.Suspend:
		return "2024"
	case bsre.Revoke:
		return "2025"
	}
	return "1111" // also for the ones whose code nobody recorded
}

// statusSentence is BSrE's sentence for a status.
func statusSentence(status string) string {
	switch status {
	case bsre.Issue:
		return "User sudah terdaftar dan memiliki sertifikat dengan status ISSUE"
	case bsre.Expired:
		return "Masa berlaku Sertifikat Elektronik telah berakhir"
	case bsre.Renew:
		return "Sertifikat sedang dalam proses pembaruan"
	case bsre.WaitingForVerification:
		return "Sertifikat sedang dalam proses verifikasi"
	case bsre.New:
		return "Memiliki Sertifikat namun belum melakukan aktivasi"
	case bsre.NoCertificate:
		return "Sudah terdaftar namun belum memiliki Sertifikat Elektronik"
	case bsre.Suspend:
		return "Terdaftar namun dalam kondisi suspend"
	case bsre.Revoke:
		return "Sertifikat Elektronik sudah dicabut"
	}
	return "Belum terdaftar dan belum memiliki Sertifikat Elektronik"
}
