package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"resetpin/store/owner"
)

// errPgRestore says by what PostgreSQL comes back.
var errPgRestore = errors.New("restore brings back a SQLite database; use pg_restore for PostgreSQL")

// Restore puts a copy that Backup made in the place of the SQLite database
// that url names, and brings it up to date. What the copy had open is not
// done again: a reset that was asked for before it would else be sent a
// second time. kept is where the database that stood there lies now; empty:
// there was none. While something serves the database it gives ErrServed; for
// a copy made with another key, or changed by a newer program, it gives
// ErrWrongKey or ErrNewer. The database stands untouched after an error.
func Restore(ctx context.Context, url string, from io.Reader, o Options) (kept string, err error) {
	file, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		return "", errPgRestore
	}
	if file, err = filepath.Abs(file); err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	lock := &Store{}
	if err := lock.serving(file); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.served.Close()) }()
	ready := file + "-restoring"
	defer func() { err = errors.Join(err, removeDatabase(ready)) }() // it is gone when all went well
	if err := errors.Join(removeDatabase(ready), copyTo(ready, from)); err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	if err := checkCopy(ctx, ready, o); err != nil {
		return "", err
	}
	if _, err := os.Stat(file); err == nil {
		now := o.Now
		if now == nil {
			now = time.Now
		}
		kept = file + ".before-" + now().UTC().Format("20060102T150405Z")
		if err := renameDatabase(file, kept); err != nil {
			return "", fmt.Errorf("restore: %w", err)
		}
	}
	if err := renameDatabase(ready, file); err != nil {
		return kept, fmt.Errorf("restore: %w", err)
	}
	return kept, nil
}

func copyTo(name string, from io.Reader) error {
	f, err := owner.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Sync(), f.Close())
}

// checkCopy opens a copy, which brings it up to date, looks whether it is
// whole, and closes what it has open.
func checkCopy(ctx context.Context, file string, o Options) (err error) {
	o.Serve = false
	s, err := Open(ctx, "sqlite:"+file, o)
	if err != nil {
		return fmt.Errorf("the file to restore: %w", err)
	}
	defer func() { err = errors.Join(err, s.Close(context.WithoutCancel(ctx))) }()
	var sound string
	if err := s.read.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&sound); err != nil || sound != "ok" {
		return errors.Join(fmt.Errorf("the file to restore is damaged: %s", sound), err)
	}
	return s.abandon(ctx)
}

// abandon closes all that is open: what people had asked and what was to be
// done for them. A reset that was not ended is one whose outcome nobody knows.
func (s *Store) abandon(ctx context.Context) error {
	for _, q := range []string{
		`UPDATE inbox SET payload = NULL WHERE payload IS NOT NULL`,
		`UPDATE resets SET state = 'unknown' WHERE state IN ('requested', 'asking')`,
		`DELETE FROM river_job WHERE finalized_at IS NULL`,
	} {
		if _, err := s.write.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("close what is open: %w", err)
		}
	}
	return nil
}

// besides are the files of a SQLite database beside its own; SQLite finds them
// by their names.
func besides() []string { return []string{"-wal", "-shm", ""} }

func renameDatabase(from, to string) error {
	for _, end := range besides() {
		if err := os.Rename(from+end, to+end); err != nil && (end == "" || !errors.Is(err, os.ErrNotExist)) {
			return err
		}
	}
	return nil
}

func removeDatabase(file string) error {
	for _, end := range besides() {
		if err := os.Remove(file + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
