package store

import (
	"context"
	"errors"
)

// OfficerName gives the name that an officer shows to employees, or an empty
// one.
func (s *Store) OfficerName(ctx context.Context, a Account) (string, error) {
	name, err := s.KV(ctx, officerName(a))
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return string(name), err
}

// SetOfficerName keeps it.
func (s *Store) SetOfficerName(ctx context.Context, a Account, name string) error {
	return s.PutKV(ctx, officerName(a), []byte(name))
}

func officerName(a Account) string { return "officer " + a.Platform + ":" + a.ID }

// TicketWords gives what was said in a ticket, the oldest first.
func (s *Store) TicketWords(ctx context.Context, id int64) ([]TicketWord, error) {
	scan := func(row scanner) (TicketWord, error) {
		var w TicketWord
		var sealed []byte
		var at int64
		if err := row.Scan(&w.Key, &w.Author, &sealed, &at); err != nil {
			return w, err //nolint:wrapcheck // readAll says what was read
		}
		text, err := s.seal.open(wordPlace(id, w.Key), sealed)
		w.Text, w.At = string(text), fromMS(at)
		return w, err
	}
	return readAll(ctx, s, "read a ticket's words", scan, `SELECT key, author, words, at FROM ticket_words WHERE ticket = $1 AND author <> 'deed' ORDER BY id`, id)
}
