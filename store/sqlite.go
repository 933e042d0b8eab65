package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"resetpin/store/owner"
)

// readers is how many reads may run beside each other on SQLite.
const readers = 4

// openSQLite opens FILE, made with mode 0600 when it is new. An acknowledged
// update must survive a power cut, so synchronous is FULL: the commits are
// shared by all that wait (see batcher).
func (s *Store) openSQLite(ctx context.Context, file, mounts string) error {
	if file == "" {
		return errors.New("DATABASE_URL: sqlite: names no file")
	}
	file, err := filepath.Abs(file)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	if err := refuseNetworkDisk(file, mounts); err != nil {
		return err
	}
	if s.look {
		if err := there(file); err != nil {
			return err
		}
	}
	undo, err := ownFile(file)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	s.file, s.wake, s.poll = file, newWake(), jobPoll
	if s.serve {
		if err := s.serving(file); err != nil {
			return err
		}
	}
	write, err := sql.Open("sqlite", sqliteDSN(file, "immediate", writerCache))
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	s.write = s.wired(write)
	s.write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", sqliteDSN(file, "deferred", readerCache))
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	s.read = s.wired(read)
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	err = beside(ctx, func(err error) bool {
		var e *sqlite.Error
		return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_BUSY
	}, s.write.PingContext)
	if err != nil {
		return fmt.Errorf("open database: %w", errors.Join(err, undo()))
	}
	return nil
}

// ownFile makes the file when it is not there, and keeps everybody else out.
// SQLite gives -wal and -shm the mode of the database file. A file that is
// there is not opened: closing it would drop the locks that this process has
// on it. undo gives it its old mode back, for what turns out to be no
// database is somebody else's file.
func ownFile(file string) (undo func() error, err error) {
	nothing := func() error { return nil }
	f, err := owner.Create(file)
	if err == nil {
		return nothing, f.Close()
	}
	if !errors.Is(err, os.ErrExist) {
		return nil, owner.Explain(err, filepath.Dir(file))
	}
	for _, beside := range []string{"", "-wal", "-shm"} {
		if err := owner.Usable(file + beside); err != nil {
			return nil, err
		}
	}
	switch info, err := os.Stat(file); {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory", file)
	case info.Mode().Perm() != 0o600:
		return func() error { return os.Chmod(file, info.Mode().Perm()) }, os.Chmod(file, 0o600)
	}
	return nothing, nil
}

// beside does again what other processes disturb that open the same new file
// at the same moment: each of them brings it a step forward.
func beside(ctx context.Context, disturbed func(error) bool, do func(context.Context) error) error {
	const tries, pause = 40, 50 * time.Millisecond
	err := do(ctx)
	for n := 1; n < tries && err != nil && disturbed(err) && sleep(ctx, pause) == nil; n++ {
		err = do(ctx)
	}
	return err
}

// Pages kept in memory by a connection, in KiB. A reader forgets its own with
// every commit of the writer.
const (
	writerCache = 8000
	readerCache = 1000
)

// busyTimeout is how long a writer waits for another process.
const busyTimeout = time.Minute

// sqliteDSN gives the driver's address of a file. A writer waits a minute for
// another process, for an import beside a running bot takes that long; the log
// that such an import leaves is cut to 64 MiB.
func sqliteDSN(file, lock string, cache int) string {
	q := url.Values{"_txlock": {lock}, "_pragma": {
		"busy_timeout(" + strconv.FormatInt(busyTimeout.Milliseconds(), 10) + ")", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)", "cache_size(-" + strconv.Itoa(cache) + ")", "journal_size_limit(67108864)",
	}}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + q.Encode()
}
