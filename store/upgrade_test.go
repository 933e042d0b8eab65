package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	osexec "os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"resetpin/store"
	"resetpin/store/storetest"
)

// old is the schema in which people still stood in clear, at its last version.
const old = 29

// makeOld gives a database of an older version with a day's work in it.
func makeOld(t *testing.T, url string, version int64, more ...func(db *sql.DB) error) {
	t.Helper()
	err := store.MakeOld(t.Context(), url, storetest.Key(), version, func(db *sql.DB, seal func(place, text string) []byte) error {
		var failed error
		write := func(query string, args ...any) {
			_, err := db.ExecContext(t.Context(), query, args...)
			failed = errors.Join(failed, err)
		}
		at := noon.UnixMilli()
		for _, e := range []store.Employee{budi, sari} {
			var old any
			if e.OldNIP != "" {
				old = e.OldNIP
			}
			write(`INSERT INTO employees (nip, nik, name, email, position, unit, grade, old_nip, active, fingerprint) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)`,
				e.NIP, seal("nik "+e.NIP, e.NIK), e.Name, e.Email, e.Position, e.Unit, e.Grade, old, []byte("mark"))
		}
		write(`INSERT INTO secrets (name, value) VALUES ('canary', $1)`, seal("secret canary", "canary"))
		write(`INSERT INTO accounts (platform, account, language, nip, linked, verified) VALUES ('telegram', '1', 'en', $1, $2, $2)`, budi.NIP, at)
		write(`INSERT INTO accounts (platform, account, language) VALUES ('telegram', '2', 'id')`)
		write(`INSERT INTO codes (platform, account, nip, hash, created, expires) VALUES ('telegram', '2', $1, $2, $3, $4)`, sari.NIP, []byte("hash"), at, at+60_000)
		write(`INSERT INTO statuses (nip, value, message, asked, end_date) VALUES ($1, 'ISSUE', $2, $3, 0)`, budi.NIP, "baik, "+budi.Name, at)
		write(`INSERT INTO resets (key, nip, platform, account, chat, message, state, language, created, updated) VALUES ('press', $1, 'telegram', '1', 'c', 'm', 'sent', 'id', $2, $2)`, budi.NIP, at)
		for _, owner := range []string{budi.NIP, "telegram:2"} {
			write(`INSERT INTO walks (owner, guide, step, version, state, started, moved) VALUES ($1, 'reset', $2, 1, 'active', $3, $3)`, owner, lifeStep, at)
		}
		for _, nip := range []any{budi.NIP, nil, sari.NIP} {
			write(`INSERT INTO audit (at, platform, account, nip, action, outcome, detail) VALUES ($1, 'telegram', '1', $2, 'link', 'done', '')`, at, nip)
		}
		write(`INSERT INTO inbox (source, id, account, payload, received) VALUES ('telegram', '1', 'a', NULL, 1), ('telegram', '2', 'a', $1, 2)`, seal("inbox telegram 2", "y"))
		write(`INSERT INTO river_job (kind, queue, args, max_attempts, state, priority, scheduled_at, created_at, tags, metadata)
			VALUES ('task', 'push', `+map[bool]string{true: "jsonb($1)", false: "$1"}[strings.HasPrefix(url, "sqlite:")]+`, 1, 'available', 1, $2, $2, `+
			map[bool]string{true: "jsonb('[]'), jsonb('{}')", false: "'{}', '{}'"}[strings.HasPrefix(url, "sqlite:")]+`)`,
			`{"kind": "push", "key": "help:`+budi.NIP+`:telegram:9", "sealed": ""}`, time.Now().Add(24*time.Hour).UTC())
		for _, f := range more {
			failed = errors.Join(failed, f(db))
		}
		return failed
	})
	if err != nil {
		t.Fatal(err)
	}
}

// upgraded looks whether all is as it was.
func upgraded(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	for _, e := range []store.Employee{budi, sari} {
		if got, err := s.Employee(ctx, e.NIP); got != e || err != nil {
			t.Errorf("employee: %+v, %v", got, err)
		}
	}
	if got := must[store.Employee](t)(s.EmployeeByEmail(ctx, "SATU@contoh.go.id")); got != budi {
		t.Errorf("by address: %+v", got)
	}
	if got := must[store.Employee](t)(s.EmployeeByOldNIP(ctx, budi.OldNIP)); got != budi {
		t.Errorf("by old NIP: %+v", got)
	}
	got := linked(t, s, phone)
	if got.Employee != budi || got.Language != "en" || got.Browser != "" || got.Quiet || !got.Verified.Equal(noon) ||
		got.Walk.Owner != budi.NIP || got.Walk.Step != lifeStep || got.Status.Message != "baik, "+budi.Name {
		t.Errorf("session: %+v", got)
	}
	if got := must[store.Session](t)(s.Session(ctx, other)); got.Linked || got.Walk.Owner != "telegram:2" {
		t.Errorf("the other session: %+v", got)
	}
	if got := must[store.Walk](t)(s.Walk(ctx, "telegram:2")); got.Owner != "telegram:2" || got.Step != lifeStep {
		t.Errorf("walk: %+v", got)
	}
	if got := open(t, s); len(got) != 1 || got[0] != "2" {
		t.Errorf("open updates: %v", got)
	}
	if got := request(t, s, want("press", phone, noon)); got.Verdict != store.ResetSeen || got.Reset.State != store.ResetSent || got.Reset.NIP != budi.NIP {
		t.Errorf("reset: %+v", got)
	}
	if n := count(t, s, `SELECT count(*) FROM codes WHERE nip_hash IS NOT NULL AND nip_sealed IS NOT NULL`); n != 1 {
		t.Errorf("%d codes", n)
	}
	var trail []string
	for e, err := range s.Events(ctx, noon.Add(-time.Hour), "") {
		if err != nil {
			t.Fatal(err)
		}
		trail = append(trail, e.NIP)
	}
	if want := []string{budi.NIP, "", sari.NIP}; strings.Join(trail, " ") != strings.Join(want, " ") {
		t.Errorf("audit: %q, want %q", trail, want)
	}
	if got := must[store.ImportResult](t)(s.Import(ctx, rows(budi, sari), store.ImportOptions{DryRun: true})); got != (store.ImportResult{Unchanged: 2}) {
		t.Errorf("the same file again: %+v", got)
	}
}

