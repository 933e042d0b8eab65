package store_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

func TestOneProcessServesASQLiteFile(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		serve := store.Options{Key: storetest.Key(), Serve: true}
		first, err := store.Open(t.Context(), url, serve)
		if err != nil {
			t.Fatal(err)
		}
		second, err := store.Open(t.Context(), url, serve)
		if first.SingleProcess() != errors.Is(err, store.ErrServed) {
			t.Errorf("a second one: %v", err)
		}
		if err == nil {
			_ = second.Close(context.Background())
		}
		storetest.Open(t, url) // a command beside it
		if err := first.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		openWith(t, url, serve)
	})
}

// What holds the write lock keeps updates from being stored: the bot is not
// ready then, and is again afterwards.
func TestADatabaseThatIsHeldIsNotReady(t *testing.T) {
	url := storetest.SQLite(t)
	s := storetest.Open(t, url)
	rival, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	rival.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = rival.Close() })
	for range 2 {
		if err := s.Ping(t.Context()); err != nil {
			t.Errorf("nobody holds it: %v", err)
		}
		if _, err := rival.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
			t.Fatal(err)
		}
		if err := s.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "write lock") {
			t.Errorf("somebody holds it: %v", err)
		}
		if _, err := rival.ExecContext(t.Context(), "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
	}
	load(t, s, budi)
}
