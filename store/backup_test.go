package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"resetpin/store"
	"resetpin/store/storetest"
)

// A copy that is made while others write opens, is sound, and holds all that
// was acknowledged before it began.
func TestABackupIsAPictureOfAMoment(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	load(t, s, budi, sari)
	link(t, s, phone, budi.NIP)
	for i := range 50 {
		add(t, s, update(fmt.Sprint("before", i), "a", "x"))
	}
	quit := make(chan struct{})
	var writers sync.WaitGroup
	for w := range 2 {
		writers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-quit:
					return
				default:
				}
				r := want(fmt.Sprint(w, "-", i), phone, noon)
				r.NIP = fmt.Sprintf("19%02d01012005011%03d", w+10, i%1000)
				_, err := s.RequestReset(context.Background(), r, func(int64) store.Job { return store.Job{Kind: "reset"} })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	until(t, "something to be written", func() bool { return count(t, s, `SELECT count(*) FROM resets`) > 3 })
	for n := range 3 {
		before := count(t, s, `SELECT count(*) FROM resets`)
		file := filepath.Join(t.TempDir(), fmt.Sprint(n, "salinan's.db"))
		if err := s.Backup(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		copied := storetest.Open(t, "sqlite:"+file)
		if got := linked(t, copied, phone); got.Employee != budi {
			t.Errorf("session: %+v", got)
		}
		if got := len(open(t, copied)); got != 50 {
			t.Errorf("%d updates", got)
		}
		resets, jobs := count(t, copied, `SELECT count(*) FROM resets`), jobsOf(t, copied, "reset")
		if resets < before || resets != jobs {
			t.Errorf("%d resets with %d jobs; %d were there before", resets, jobs, before)
		}
		if err := s.Backup(t.Context(), file); !errors.Is(err, store.ErrExists) {
			t.Errorf("over a copy: %v", err)
		}
	}
	close(quit)
	writers.Wait()
}

func TestABackupEqualsItsDatabase(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	load(t, s, budi, sari)
	link(t, s, phone, budi.NIP)
	issue(t, s, ask(other, sari.NIP, "111111", noon))
	finish(t, s, request(t, s, want("press", phone, noon)), store.ResetSent)
	audit(t, s, event("x"))
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	exec(t, s, fmt.Sprintf(`ATTACH DATABASE '%s' AS copied`, file))
	for table := range strings.FieldsSeq(`employees accounts codes statuses resets walks inbox audit kv river_job goose_db_version`) {
		if n := count(t, s, fmt.Sprintf(`SELECT count(*) FROM (SELECT * FROM main.%[1]s EXCEPT SELECT * FROM copied.%[1]s)`, table)); n != 0 {
			t.Errorf("%s: %d rows are missing in the copy", table, n)
		}
		if a, b := count(t, s, "SELECT count(*) FROM main."+table), count(t, s, "SELECT count(*) FROM copied."+table); a != b {
			t.Errorf("%s: %d rows, the copy has %d", table, a, b)
		}
	}
}

func TestABackupThatFailsLeavesNothing(t *testing.T) {
	s := storetest.Open(t, storetest.SQLite(t))
	dir := t.TempDir()
	if err := s.Backup(t.Context(), filepath.Join(dir, "missing", "copy.db")); err == nil || errors.Is(err, store.ErrExists) {
		t.Errorf("into a missing folder: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Backup(ctx, filepath.Join(dir, "copy.db")); err == nil {
		t.Error("with a caller that gave up")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := storetest.Open(t, storetest.Postgres(t)).Backup(t.Context(), filepath.Join(dir, "copy.db")); err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("of PostgreSQL: %v", err)
	}
}
