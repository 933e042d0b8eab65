package bsretest

import (
	"fmt"
	"io"
	"net/http"
	"time"
)

// Place is a part of BSrE that can be disturbed on its own.
type Place string

// The places.
const (
	PlaceAPI    Place = "api"    // the eSign Client Service
	PlacePortal Place = "portal" // the portal
	PlaceSSO    Place = "sso"    // the portal's sign-on
	placeSite   Place = "site"
)

// Mode is how a place behaves.
type Mode string

// The modes.
const (
	ModeOK      Mode = "ok"
	ModeSlow    Mode = "slow"    // answers after the delay
	ModeDown    Mode = "down"    // cuts the connection and does nothing
	ModeLost    Mode = "lost"    // does what is asked, and cuts the connection instead of answering
	ModeSilent  Mode = "silent"  // reads the request, does nothing, and cuts the connection after the delay
	ModeError   Mode = "500"     // with JSON
	ModeGateway Mode = "502"     // with HTML
	ModeBusy    Mode = "503"     // with JSON
	ModeLimit   Mode = "429"     // with JSON
	ModeLogin   Mode = "401"     // with JSON
	ModeHTML    Mode = "html"    // 200 with HTML
	ModeEmpty   Mode = "empty"   // 200 with nothing
	ModeNull    Mode = "null"    // 200 with null
	ModeArray   Mode = "array"   // 200 with []
	ModeGarbage Mode = "garbage" // 200 with JSON that ends in the middle
	ModeRefuse  Mode = "refuse"  // 200 with success false and status error
)

// Modes are all modes.
func Modes() []Mode {
	return []Mode{
		ModeOK, ModeSlow, ModeDown, ModeLost, ModeSilent, ModeError, ModeGateway, ModeBusy, ModeLimit,
		ModeLogin, ModeHTML, ModeEmpty, ModeNull, ModeArray, ModeGarbage, ModeRefuse,
	}
}

type setting struct {
	mode  Mode
	delay time.Duration
	only  string // the mode is for paths that hold this; empty: all
}

// Set makes a place behave as the mode says; delay is for ModeSlow and
// ModeSilent.
func (w *World) Set(p Place, m Mode, delay time.Duration) { w.SetFor(p, "", m, delay) }

// SetFor is Set for the requests whose path holds part; the others are
// served well.
func (w *World) SetFor(p Place, part string, m Mode, delay time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.modes[p] = setting{mode: m, delay: delay, only: part}
	w.tell("")
}

func (w *World) setting(p Place) setting {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.modes[p]
}

const (
	gatewayPage = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>\n"
	proxyPage   = "<!DOCTYPE html>\n<html><head><title>Akses Internet</title></head><body><h1>Silakan masuk</h1><form><input name=\"user\"></form></body></html>\n"
)

// disturb answers in the mode's way; false means that the request is to be
// served.
func (s setting) disturb(rw http.ResponseWriter, r *http.Request) bool {
	switch s.mode {
	case ModeDown:
		panic(http.ErrAbortHandler)
	case ModeSilent:
		_, _ = io.Copy(io.Discard, r.Body) // whether it came whole makes no difference
		wait(r, s.delay)
		panic(http.ErrAbortHandler)
	case ModeSlow:
		wait(r, s.delay)
		return false
	case ModeError:
		springError(rw, r, http.StatusInternalServerError)
	case ModeGateway:
		page(rw, http.StatusBadGateway, gatewayPage)
	case ModeBusy:
		springError(rw, r, http.StatusServiceUnavailable)
	case ModeLimit:
		springError(rw, r, http.StatusTooManyRequests)
	case ModeLogin:
		springError(rw, r, http.StatusUnauthorized)
	case ModeHTML:
		page(rw, http.StatusOK, proxyPage)
	case ModeEmpty:
		rw.WriteHeader(http.StatusOK)
	case ModeNull:
		raw(rw, http.StatusOK, "null")
	case ModeArray:
		raw(rw, http.StatusOK, "[]")
	case ModeGarbage:
		raw(rw, http.StatusOK, `{"success":true,"status":"ISS`)
	case ModeRefuse:
		raw(rw, http.StatusOK, `{"success":false,"status":"error","message":"Permintaan tidak dapat diproses"}`)
	default:
		return false
	}
	return true
}

// wait waits, unless the client goes away.
func wait(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

func page(rw http.ResponseWriter, code int, html string) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(code)
	_, _ = io.WriteString(rw, html) // a reader who left needs no page
}

func raw(rw http.ResponseWriter, code int, json string) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(code)
	_, _ = io.WriteString(rw, json) //nolint:gosec // JSON, and a reader who left needs no answer
}

// springError is the error answer of the framework that the real services are
// built on; its status is a number.
func springError(rw http.ResponseWriter, r *http.Request, code int) {
	raw(rw, code, fmt.Sprintf(`{"timestamp":%d,"status":%d,"error":%q,"path":%q}`, time.Now().UnixMilli(), code, http.StatusText(code), r.URL.Path))
}
