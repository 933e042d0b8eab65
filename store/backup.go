package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"resetpin/store/owner"
)

// ErrExists says that the file to write is there already.
var ErrExists = errors.New("the file exists already")

var errDump = errors.New("backup copies a SQLite database; use pg_dump for PostgreSQL")

// Backup writes a consistent copy of the SQLite database to a new file, mode
// 0600, while others go on reading and writing. It gives ErrExists when the
// file exists.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.pool != nil {
		return errDump
	}
	f, err := owner.Create(file)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("back up to %s: %w", file, ErrExists)
	}
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	// VACUUM INTO accepts an existing file that is empty, which keeps 0600.
	if _, err := s.read.ExecContext(ctx, "VACUUM INTO $1", file); err != nil {
		return errors.Join(fmt.Errorf("back up: %w", err), os.Remove(file))
	}
	return nil
}

// BackupTo writes such a copy to w. Until it is written it lies beside the
// database, where there is room for one.
func (s *Store) BackupTo(ctx context.Context, w io.Writer) (err error) {
	if s.pool != nil {
		return errDump
	}
	dir, err := os.MkdirTemp(filepath.Dir(s.file), ".backup-")
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "copy.db")
	if err := s.Backup(ctx, file); err != nil {
		return err
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	_, err = io.Copy(w, f)
	return errors.Join(err, f.Close())
}
