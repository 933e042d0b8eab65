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
	"strings"
)

// maxPhone bounds a masked phone number, in runes.
const maxPhone = 40

// found is a person as the portal shows them.
type found struct {
	uid          string
	email, phone string
	verified     bool
	certificates []certificate
}

type certificate struct {
	Serial loose `json:"serialNumber"`
	Ends   loose `json:"notAfterDate"`
	Status loose `json:"status"`
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
	var data struct {
		Profile struct {
			Email    loose `json:"emailAddress"`
			NIK      loose `json:"nik"`
			Phone    loose `json:"phone"`
			Verified loose `json:"phoneVerified"`
		} `json:"profile"`
		Certificates []certificate `json:"sertifikat"`
	}
	if err := p.read(ctx, http.MethodGet, pathDetails+url.PathEscape(uid), nil, &data); err != nil {
		return found{}, fmt.Errorf("read the person's details: %w", err)
	}
	profile := data.Profile
	if !sameDigits(who.NIK, string(profile.NIK)) {
		return found{}, fmt.Errorf("%w: the portal shows somebody with another NIK", ErrAmbiguous)
	}
	email := clean(string(profile.Email), 254)
	if !strings.Contains(email, "@") {
		return found{}, unavailable("read the person's details", errors.New("no e-mail address in it"))
	}
	return found{
		uid: uid, email: email, phone: cleanPhone(string(profile.Phone)),
		verified: profile.Verified.yes(), certificates: data.Certificates,
	}, nil
}

// list gives the portal's id of the one person with the NIK.
func (p *Portal) list(ctx context.Context, nik string) (string, error) {
	body, err := json.Marshal(listQuestion{Length: 10, Filters: listFilters{NIK: nik}})
	if err != nil {
		return "", errors.New("the NIK cannot be written")
	}
	var data struct {
		Rows []struct {
			ID loose `json:"id"`
		} `json:"aaData"`
	}
	if err := p.read(ctx, http.MethodPost, pathList, body, &data); err != nil {
		return "", fmt.Errorf("find the person: %w", err)
	}
	switch {
	case len(data.Rows) == 0:
		return "", ErrNotFound
	case len(data.Rows) > 1:
		return "", ErrAmbiguous
	case strings.Trim(string(data.Rows[0].ID), ".") == "": // "." and ".." would change the path
		return "", unavailable("find the person", errors.New("the answer names nobody"))
	}
	return string(data.Rows[0].ID), nil
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

// subject chooses the certificate that is meant: the active one. Revoked ones
// may come first. Of several active ones the one that ends last is newest.
func (f found) subject() (Subject, error) {
	s := Subject{UID: f.uid, Email: f.email, Phone: f.phone, PhoneVerified: f.verified}
	count := 0
	for _, c := range f.certificates {
		if !strings.EqualFold(strings.TrimSpace(string(c.Status)), Issue) || strings.Trim(string(c.Serial), ".") == "" {
			continue
		}
		ends := c.Ends.date()
		switch {
		case count > 0 && ends.Equal(s.EndDate):
			count++
			continue
		case count > 0 && ends.Before(s.EndDate):
			continue
		}
		s.Serial, s.EndDate, count = string(c.Serial), ends, 1
	}
	switch count {
	case 0:
		return Subject{}, ErrNoCertificate
	case 1:
		return s, nil
	}
	return Subject{}, fmt.Errorf("%w: two active certificates", ErrAmbiguous)
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
