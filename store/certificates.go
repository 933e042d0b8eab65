package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Certificate is what BSrE's portal last told of an employee's certificate.
type Certificate struct {
	Looked  time.Time // when the portal was asked; zero: never
	EndDate time.Time // zero: not told
	Product string    // the portal's word for what it is for; empty: not told
	Phone   string    // verified or unverified; empty: not told
	Number  string    // the phone number, masked; empty: not told
	Link    string    // the portal's linkAktif; empty: none
}

// What the portal tells of a phone number.
const (
	PhoneVerified   = "verified"
	PhoneUnverified = "unverified"
)

// SaveCertificate keeps what the portal told, unless something newer is kept.
// It is queued: a crash within a moment leaves what was kept before.
func (s *Store) SaveCertificate(ctx context.Context, nip string, c Certificate) error {
	hash := s.seal.nipHash(nip)
	var number []byte
	if c.Number != "" {
		number = s.seal.seal(numberPlace(hash), []byte(c.Number))
	}
	err := s.batch.later(ctx, `INSERT INTO certificates (nip_hash, looked, end_date, product, link, phone, number) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (nip_hash) DO UPDATE SET looked = excluded.looked, end_date = excluded.end_date, product = excluded.product, link = excluded.link, phone = excluded.phone, number = excluded.number
		WHERE excluded.looked >= certificates.looked`, hash, ms(c.Looked), ms(c.EndDate), c.Product, c.Link, c.Phone, number)
	if err != nil {
		return fmt.Errorf("keep certificate: %w", err)
	}
	return nil
}

const certificateQuery = `SELECT looked, end_date, product, link, phone, number FROM certificates WHERE nip_hash = $1`

// Certificate gives what is kept; zero when the portal was never asked.
func (s *Store) Certificate(ctx context.Context, nip string) (Certificate, error) {
	var c Certificate
	var looked, end int64
	hash := s.seal.nipHash(nip)
	var number []byte
	err := s.certificate.QueryRowContext(s.brief(ctx), hash).Scan(&looked, &end, &c.Product, &c.Link, &c.Phone, &number)
	if errors.Is(err, sql.ErrNoRows) {
		return Certificate{}, nil
	}
	if err != nil {
		return Certificate{}, fmt.Errorf("read certificate: %w", err)
	}
	c.Looked, c.EndDate = fromMS(looked), fromMS(end)
	if number != nil {
		masked, err := s.seal.open(numberPlace(hash), number)
		if err != nil {
			return Certificate{}, fmt.Errorf("read certificate: %w", err)
		}
		c.Number = string(masked)
	}
	return c, nil
}

func numberPlace(nipHash []byte) string { return fmt.Sprintf("number of %x", nipHash) }
