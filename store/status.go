package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const saveStatus = `INSERT INTO statuses (nip, value, message, asked, end_date) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (nip) DO UPDATE SET value = excluded.value, message = excluded.message, asked = excluded.asked, end_date = excluded.end_date
	WHERE excluded.asked >= statuses.asked`

// SaveStatus keeps what BSrE said last of an employee's certificate. It is
// queued: a crash within a moment leaves the status before.
func (s *Store) SaveStatus(ctx context.Context, nip string, st Status) error {
	if err := s.batch.later(ctx, saveStatus, number(nip), st.Value, st.Message, ms(st.Asked), ms(st.EndDate)); err != nil {
		return fmt.Errorf("keep status: %w", err)
	}
	return nil
}

// Status gives the last kept status; its Value is empty when BSrE was never
// asked.
func (s *Store) Status(ctx context.Context, nip string) (Status, error) {
	var st Status
	var asked, end int64
	err := s.read.QueryRowContext(ctx, `SELECT value, message, asked, end_date FROM statuses WHERE nip = $1`, number(nip)).
		Scan(&st.Value, &st.Message, &asked, &end)
	if errors.Is(err, sql.ErrNoRows) {
		return Status{}, nil
	}
	if err != nil {
		return Status{}, fmt.Errorf("read status: %w", err)
	}
	st.Asked, st.EndDate = fromMS(asked), fromMS(end)
	return st, nil
}
