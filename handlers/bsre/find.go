package bsre

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"resetpin/handlers/bsre/outside"
	"strings"
)

// maxPhone bounds a masked phone number, in runes.
const maxPhone = 40

// found is a person as the portal shows them.
type found struct {
	uid          string
	email, phone string // the phone as it came, perhaps whole
	verified     bool
	link         string
	certificates []certificate
}

// listQuestion finds people by NIK; search stays empty.
type listQuestion struct {
	Search  string      `json:"search"`
	Start   int         `json:"start"`
	Length  int         `json:"length"`
	Filters listFilters `json:"filters"`
}

type listFilters struct {
	NIK string `json:"nik"`
}

func phoneQuestion(uid, phone string) ([]byte, error) {
	body, err := json.Marshal(struct {
		UID   string `json:"uid"`
		Phone string `json:"phone"`
	}{uid, phone})
	if err != nil {
		return nil, errors.New("the phone number cannot be written")
	}
	return body, nil
}

// find gives the one person with the NIK. Found by NIK a row shows no number
// to compare, so a second row means: do not guess.
func (p *Portal) find(ctx context.Context, who Person) (found, error) {
	uid, err := p.list(ctx, who.NIK)
	if err != nil {
		return found{}, err
	}
	return p.details(ctx, who, uid)
}

// details reads all about the person with an id of the portal's.
func (p *Portal) details(ctx context.Context, who Person, uid string) (found, error) {
	var data struct {
		Profile struct {
			Email    loose `json:"emailAddress"`
			NIK      loose `json:"nik"`
			Phone    loose `json:"phone"`
			Verified loose `json:"phoneVerified"` // BSrE says yes or no; nothing is no answer
			Link     loose `json:"linkAktif"`
		} `json:"profile"`
		Certificates *[]certificate `json:"sertifikat"` // there is always a list, empty perhaps
	}
	if err := p.read(ctx, http.MethodGet, pathDetails+url.PathEscape(uid), nil, &data); err != nil {
		return found{}, fmt.Errorf("read the person's details: %w", err)
	}
	profile := data.Profile
	if !sameDigits(who.NIK, string(profile.NIK)) {
		return found{}, fmt.Errorf("%w: the portal shows somebody with another NIK", ErrAmbiguous)
	}
	email := outside.Clean(string(profile.Email), 254)
	if !strings.Contains(email, "@") {
		return found{}, p.missing(ctx, "emailAddress")
	}
	if data.Certificates == nil {
		return found{}, p.missing(ctx, "sertifikat")
	}
	if !profile.Verified.yes() && !profile.Verified.no() {
		return found{}, p.missing(ctx, "phoneVerified")
	}
	f := found{
		uid: uid, email: email, phone: cleanPhone(string(profile.Phone)), link: outside.Clean(string(profile.Link), maxValue),
		verified: profile.Verified.yes(), certificates: *data.Certificates,
	}
	for _, o := range f.odd() {
		p.config.Odd(ctx, o.field, o.shape)
	}
	return f, nil
}

// list gives the portal's id of the one person with the NIK. ErrNotFound says
// that the operator sees nobody: an operator sees the people of their own
// agency only.
func (p *Portal) list(ctx context.Context, nik string) (string, error) {
	body, err := listBody(nik)
	if err != nil {
		return "", err
	}
	var data struct {
		Rows *[]struct {
			ID loose `json:"id"`
		} `json:"aaData"`
	}
	if err := p.read(ctx, http.MethodPost, pathList, body, &data); err != nil {
		return "", fmt.Errorf("find the person: %w", err)
	}
	if data.Rows == nil {
		return "", p.missing(ctx, "aaData")
	}
	rows := *data.Rows
	switch {
	case len(rows) == 0:
		return "", ErrNotFound
	case len(rows) > 1:
		return "", ErrAmbiguous
	case strings.Trim(string(rows[0].ID), ".") == "": // "." and ".." would change the path
		return "", p.missing(ctx, "id")
	}
	return string(rows[0].ID), nil
}

func listBody(nik string) ([]byte, error) {
	body, err := json.Marshal(listQuestion{Length: 10, Filters: listFilters{NIK: nik}})
	if err != nil {
		return nil, errors.New("the NIK cannot be written")
	}
	return body, nil
}

// missing is the error for an answer without a field that decides: what is
// not said is neither yes nor no.
func (p *Portal) missing(ctx context.Context, field string) error {
	p.config.Odd(ctx, field, "missing")
	return unavailable("read the portal's answer", errors.New("it has no "+field))
}

// sameDigits compares a number with a masked one as far as it shows digits.
func sameDigits(number, mask string) bool {
	if len(mask) != len(number) {
		return true // another form of mask: it tells nothing
	}
	for i := range len(mask) {
		if c := mask[i]; c >= '0' && c <= '9' && c != number[i] {
			return false
		}
	}
	return true
}

// request makes a request to the portal. Its body can be sent only once.
func (p *Portal) request(ctx context.Context, method, path string, body []byte, token string) (*http.Request, error) {
	raw := p.base.EscapedPath() + path
	plain, err := url.PathUnescape(raw)
	if err != nil {
		return nil, errors.New("the address cannot be made")
	}
	u := *p.base
	u.Path, u.RawPath = plain, raw
	req := (&http.Request{
		Method: method, URL: &u, Host: u.Host,
		Header: http.Header{
			"Accept":           {"application/json"},
			"Authorization":    {"Bearer " + token},
			"X-User-Ip":        {p.config.UserIP},
			"X-Requested-With": {"XMLHttpRequest"},
		},
	}).WithContext(ctx)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	return req, nil
}
