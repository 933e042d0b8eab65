package bsre

import (
	"fmt"
	"resetpin/handlers/bsre/outside"
	"strings"
	"time"
)

// certificate is one of a person's certificates as the portal lists it.
type certificate struct {
	Serial  loose `json:"serialNumber"`
	Ends    stamp `json:"notAfterDate"`
	Status  loose `json:"status"`
	Product loose `json:"product"`
	Subject loose `json:"subjectDn"`
}

// kind is what a certificate is for.
type kind int

const (
	kindUnknown   kind = iota // the portal does not say, or says something new
	kindSignature             // of a person: the one whose passphrase people forget
	kindSeal                  // of an organisation
)

// maxProduct bounds the portal's word for a certificate's kind, in runes.
const maxProduct = 40

// product is the portal's word for what the certificate is for: of its own
// field, else the end of the subject ("…_Tanda Tangan Elektronik").
func (c certificate) product() string {
	if p := outside.Clean(string(c.Product), maxProduct); p != "" {
		return p
	}
	if i := strings.LastIndexByte(string(c.Subject), '_'); i >= 0 {
		return outside.Clean(string(c.Subject[i+1:]), maxProduct)
	}
	return ""
}

func (c certificate) kind() kind {
	switch p := strings.ToLower(c.product()); {
	case strings.Contains(p, "tanda tangan") && !strings.Contains(p, "segel"):
		return kindSignature
	case strings.Contains(p, "segel") && !strings.Contains(p, "tanda tangan"):
		return kindSeal
	}
	return kindUnknown
}

// active tells whether the certificate can be used, and named to the portal.
func (c certificate) active() bool {
	return strings.EqualFold(strings.TrimSpace(string(c.Status)), Issue) && strings.Trim(string(c.Serial), ".") != ""
}

// subject chooses the certificate that is meant: the active one of a
// signature. Revoked ones and a seal may stand before it; resetting a seal
// would be a wrong act. Of several the one that ends last is newest. When
// nothing tells a signature's, the only active one is meant, unless it is a
// seal. With ErrNoCertificate the end is that of the last signature.
func (f found) subject() (Subject, error) {
	s := Subject{UID: f.uid, Email: f.email, Phone: MaskPhone(f.phone), PhoneVerified: f.verified, Link: f.link}
	var signatures, unknown []certificate
	for _, c := range f.certificates {
		switch {
		case c.active() && c.kind() == kindSignature:
			signatures = append(signatures, c)
		case c.active() && c.kind() == kindUnknown:
			unknown = append(unknown, c)
		case c.kind() == kindSignature && c.Ends.at.After(s.EndDate):
			s.EndDate = c.Ends.at
		}
	}
	if len(signatures) == 0 {
		signatures = unknown
		if len(unknown) > 1 {
			return Subject{}, fmt.Errorf("%w: %d active certificates, and none says what it is for", ErrAmbiguous, len(unknown))
		}
	}
	if len(signatures) == 0 {
		return s, ErrNoCertificate
	}
	newest, alone := latest(signatures)
	if !alone {
		return Subject{}, fmt.Errorf("%w: %d active certificates for signatures, and none ends last", ErrAmbiguous, len(signatures))
	}
	s.Serial, s.EndDate, s.Product = string(newest.Serial), newest.Ends.at, newest.product()
	return s, nil
}

// latest gives the certificate that ends last, and whether it does so alone:
// one that does not tell its end could be later.
func latest(all []certificate) (certificate, bool) {
	newest, alone := all[0], true
	for _, c := range all[1:] {
		switch {
		case c.Ends.at.IsZero() || newest.Ends.at.IsZero() || c.Ends.at.Equal(newest.Ends.at):
			alone = false
		case c.Ends.at.After(newest.Ends.at):
			newest = c
		}
	}
	return newest, alone
}

// odd are the fields whose values cannot be read, with their shapes.
func (f found) odd() []oddity {
	var all []oddity
	for _, c := range f.certificates {
		if c.Ends.odd != "" {
			all = append(all, oddity{"notAfterDate", c.Ends.odd})
		}
		if p := c.product(); c.active() && p != "" && c.kind() == kindUnknown {
			all = append(all, oddity{"product", shape(p)})
		}
	}
	return all
}

// oddity is a field whose value cannot be read.
type oddity struct{ field, shape string }

// maxShape bounds a shape, in runes.
const maxShape = 40

// shape tells how a value looks without telling it: digits are 9, letters a.
func shape(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return '9'
		case r > '~' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			return 'a'
		case r < ' ':
			return -1
		}
		return r
	}, s)
	return outside.FirstRunes(s, maxShape)
}

// stamp is a moment as the portal writes it.
type stamp struct {
	at  time.Time // zero: none, or one that cannot be read
	odd string    // the shape of what cannot be read
}

// UnmarshalJSON reads whatever stands there and never fails.
func (s *stamp) UnmarshalJSON(data []byte) error {
	*s = stamp{}
	var l loose
	if err := l.UnmarshalJSON(data); err != nil {
		s.odd = shape(string(data))
		return nil //nolint:nilerr // it is kept as odd
	}
	text := strings.TrimSpace(string(l))
	if s.at = l.date(); !s.at.IsZero() {
		return nil
	}
	switch raw := string(data); {
	case text != "":
		s.odd = shape(text)
	case raw != "null" && raw != `""` && strings.Trim(raw, `" `) != "":
		s.odd = shape(raw) // an object, a list
	}
	return nil
}
