package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"resetpin/store"
)

// Bringing the schema up takes longer than most tests, so that it is done
// once for each engine and copied.

// sqlitePicture is the file of a database that was opened once.
var sqlitePicture = sync.OnceValues(func() ([]byte, error) { //nolint:gochecknoglobals // one picture a process
	dir, err := os.MkdirTemp("", "resetpin-sqlite-")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "picture.db")
	if err := openOnce("sqlite:" + file); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	data, err := os.ReadFile(file)
	return data, errors.Join(err, os.RemoveAll(dir))
})

// postgresPicture is the name of such a database on the server.
var postgresPicture = sync.OnceValues(func() (string, error) { //nolint:gochecknoglobals // one picture a server
	const name = "picture"
	return name, openOnce(start().url + "/" + name + "?sslmode=disable")
})

func openOnce(url string) error {
	s, err := store.Open(context.Background(), url, store.Options{Key: Key()})
	if err != nil {
		return err
	}
	return s.Close(context.Background())
}

func preparedSQLite(t testing.TB) string {
	t.Helper()
	data, err := sqlitePicture()
	if err != nil {
		t.Fatalf("prepare a SQLite database: %v", err)
	}
	url := SQLite(t)
	if err := os.WriteFile(url[len("sqlite:"):], data, 0o600); err != nil {
		t.Fatalf("copy the SQLite database: %v", err)
	}
	return url
}

func preparedPostgres(t testing.TB) string {
	t.Helper()
	s := running(t)
	name, err := postgresPicture()
	if err != nil {
		t.Fatalf("prepare a PostgreSQL database: %v", err)
	}
	return s.create(t, name)
}
