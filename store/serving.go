package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"

	"resetpin/store/owner"
)

// ErrServed says that another process serves the SQLite file.
var ErrServed = errors.New("another resetpin serves this database already; stop that one first, or let both use PostgreSQL")

// serving keeps a second serving process off a SQLite file: it would take the
// first one's work for what a crash left. The lock is on a file of its own
// beside the database's; the operating system frees it when the process ends,
// however it ends.
func (s *Store) serving(file string) error {
	name := file + "-serve"
	f, err := owner.Create(name)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("lock database: %w", err)
	}
	lock := flock.New(name, flock.SetPermissions(0o600), flock.SetFlag(os.O_CREATE|os.O_RDWR))
	got, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock database: %w", owner.Explain(err, name))
	}
	if !got {
		return ErrServed
	}
	s.served = lock
	return nil
}

// readyPatience is how long a write may wait before the database counts as
// one that cannot be written.
const readyPatience = 2 * time.Second

// Ping tells whether the database answers, and whether it can be written: an
// error when the last commit failed and another write fails too, and when
// another program keeps writers off.
func (s *Store) Ping(ctx context.Context) error {
	began := time.Now()
	if err := s.answered(ctx, began, s.read.PingContext(ctx)); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	if err := s.writable(ctx); err != nil {
		return err
	}
	if !s.batch.failed.Load() {
		return nil
	}
	if err := s.PutKV(ctx, "ping", nil); err != nil { // sealed anew, it is never the same
		return err
	}
	s.batch.failed.Store(false)
	return nil
}

var errHeld = errors.New("nothing can be written: another program holds the database's write lock")

// writable tries for SQLite's write lock. It may be taken again and again by
// our own writers, who are getting on then.
func (s *Store) writable(ctx context.Context) error {
	before := s.batch.commits.Load()
	err := s.tryWriteLock(ctx)
	if err == nil || s.batch.commits.Load() != before {
		return nil
	}
	return fmt.Errorf("%w (%w)", errHeld, err)
}

func (s *Store) tryWriteLock(ctx context.Context) (err error) {
	if s.pool != nil {
		return nil
	}
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", readyPatience.Milliseconds())); err != nil {
		return err
	}
	_, held := conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	if held == nil {
		_, held = conn.ExecContext(ctx, "ROLLBACK")
	}
	_, err = conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", busyTimeout.Milliseconds()))
	return errors.Join(held, err)
}
