package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

// A pooler that hands connections on after each transaction hands the locks on
// too; one for whole sessions does no harm.
func TestAPoolerThatLosesLocksIsRefused(t *testing.T) {
	url := storetest.Postgres(t)
	for _, mode := range []string{"transaction", "statement"} {
		for range 3 {
			s, err := store.Open(t.Context(), storetest.PgBouncer(t, url, mode), store.Options{Key: storetest.Key()})
			if !errors.Is(err, store.ErrPooled) {
				t.Errorf("%s: %v, %v", mode, s, err)
			}
		}
	}
	s, err := store.Open(t.Context(), storetest.PgBouncer(t, url, "session"), store.Options{Key: storetest.Key()})
	if err != nil {
		t.Fatalf("session: %v", err)
	}
	unlock, err := s.LockAccount(t.Context(), "telegram:1")
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	if err := s.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

// Who stands between takes the offer of TLS away: this server has none.
// 0.0.0.0 is this machine by a name that is not the loopback's.
func TestPostgreSQLIsNotSpokenToInClear(t *testing.T) {
	near := strings.TrimSuffix(storetest.Postgres(t), "?sslmode=disable")
	far := strings.Replace(near, "127.0.0.1", "0.0.0.0", 1)
	for _, mode := range []string{"", "?sslmode=prefer", "?sslmode=allow"} {
		_, err := store.Open(t.Context(), far+mode, store.Options{Key: storetest.Key()})
		if err == nil || !strings.Contains(err.Error(), "sslmode=disable in DATABASE_URL") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", mode, err)
		}
	}
	for url, want := range map[string]string{near: "", near + "?sslmode=disable": "", far + "?sslmode=disable": "DATABASE_URL has sslmode=disable: the password and all data go to PostgreSQL in clear"} {
		s := openWith(t, url, store.Options{Key: storetest.Key()})
		if got := s.Warning(); got != want {
			t.Errorf("%s: warning %q, want %q", url, got, want)
		}
	}
}

func TestASQLiteFileOnANetworkDiskIsRefused(t *testing.T) {
	dir := t.TempDir()
	for name, tt := range map[string]struct {
		mounts string
		kind   string // of the network; empty: it is none
	}{
		"a disk":            {"22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n", ""},
		"NFS":               {"22 1 254:0 / / rw - ext4 /dev/vda rw\n99 22 0:40 / " + dir + " rw,relatime shared:9 - nfs4 nas:/vol rw,vers=4.2\n", "nfs4"},
		"above it":          {"22 1 254:0 / / rw - ext4 /dev/vda rw\n99 22 0:40 / " + filepath.Dir(dir) + " rw - cifs //nas/vol rw\n", "cifs"},
		"a disk in it":      {"99 22 0:40 / " + filepath.Dir(dir) + " rw - nfs nas:/vol rw\n100 99 254:1 / " + dir + " rw - xfs /dev/vdb rw\n", ""},
		"beside it":         {"22 1 254:0 / / rw - ext4 /dev/vda rw\n99 22 0:40 / " + dir[:len(dir)-1] + " rw - nfs nas:/vol rw\n", ""},
		"mounted over":      {"99 22 0:40 / " + dir + " rw - ext4 /dev/vdb rw\n100 22 0:41 / " + dir + " rw - fuse.sshfs me@nas: rw\n", "fuse.sshfs"},
		"nothing is known":  {"", ""},
		"another's library": {"\n\nrubbish\n - \n", ""},
	} {
		list := filepath.Join(t.TempDir(), "mountinfo")
		if err := os.WriteFile(list, []byte(tt.mounts), 0o600); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".db")
		s, err := store.Open(t.Context(), "sqlite:"+file, store.Options{Key: storetest.Key(), Mounts: list})
		if err == nil {
			err = s.Close(context.Background())
		}
		if tt.kind == "" && err != nil || tt.kind != "" && (!errors.Is(err, store.ErrNetworkDisk) || !strings.Contains(err.Error(), "("+tt.kind+")")) {
			t.Errorf("%s: %v", name, err)
		}
		if _, made := os.Stat(file); (made == nil) != (tt.kind == "") {
			t.Errorf("%s: the file: %v", name, made)
		}
	}
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(filepath.Join(dir, "a-disk.db"), link); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(t.TempDir(), "mountinfo")
	if err := os.WriteFile(list, []byte("99 22 0:40 / "+dir+" rw - nfs nas:/vol rw\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), "sqlite:"+link, store.Options{Key: storetest.Key(), Mounts: list}); !errors.Is(err, store.ErrNetworkDisk) {
		t.Errorf("by a link: %v", err)
	}
}
