package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

func TestOpenRefusesABadAddressOrKey(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database. ", 500)), 0o644); err != nil { // as other programs leave theirs
		t.Fatal(err)
	}
	good := "sqlite:" + filepath.Join(dir, "good.db")
	for _, tt := range []struct {
		name, url string
		key       []byte
		want      string
	}{
		{"another engine", "mysql://u:kunci-rahasia@h/db", storetest.Key(), "want sqlite:FILE or postgres://"},
		{"no file", "sqlite:", storetest.Key(), "names no file"},
		{"a missing folder", "sqlite:" + filepath.Join(dir, "missing", "x.db"), storetest.Key(), "no such file"},
		{"a folder that nobody may write to", "sqlite:/proc/self/resetpin.db", storetest.Key(), "open database"},
		{"a folder as the file", "sqlite:" + dir, storetest.Key(), "is a directory"},
		{"a file as the folder", "sqlite:" + filepath.Join(text, "x.db"), storetest.Key(), "not a directory"},
		{"another kind of file", "sqlite:" + text, storetest.Key(), "not a database"},
		{"a bad address", "postgres://u:kunci-rahasia@h:port/db", storetest.Key(), "not a PostgreSQL address"},
		{"nobody there", "postgres://u:kunci-rahasia@127.0.0.1:1/db?sslmode=disable", storetest.Key(), "open database"},
		{"no key", good, nil, "DATA_KEY has 0 bytes, want 32"},
		{"a short key", good, []byte("short"), "DATA_KEY has 5 bytes, want 32"},
	} {
		s, err := store.Open(t.Context(), tt.url, store.Options{Key: tt.key})
		if err == nil {
			t.Errorf("%s: opened", tt.name)
			_ = s.Close(context.Background())
			continue
		}
		if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "kunci-rahasia") {
			t.Errorf("%s: %v; want %q, and no password", tt.name, err, tt.want)
		}
	}
	if data, err := os.ReadFile(text); err != nil || !strings.HasPrefix(string(data), "this is no database") {
		t.Errorf("the other kind of file was written to: %v", err)
	}
	if info, err := os.Stat(text); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the other kind of file is kept from its owner's programs: %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a folder was made")
	}
}

func TestOpenKnowsAnotherKey(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		load(t, s, budi)
		if _, err := store.Open(t.Context(), url, store.Options{Key: bytes.Repeat([]byte{8}, 32)}); !errors.Is(err, store.ErrWrongKey) {
			t.Errorf("got %v", err)
		}
		if got := must[store.Employee](t)(storetest.Open(t, url).Employee(t.Context(), budi.NIP)); got != budi {
			t.Errorf("afterwards: %+v", got)
		}
	})
}

func TestTheFileIsTheOwnersAlone(t *testing.T) {
	url := storetest.SQLite(t)
	file := strings.TrimPrefix(url, "sqlite:")
	modes := func() {
		t.Helper()
		for _, name := range []string{file, file + "-wal", file + "-shm"} {
			info, err := os.Stat(name)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", name, info.Mode(), err)
			}
		}
	}
	s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
	if err != nil {
		t.Fatal(err)
	}
	modes()
	if err := s.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	storetest.Open(t, url)
	modes()
	if got := filepath.Base(file) + "?mode=ro#%41"; got != "" { // an odd name is a name, not a setting
		odd := filepath.Join(t.TempDir(), got)
		storetest.Open(t, "sqlite:"+odd)
		if _, err := os.Stat(odd); err != nil {
			t.Error(err)
		}
	}
}

// A newer program may have changed what an older one would write wrongly.
func TestOpenRefusesANewerSchema(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		load(t, s, budi)
		exec(t, s, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, `+map[bool]string{true: "1", false: "true"}[s.SingleProcess()]+`)`)
		newer, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
		if !errors.Is(err, store.ErrNewer) {
			t.Errorf("got %v", err)
		}
		if err == nil {
			_ = newer.Close(context.Background())
		}
		exec(t, s, `DELETE FROM goose_db_version WHERE version_id = 99999`)
		storetest.Open(t, url)
	})
}

// Replicas begin at the same moment, and so do a service and a command.
func TestManyOpenAnEmptyDatabaseAtOnce(t *testing.T) {
	storetest.EachEmpty(t, func(t *testing.T, url string) {
		together(6, func(int) {
			s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key()})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Ping(t.Context()); err != nil {
				t.Error(err)
			}
			if err := s.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
		s := storetest.Open(t, url)
		if n := count(t, s, `SELECT count(*) FROM kv`); n != 1 {
			t.Errorf("%d keys are checked", n)
		}
		if n, err := s.CountEmployees(t.Context()); n != 0 || err != nil {
			t.Errorf("%d employees, %v", n, err)
		}
	})
}

// A full disk is still good for reading: after a write has failed, only another
// write tells whether the database is well again.
func TestADatabaseThatCannotBeWrittenIsNotReady(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		refuse(t, s, "inbox", "id", "bad")
		refuse(t, s, "kv", "name", "ping")
		if err := s.Ping(t.Context()); err != nil {
			t.Errorf("nothing has failed: %v", err)
		}
		fail := func() {
			t.Helper()
			if _, err := s.AddInbox(t.Context(), update("bad", "a", "x")); err == nil {
				t.Fatal("written")
			}
		}
		fail()
		for range 2 {
			if err := s.Ping(t.Context()); err == nil {
				t.Error("nothing can be written, and all is well")
			}
		}
		allow(t, s, "kv")
		for range 2 {
			if err := s.Ping(t.Context()); err != nil {
				t.Errorf("only one write is bad: %v", err)
			}
			fail()
		}
	})
}
