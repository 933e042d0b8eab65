package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const saveStatus = `INSERT INTO statuses (nip_hash, value, message, asked, end_date) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (nip_hash) DO UPDATE SET value = excluded.value, message = excluded.message, asked = excluded.asked, end_date = excluded.end_date
	WHERE excluded.asked >= statuses.asked`

// SaveStatus keeps what BSrE said last of an employee's certificate. It is
// queued: a crash within a moment leaves the status before.
func (s *Store) SaveStatus(ctx context.Context, nip string, st Status) error {
	hash := s.seal.nipHash(nip)
	if err := s.batch.later(ctx, saveStatus, hash, st.Value, s.seal.seal(statusPlace(hash), []byte(st.Message)), ms(st.Asked), ms(st.EndDate)); err != nil {
		return fmt.Errorf("keep status: %w", err)
	}
	return nil
}

// Status gives the last kept status; its Value is empty when BSrE was never
// asked.
func (s *Store) Status(ctx context.Context, nip string) (Status, error) {
	var st Status
	var message []byte
	var asked, end int64
	hash := s.seal.nipHash(nip)
	err := s.read.QueryRowContext(ctx, `SELECT value, message, asked, end_date FROM statuses WHERE nip_hash = $1`, hash).
		Scan(&st.Value, &message, &asked, &end)
	if errors.Is(err, sql.ErrNoRows) {
		return Status{}, nil
	}
	if err != nil {
		return Status{}, fmt.Errorf("read status: %w", err)
	}
	if st.Message, err = s.openStatus(hash, message); err != nil {
		return Status{}, err
	}
	st.Asked, st.EndDate = fromMS(asked), fromMS(end)
	return st, nil
}

// statusPlace is what BSrE's sentence is sealed for: it may name a person.
func statusPlace(hash []byte) string { return fmt.Sprintf("status %x", hash) }

func (s *Store) openStatus(hash, sealed []byte) (string, error) {
	message, err := s.seal.open(statusPlace(hash), sealed)
	return string(message), err
}