func TestOpenBringsEveryOlderSchemaUp(t *testing.T) {
	storetest.EachEmpty(t, func(t *testing.T, url string) {
		versions := must[[]int64](t)(store.SchemaVersions(storetest.Open(t, url)))
		if len(versions) < 5 {
			t.Fatalf("versions: %v", versions)
		}
		for _, version := range versions[:len(versions)-1] {
			t.Run(strconv.FormatInt(version, 10), func(t *testing.T) {
				url := storetest.Another(t, url)
				makeOld(t, url, version)
				upgraded(t, storetest.Open(t, url))
			})
		}
	})
}

// What stood in clear is in no table, file or log after the upgrade.
func TestAnUpgradeLeavesNobodyInClear(t *testing.T) {
	storetest.EachEmpty(t, func(t *testing.T, url string) {
		makeOld(t, url, old)
		s := storetest.Open(t, url)
		upgraded(t, s)
		if s.SingleProcess() {
			files(t, url, s)
		} else {
			dump(t, url, s)
		}
	})
}

// With the wrong key nothing is sealed, and the right one finds all.
func TestAnUpgradeWaitsForTheRightKey(t *testing.T) {
	storetest.EachEmpty(t, func(t *testing.T, url string) {
		makeOld(t, url, old)
		if s, err := store.Open(t.Context(), url, store.Options{Key: []byte(strings.Repeat("x", 32))}); !errors.Is(err, store.ErrWrongKey) {
			t.Errorf("opened: %v", err)
			_ = s.Close(context.Background())
		}
		upgraded(t, storetest.Open(t, url))
	})
}

// A database without employees has resets of people too, which another key
// would make unreadable for good.
func TestAnUpgradeWithoutEmployeesWaitsForTheRightKey(t *testing.T) {
	storetest.EachEmpty(t, func(t *testing.T, url string) {
		makeOld(t, url, old, func(db *sql.DB) error {
			_, err := db.ExecContext(t.Context(), `DELETE FROM employees`)
			return err
		})
		if s, err := store.Open(t.Context(), url, store.Options{Key: []byte(strings.Repeat("x", 32))}); !errors.Is(err, store.ErrWrongKey) {
			t.Errorf("opened: %v", err)
			_ = s.Close(context.Background())
		}
		s := storetest.Open(t, url)
		if got := request(t, s, want("press", phone, noon)); got.Verdict != store.ResetSeen || got.Reset.NIP != budi.NIP {
			t.Errorf("reset: %+v", got)
		}
	})
}

const upgradeChild = "RESETPIN_TEST_UPGRADE"

// TestUpgradeChild is the process that the next test kills.
func TestUpgradeChild(t *testing.T) {
	if url := os.Getenv(upgradeChild); url != "" {
		storetest.Open(t, url)
	}
}

// However often it is killed on the way, an upgrade comes to its end.
func TestAnUpgradeSurvivesKillings(t *testing.T) {
	storetest.EachEmpty(t, func(t *testing.T, url string) {
		makeOld(t, url, old, func(db *sql.DB) error {
			_, err := db.ExecContext(t.Context(), `INSERT INTO audit (at, platform, account, nip, action, outcome, detail)
				WITH RECURSIVE many(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM many WHERE i < 5001)
				SELECT 1, 'p', 'a', CAST($1 AS BIGINT), 'x', '', '' FROM many`, budi.NIP)
			return err
		})
		ended, killed := false, 0
		for round := 0; round < 12 && !ended; round++ {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(60+round*25)*time.Millisecond)
			child := osexec.CommandContext(ctx, os.Args[0], "-test.run=^TestUpgradeChild$")
			child.Env = append(os.Environ(), upgradeChild+"="+url)
			out, err := child.CombinedOutput()
			if ended = err == nil; !ended && ctx.Err() == nil {
				t.Errorf("round %d: %v: %s", round, err, out)
			}
			if !ended {
				killed++
			}
			cancel()
		}
		s := storetest.Open(t, url)
		if n := count(t, s, `SELECT count(*) FROM audit WHERE nip_hash IS NOT NULL AND nip_sealed IS NOT NULL`); n != 5003 {
			t.Errorf("%d lines of the audit trail are sealed", n)
		}
		upgraded(t, s)
		t.Logf("killed %d times", killed)
	})
}
