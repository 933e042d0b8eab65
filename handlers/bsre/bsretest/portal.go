package bsretest

import (
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"strings"

	"resetpin/handlers/bsre"
	"resetpin/handlers/bsre/outside"
)

const portalRoot = "/api/rest/manage/"

// Portal serves the portal's API.
func (w *World) Portal() http.Handler { return w.served(PlacePortal, w.servePortal) }

func (w *World) servePortal(rec *recorder, r *http.Request) {
	if code, problem := w.admit(r); problem != "" {
		rec.entry.Problem = problem
		reply(rec, code, refusal{Message: http.StatusText(code)})
		return
	}
	path, ok := strings.CutPrefix(r.URL.Path, portalRoot)
	if !ok {
		w.refuse(rec, r, http.StatusNotFound, "no such address")
		return
	}
	method := http.MethodGet
	var serve func(*recorder, *http.Request)
	switch uid, details := strings.CutPrefix(path, "user/details/"); {
	case path == "user/list":
		method, serve = http.MethodPost, w.list
	case details:
		serve = func(rec *recorder, _ *http.Request) { w.show(rec, uid) }
	case path == "user/verify/phone":
		method, serve = http.MethodPost, w.verifyPhone
	case strings.HasPrefix(path, "cert/passphrase/reset/"):
		uid, serial, _ := strings.Cut(strings.TrimPrefix(path, "cert/passphrase/reset/"), "/")
		serve = func(rec *recorder, _ *http.Request) { w.reset(rec, uid, serial) }
	default:
		w.refuse(rec, r, http.StatusNotFound, "no such address")
		return
	}
	if r.Method != method {
		w.refuse(rec, r, http.StatusMethodNotAllowed, "the address wants "+method)
		return
	}
	serve(rec, r)
}

// admit checks what every call must carry, and that it does not come too
// early.
func (w *World) admit(r *http.Request) (code int, problem string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.options.Now()
	issued := w.signOnNow() // tokens carry the sign-on's time, and the portal lives beside it
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	ends, known := w.access[bearer]
	switch {
	case !ok || !known || issued.After(ends):
		return http.StatusUnauthorized, "no good token"
	case net.ParseIP(r.Header.Get("X-USER-IP")) == nil:
		return http.StatusBadRequest, "X-USER-IP holds no address"
	case r.Header.Get("X-Requested-With") != "XMLHttpRequest":
		return http.StatusForbidden, "X-Requested-With is missing"
	case now.Sub(w.lastCall) < w.options.Gap:
		return http.StatusTooManyRequests, "too soon after the last call"
	}
	w.lastCall = now
	return 0, ""
}

// question reads a JSON body, or answers what is wrong with it.
func (w *World) question(rec *recorder, r *http.Request, into any) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		w.refuse(rec, r, http.StatusUnsupportedMediaType, "the body is not said to be JSON")
		return false
	}
	d := json.NewDecoder(io.LimitReader(r.Body, 64<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		w.refuse(rec, r, http.StatusBadRequest, "the body is not the JSON that is wanted")
		return false
	}
	return true
}

// list finds people. A row found by NIK does not show the numbers.
func (w *World) list(rec *recorder, r *http.Request) {
	var q struct {
		Search  *string           `json:"search"`
		Start   *int              `json:"start"`
		Length  *int              `json:"length"`
		Filters map[string]string `json:"filters"`
	}
	if !w.question(rec, r, &q) {
		return
	}
	if q.Search == nil || q.Start == nil || q.Length == nil || *q.Search != "" || len(q.Filters) != 1 {
		w.refuse(rec, r, http.StatusBadRequest, "search, start, length and one filter are wanted")
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	found := rows{All: []profile{}}
	for _, p := range w.order {
		byNIK := q.Filters["nik"] != "" && p.NIK == q.Filters["nik"]
		byEmail := q.Filters["email"] != "" && strings.EqualFold(p.Email, q.Filters["email"])
		if p.Status != bsre.NotRegistered && (byNIK || byEmail) {
			found.All = append(found.All, p.profile())
		}
	}
	found.Filters = map[string]string{"institution_id": organisationID}
	maps.Copy(found.Filters, q.Filters)
	found.Total, found.Shown = len(found.All), len(found.All)
	w.answer(rec, http.StatusOK, consent{Success: true, Message: "OK", Data: found})
}

// byID runs under the lock.
func (w *World) byID(uid string) *person {
	for _, p := range w.order {
		if p.id == uid {
			return p
		}
	}
	return nil
}

// reset makes the reset mail. It is a GET with an effect.
func (w *World) reset(rec *recorder, uid, serial string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.byID(uid)
	if p == nil {
		w.answer(rec, http.StatusNotFound, refusal{Message: "User tidak ditemukan"})
		return
	}
	c, known := p.certificate(serial)
	switch {
	case !known:
		rec.entry.Problem = "no such serial number"
		w.answer(rec, http.StatusNotFound, refusal{Message: "Serial number sertifikat tidak valid"})
	case c.Status != bsre.Issue:
		rec.entry.Problem = "the certificate is not active"
		w.answer(rec, http.StatusOK, refusal{Message: "Sertifikat tidak dalam status ISSUE"})
	case !p.PhoneVerified:
		rec.entry.Problem = "the phone is not verified"
		w.answer(rec, http.StatusOK, refusal{Status: "error", Message: "Nomor telepon belum diverifikasi"})
	default:
		if c.Product != ProductSignature {
			rec.entry.Problem = "the passphrase of a seal was reset"
		}
		p.resets++
		p.Link = "RESET_PASSPHRASE"
		rec.entry.Effect = true
		w.sendReset(p)
		w.answer(rec, http.StatusOK, consent{Success: true, Message: "Link reset passphrase berhasil dikirim ke email"})
	}
}

// verifyPhone sends the WhatsApp message.
func (w *World) verifyPhone(rec *recorder, r *http.Request) {
	var q struct{ UID, Phone string }
	if !w.question(rec, r, &q) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.byID(q.UID)
	switch {
	case p == nil:
		w.answer(rec, http.StatusNotFound, refusal{Message: "User tidak ditemukan"})
	case national(q.Phone) != national(p.Phone):
		rec.entry.Problem = "another phone number"
		w.answer(rec, http.StatusOK, refusal{Message: "Nomor telepon tidak sesuai"})
	default:
		rec.entry.Effect = true
		w.sendWhatsApp(p)
		w.answer(rec, http.StatusOK, consent{Success: true, Message: "Link verifikasi dikirim ke WhatsApp"})
	}
}

// national is a phone number without the country's or the trunk's prefix.
func national(phone string) string {
	return strings.TrimLeft(strings.TrimPrefix(outside.Digits(phone), "62"), "0")
}

// answer writes an answer of the portal, rewritten where a test wants that.
func (w *World) answer(rec *recorder, code int, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values
	}
	if w.rewrite != nil {
		data = w.rewrite(rec.entry.Path, data)
	}
	raw(rec, code, string(data))
}

func reply(rec *recorder, code int, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values
	}
	raw(rec, code, string(data))
}
