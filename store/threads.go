package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// keepThreads is how long threads are known that no ticket is about any more.
const keepThreads = 90 * 24 * time.Hour

// Thread gives the oldest thread of a room that is about a subject, or an
// empty one. The room is an account in form: a platform and its id there.
func (s *Store) Thread(ctx context.Context, room Account, subject string) (string, error) {
	return s.threadText(ctx, `SELECT thread FROM room_threads WHERE platform = $1 AND room = $2 AND subject = $3 ORDER BY id LIMIT 1`, room, subject)
}

// Subject gives what a thread of a room is about, or an empty one.
func (s *Store) Subject(ctx context.Context, room Account, thread string) (string, error) {
	return s.threadText(ctx, `SELECT subject FROM room_threads WHERE platform = $1 AND room = $2 AND thread = $3 ORDER BY id DESC LIMIT 1`, room, thread)
}

func (s *Store) threadText(ctx context.Context, query string, room Account, what string) (string, error) {
	var out string
	err := notFound(s.read.QueryRowContext(ctx, query, room.Platform, room.ID, what).Scan(&out))
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read thread: %w", err)
	}
	return out, nil
}

// KeepThread notes a thread of a room.
func (s *Store) KeepThread(ctx context.Context, room Account, subject, thread string) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO room_threads (platform, room, subject, thread, at) VALUES ($1, $2, $3, $4, $5)`,
		room.Platform, room.ID, subject, thread, ms(s.now()))
	if err != nil {
		return fmt.Errorf("keep thread: %w", err)
	}
	return nil
}

// ForgetThread notes that a subject's threads are gone.
func (s *Store) ForgetThread(ctx context.Context, room Account, subject string) error {
	if _, err := s.write.ExecContext(ctx, `DELETE FROM room_threads WHERE platform = $1 AND room = $2 AND subject = $3`, room.Platform, room.ID, subject); err != nil {
		return fmt.Errorf("forget thread: %w", err)
	}
	return nil
}
