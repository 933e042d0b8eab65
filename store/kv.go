package store

import (
	"context"
	"fmt"
)

// PutKV keeps a small value, sealed, under a name.
func (s *Store) PutKV(ctx context.Context, name string, value []byte) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO kv (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, s.seal.seal(kvPlace(name), value))
	if err != nil {
		return fmt.Errorf("keep a value: %w", err)
	}
	return nil
}

// KV gives a kept value, or ErrNotFound.
func (s *Store) KV(ctx context.Context, name string) ([]byte, error) { return s.kvOf(ctx, "kv", name) }

// kvOf reads it from the table, whose name was once another.
func (s *Store) kvOf(ctx context.Context, table, name string) ([]byte, error) {
	var sealed []byte
	if err := notFound(s.read.QueryRowContext(ctx, `SELECT value FROM `+table+` WHERE name = $1`, name).Scan(&sealed)); err != nil {
		return nil, fmt.Errorf("read a kept value: %w", err)
	}
	return s.seal.open(kvPlace(name), sealed)
}

// kvPlace is what a value is sealed for.
func kvPlace(name string) string { return "secret " + name }
