package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/pressly/goose/v3"
)

// The two migrations that SQL cannot do: sealing needs DATA_KEY.
const (
	versionSeal  = 31
	versionClean = 33
)

// upgradeRows is how many rows of a table one transaction seals.
const upgradeRows = 1000

// sealing gives the migrations that seal what an older version kept in clear.
// A process that dies on the way leaves what it has sealed, and the next one
// goes on with the rest.
func (s *Store) sealing() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(versionSeal, &goose.GoFunc{RunDB: s.sealPlain}, nil),
		goose.NewGoMigration(versionClean, &goose.GoFunc{RunDB: s.forgetPlain}, nil),
	}
}

// sealPlain fills what 00030 made with what stands beside it in clear.
func (s *Store) sealPlain(ctx context.Context, _ *sql.DB) error {
	if _, err := s.kvOf(ctx, "secrets", canary); err != nil && !errors.Is(err, ErrNotFound) {
		return err // with another key it would be lost
	}
	var people int
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM employees_plain`).Scan(&people); err != nil {
		return err
	}
	if people > 0 {
		s.log.Info("the database is being sealed, once; it takes about a minute for a million employees", "employees", people)
		if _, err := s.Import(ctx, s.plainEmployees(ctx), ImportOptions{}); err != nil {
			return err
		}
	}
	byNIP := func(table string) func(string) ([]byte, []byte) {
		return func(nip string) ([]byte, []byte) { return s.seal.sealNIP(table, nip) }
	}
	for _, t := range []struct {
		table, columns string
		seal           func(plain string) (hash, sealed []byte)
	}{
		{"codes", "nip", byNIP("codes")}, {"resets", "nip", byNIP("resets")}, {"audit", "nip", byNIP("audit")}, {"walks", "owner", s.sealOwner},
	} {
		if err := s.sealColumn(ctx, t.table, t.columns, t.seal); err != nil {
			return fmt.Errorf("seal %s: %w", t.table, err)
		}
	}
	if err := s.sealAccounts(ctx); err != nil {
		return fmt.Errorf("seal accounts: %w", err)
	}
	if err := s.sealStatuses(ctx); err != nil {
		return fmt.Errorf("seal statuses: %w", err)
	}
	return s.forgetJobKeys(ctx)
}

// plainEmployees gives the directory as it was kept in clear.
func (s *Store) plainEmployees(ctx context.Context) iter.Seq2[Employee, error] {
	return func(yield func(Employee, error) bool) {
		rows, err := s.read.QueryContext(ctx, `SELECT nip, nik, name, email, position, unit, grade, coalesce(old_nip, 0), active FROM employees_plain ORDER BY nip`)
		if err != nil {
			yield(Employee{}, err)
			return
		}
		defer closeRows(s, rows)
		for rows.Next() {
			e, err := s.plainEmployee(rows)
			if !yield(e, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Employee{}, err)
		}
	}
}

func (s *Store) plainEmployee(row scanner) (e Employee, err error) {
	var nip, old, active int64
	var nik []byte
	if err := row.Scan(&nip, &nik, &e.Name, &e.Email, &e.Position, &e.Unit, &e.Grade, &old, &active); err != nil {
		return Employee{}, err
	}
	e.NIP, e.Active = nipText(nip), active != 0
	if old != 0 {
		e.OldNIP = fmt.Sprintf("%09d", old)
	}
	if nik, err = s.seal.open("nik "+e.NIP, nik); err != nil {
		return Employee{}, ErrWrongKey // without the place, which is the NIP
	}
	e.NIK = string(nik)
	return e, nil
}

func (s *Store) sealOwner(owner string) (hash, sealed []byte) {
	hash = s.ownerHash(owner)
	return hash, s.seal.seal(ownerPlace(hash), []byte(owner))
}

// sealColumn seals the column of a table with an id, in bites.
func (s *Store) sealColumn(ctx context.Context, table, column string, seal func(string) (hash, sealed []byte)) error {
	type plain struct {
		id   int64
		text string
	}
	find := fmt.Sprintf(`SELECT id, CAST(%[1]s AS TEXT) FROM %[2]s WHERE id > $1 AND %[1]s IS NOT NULL AND %[1]s_hash IS NULL ORDER BY id LIMIT $2`, column, table)
	write := fmt.Sprintf( //nolint:gosec // the names are the program's own
		`UPDATE %[2]s SET %[1]s_hash = $1, %[1]s_sealed = $2 WHERE id = $3`, column, table)
	for last := int64(0); ; {
		bite, err := queryAll(ctx, s, find, func(r scanner) (p plain, err error) { return p, r.Scan(&p.id, &p.text) }, last, upgradeRows)
		if err != nil || len(bite) == 0 {
			return err
		}
		last = bite[len(bite)-1].id
		err = s.inTx(ctx, func(tx *sql.Tx) error {
			for _, p := range bite {
				hash, sealed := seal(p.text)
				if _, err := tx.ExecContext(ctx, write, hash, sealed, p.id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

func (s *Store) sealAccounts(ctx context.Context) error {
	for {
		bite, err := queryAll(ctx, s, `SELECT platform, account, nip FROM accounts WHERE nip IS NOT NULL LIMIT $1`, func(r scanner) (l Link, err error) {
			var nip int64
			err = r.Scan(&l.Account.Platform, &l.Account.ID, &nip)
			l.NIP = nipText(nip)
			return l, err
		}, upgradeRows)
		if err != nil || len(bite) == 0 {
			return err
		}
		err = s.inTx(ctx, func(tx *sql.Tx) error {
			for _, l := range bite {
				hash, sealed := s.seal.sealNIP("accounts", l.NIP)
				if _, err := tx.ExecContext(ctx, `UPDATE accounts SET nip = NULL, nip_hash = $1, nip_sealed = $2 WHERE platform = $3 AND account = $4`,
					hash, sealed, l.Account.Platform, l.Account.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

func (s *Store) sealStatuses(ctx context.Context) error {
	type status struct {
		nip, asked, end int64
		value, message  string
	}
	for last := int64(0); ; {
		bite, err := queryAll(ctx, s, `SELECT nip, value, message, asked, end_date FROM statuses_plain WHERE nip > $1 ORDER BY nip LIMIT $2`, func(r scanner) (p status, err error) {
			return p, r.Scan(&p.nip, &p.value, &p.message, &p.asked, &p.end)
		}, last, upgradeRows)
		if err != nil || len(bite) == 0 {
			return err
		}
		last = bite[len(bite)-1].nip
		err = s.inTx(ctx, func(tx *sql.Tx) error {
			for _, p := range bite {
				hash := s.seal.nipHash(nipText(p.nip))
				if _, err := tx.ExecContext(ctx, saveStatus, hash, p.value, s.seal.seal(statusPlace(hash), []byte(p.message)), p.asked, p.end); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// queryAll gives all rows of a query that finds few.
func queryAll[T any](ctx context.Context, s *Store, query string, scan func(scanner) (T, error), args ...any) (out []T, err error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer closeRows(s, rows)
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// forgetJobKeys takes NIPs out of the keys of jobs: only those of calls for
// help had one. At worst such a call is made twice.
func (s *Store) forgetJobKeys(ctx context.Context) error {
	there, query := `SELECT count(*) FROM sqlite_master WHERE name = 'river_job'`, `UPDATE river_job SET args = jsonb_set(args, '$.key', ''), unique_key = NULL
		WHERE json_extract(args, '$.key') LIKE 'help:%'`
	if s.pool != nil {
		there, query = `SELECT count(to_regclass('river_job'))`, `UPDATE river_job SET args = jsonb_set(args, '{key}', '""'), unique_key = NULL WHERE args->>'key' LIKE 'help:%'`
	}
	var n int
	if err := s.read.QueryRowContext(ctx, there).Scan(&n); err != nil || n == 0 {
		return err
	}
	_, err := s.write.ExecContext(ctx, query)
	return err
}

// forgetPlain writes the tables anew, so that what stood there in clear leaves
// the files. PostgreSQL's own log of writes (WAL) is its administrator's.
func (s *Store) forgetPlain(ctx context.Context, db *sql.DB) error {
	if s.pool != nil {
		for _, table := range []string{"accounts", "codes", "resets", "walks", "audit", "river_job"} {
			var there bool
			if err := db.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, table).Scan(&there); err != nil || !there {
				return err // River's table comes last
			}
			if _, err := db.ExecContext(ctx, "VACUUM FULL "+table); err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := db.ExecContext(ctx, "VACUUM"); err != nil {
		return err
	}
	return s.emptyLog(ctx, db)
}

// emptyLog takes what SQLite's write-ahead log holds into the file and leaves
// the log empty.
func (s *Store) emptyLog(ctx context.Context, db *sql.DB) error {
	var busy, log, moved int
	if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("another program has the database open; stop it and start again")
	}
	return nil
}
