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

// backedUp is a database with a copy of it, after which more has happened.
func backedUp(t *testing.T) (url string, copied []byte) {
	t.Helper()
	url = storetest.SQLite(t)
	s := storetest.Open(t, url)
	load(t, s, budi, sari)
	link(t, s, phone, budi.NIP)
	request(t, s, want("press", phone, noon))
	add(t, s, update("open", "a", "x"))
	var b bytes.Buffer
	if err := s.BackupTo(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	link(t, s, other, sari.NIP)
	return url, b.Bytes()
}

func restore(t *testing.T, url string, from []byte) (string, error) {
	t.Helper()
	return store.Restore(t.Context(), url, bytes.NewReader(from), store.Options{Key: storetest.Key()})
}

func TestARestoredDatabaseIsThatOfTheCopy(t *testing.T) {
	url, copied := backedUp(t)
	kept, err := restore(t, url, copied)
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.Open(t, url)
	if got := linked(t, s, phone); got.Employee != budi {
		t.Errorf("who was linked then: %+v", got)
	}
	if n := count(t, s, `SELECT count(*) FROM accounts WHERE account = $1 AND nip_hash IS NOT NULL`, other.ID); n != 0 {
		t.Error("who was linked later is linked")
	}
	// What was open is not done again: the reset was sent after the copy.
	if n := len(open(t, s)); n != 0 {
		t.Errorf("%d updates would be answered once more", n)
	}
	if n := jobsOf(t, s, "reset"); n != 0 {
		t.Errorf("%d resets would be sent once more", n)
	}
	if n := count(t, s, `SELECT count(*) FROM resets WHERE state = 'unknown'`); n != 1 {
		t.Errorf("%d resets are of unknown outcome, want 1", n)
	}
	// And the way back is there.
	old := storetest.Open(t, "sqlite:"+kept)
	if got := linked(t, old, other); got.Employee != sari {
		t.Errorf("in the database that was replaced: %+v", got)
	}
}

func TestWhatCannotBeRestoredLeavesTheDatabase(t *testing.T) {
	url, copied := backedUp(t)
	damaged := bytes.Clone(copied)
	for i := 3 * 4096; i < 12*4096; i++ {
		damaged[i] = 0xff
	}
	for name, c := range map[string]struct {
		url  string
		from []byte
		key  byte
		want string
	}{
		"no database":   {url, []byte(strings.Repeat("nothing of the kind ", 500)), 7, "not a database"},
		"damaged":       {url, damaged, 7, "malformed"},
		"another's key": {url, copied, 8, "DATA_KEY"},
		"PostgreSQL":    {"postgres://localhost/x", copied, 7, "pg_restore"},
	} {
		_, err := store.Restore(t.Context(), c.url, bytes.NewReader(c.from), store.Options{Key: bytes.Repeat([]byte{c.key}, 32)})
		if err == nil || !strings.Contains(err.Error(), c.want) && !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	s := storetest.Open(t, url)
	if got := linked(t, s, other); got.Employee != sari {
		t.Errorf("afterwards: %+v", got)
	}
	left, err := filepath.Glob(strings.TrimPrefix(url, "sqlite:") + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range left {
		if strings.Contains(name, "restoring") || strings.Contains(name, "before") {
			t.Errorf("left behind: %s", name)
		}
	}
}

func TestAServedDatabaseIsNotReplaced(t *testing.T) {
	url, copied := backedUp(t)
	s, err := store.Open(t.Context(), url, store.Options{Key: storetest.Key(), Serve: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := restore(t, url, copied); !errors.Is(err, store.ErrServed) {
		t.Errorf("while it is served: %v", err)
	}
	if err := s.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := restore(t, url, copied); err != nil {
		t.Errorf("after that: %v", err)
	}
}

func TestARestoreOnANewMachine(t *testing.T) {
	_, copied := backedUp(t)
	url := storetest.SQLite(t)
	if kept, err := restore(t, url, copied); err != nil || kept != "" {
		t.Fatal(kept, err)
	}
	if info, err := os.Stat(strings.TrimPrefix(url, "sqlite:")); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	if got := linked(t, storetest.Open(t, url), phone); got.Employee != budi {
		t.Errorf("%+v", got)
	}
}
