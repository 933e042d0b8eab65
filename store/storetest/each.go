package storetest

import (
	"bytes"
	"context"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"resetpin/store"
)

// started tells whether any test asked for PostgreSQL.
var started atomic.Bool //nolint:gochecknoglobals // belongs to the process, as the server does

func lockThread() { runtime.LockOSThread() }

// Key is a DATA_KEY for tests.
func Key() []byte { return bytes.Repeat([]byte{7}, 32) }

// SQLite gives the address of a fresh SQLite database.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "test.db")
}

// Open opens a database that is closed with the test.
func Open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), url, store.Options{Key: Key()})
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return s
}

// EachEmpty runs a test on both engines, with the address of a database that
// nothing was ever written to.
func EachEmpty(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// EachURL runs a test on both engines, with the address of a fresh database
// that was opened once before with Key.
func EachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, preparedSQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, preparedPostgres(t)) })
}

// Each runs a test on both engines, with a fresh database.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) { test(t, Open(t, url)) })
}

// Another gives the address of an empty database of the same engine as url's.
func Another(t testing.TB, url string) string {
	t.Helper()
	if strings.HasPrefix(url, "sqlite:") {
		return SQLite(t)
	}
	return Postgres(t)
}
