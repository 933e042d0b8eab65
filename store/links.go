package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Link ties an account to an employee. An employee has one account per
// platform: another one is displaced. jobs gives what to enqueue with it.
// It gives ErrNotFound when there is no such employee.
func (s *Store) Link(ctx context.Context, a Account, nip string, now time.Time, jobs func(displaced []Account) []Job) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		displaced, err := s.linkTx(ctx, tx, a, nip, now)
		if err != nil {
			return err
		}
		return s.enqueueTx(ctx, tx, jobs(displaced))
	})
}

func (s *Store) linkTx(ctx context.Context, tx *sql.Tx, a Account, nip string, now time.Time) ([]Account, error) {
	// One link of a platform at a time: two accounts that change places would
	// wait for each other's rows.
	if err := s.lockKeys(ctx, tx, "link "+a.Platform); err != nil {
		return nil, err
	}
	hash, sealed := s.seal.sealNIP("accounts", nip)
	var exists int
	err := tx.QueryRowContext(ctx, `SELECT 1 FROM employees WHERE nip_hash = $1`, hash).Scan(&exists)
	if err := notFound(err); err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	if err := s.leave(ctx, tx, a, hash, now); err != nil {
		return nil, err
	}
	displaced, err := s.unlinkWhere(ctx, tx, `nip_hash = $1 AND platform = $2 AND account <> $3`, hash, a.Platform, a.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range displaced {
		if err := s.auditTx(ctx, tx, Event{At: now, Account: d, NIP: nip, Action: "unlink", Outcome: "displaced"}); err != nil {
			return nil, err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO accounts (platform, account, nip_hash, nip_sealed, linked, verified) VALUES ($1, $2, $3, $4, $5, $5)
		ON CONFLICT (platform, account) DO UPDATE SET nip_hash = excluded.nip_hash, nip_sealed = excluded.nip_sealed,
			linked = excluded.linked, verified = excluded.verified, prompt = '', prompt_at = 0`,
		a.Platform, a.ID, hash, sealed, ms(now))
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	if err := s.trustTx(ctx, tx, a, nip, forever, 0, now); err != nil {
		return nil, err
	}
	return displaced, s.auditTx(ctx, tx, Event{At: now, Account: a, NIP: nip, Action: "link", Outcome: "done"})
}

// leave records that an account is about to leave another employee for the one
// with a NIP's hash.
func (s *Store) leave(ctx context.Context, tx *sql.Tx, a Account, hash []byte, now time.Time) error {
	var before, sealed []byte
	err := tx.QueryRowContext(ctx, `SELECT nip_hash, nip_sealed FROM accounts WHERE platform = $1 AND account = $2 AND nip_hash <> $3`, a.Platform, a.ID, hash).Scan(&before, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("link: %w", err)
	}
	nip, err := s.seal.openNIP("accounts", before, sealed)
	if err != nil {
		return err
	}
	return s.auditTx(ctx, tx, Event{At: now, Account: a, NIP: nip, Action: "unlink", Outcome: "replaced"})
}

// unlinkWhere takes the employee off accounts and names them.
func (s *Store) unlinkWhere(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]Account, error) {
	rows, err := tx.QueryContext(ctx, `UPDATE accounts SET nip_hash = NULL, nip_sealed = NULL, linked = 0, verified = 0, prompt = '', prompt_at = 0 WHERE `+where+` RETURNING platform, account`, args...)
	if err != nil {
		return nil, fmt.Errorf("unlink: %w", err)
	}
	defer closeRows(s, rows)
	var out []Account
	for rows.Next() {
		var a Account
		if err := rows.Scan(&a.Platform, &a.ID); err != nil {
			return nil, fmt.Errorf("unlink: %w", err)
		}
		out = append(out, a)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("unlink: %w", err)
	}
	return out, nil
}

// Unlink takes the employee off an account and gives their NIP, or
// ErrNotFound when the account was not linked.
func (s *Store) Unlink(ctx context.Context, a Account) (string, error) {
	var nip string
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var hash, sealed []byte
		err := tx.QueryRowContext(ctx, `SELECT nip_hash, nip_sealed FROM accounts WHERE platform = $1 AND account = $2 AND nip_hash IS NOT NULL`, a.Platform, a.ID).Scan(&hash, &sealed)
		if err := notFound(err); err != nil {
			return fmt.Errorf("unlink: %w", err)
		}
		if nip, err = s.seal.openNIP("accounts", hash, sealed); err != nil {
			return err
		}
		if _, err = s.unlinkWhere(ctx, tx, `platform = $1 AND account = $2`, a.Platform, a.ID); err != nil {
			return err
		}
		return s.auditTx(ctx, tx, Event{At: s.now(), Account: a, NIP: nip, Action: "unlink", Outcome: "done"})
	})
	if err != nil {
		return "", err
	}
	return nip, nil
}

// UnlinkAll takes an employee off all their accounts, which are strangers to
// the NIP from then on, and names these. by is who wants it, for the audit
// trail; jobs gives what to enqueue with it.
func (s *Store) UnlinkAll(ctx context.Context, nip string, by Account, jobs func(accounts []Account) []Job) ([]Account, error) {
	return s.cut(ctx, Event{NIP: nip, Outcome: "revoked", Detail: by.Platform + ":" + by.ID}, jobs, `nip_hash = $1`, s.seal.nipHash(nip))
}

// UnlinkOthers is UnlinkAll for the accounts on a platform beside the one that
// wants it.
func (s *Store) UnlinkOthers(ctx context.Context, nip, platform string, by Account, jobs func(accounts []Account) []Job) ([]Account, error) {
	return s.cut(ctx, Event{NIP: nip, Outcome: "cut", Detail: by.Platform + ":" + by.ID}, jobs,
		`nip_hash = $1 AND platform = $2 AND NOT (platform = $3 AND account = $4)`, s.seal.nipHash(nip), platform, by.Platform, by.ID)
}

// cut takes accounts off; line is the audit trail's for each.
func (s *Store) cut(ctx context.Context, line Event, jobs func([]Account) []Job, where string, args ...any) ([]Account, error) {
	var out []Account
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var err error
		if out, err = s.unlinkWhere(ctx, tx, where, args...); err != nil || len(out) == 0 {
			return err
		}
		for _, a := range out {
			line.At, line.Account, line.Action = s.now(), a, "unlink"
			if err := s.auditTx(ctx, tx, line); err != nil {
				return err
			}
		}
		if err := s.distrustTx(ctx, tx, line.NIP, out); err != nil {
			return err
		}
		return s.enqueueTx(ctx, tx, jobs(out))
	})
	return out, err
}

// Links gives an employee's accounts, by platform.
func (s *Store) Links(ctx context.Context, nip string) ([]Link, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT platform, account, linked, verified FROM accounts WHERE nip_hash = $1 ORDER BY platform`, s.seal.nipHash(nip))
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	defer closeRows(s, rows)
	var out []Link
	for rows.Next() {
		l := Link{NIP: nip}
		var linked, verified int64
		if err := rows.Scan(&l.Account.Platform, &l.Account.ID, &linked, &verified); err != nil {
			return nil, fmt.Errorf("read links: %w", err)
		}
		l.Linked, l.Verified = fromMS(linked), fromMS(verified)
		out = append(out, l)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	return out, nil
}

// AllLinks gives all chat accounts that are linked, in no order. The sequence
// ends after its first error.
func (s *Store) AllLinks(ctx context.Context) iter.Seq2[Link, error] {
	return func(yield func(Link, error) bool) {
		rows, err := s.read.QueryContext(ctx, `SELECT platform, account, nip_hash, nip_sealed, linked, verified FROM accounts WHERE nip_hash IS NOT NULL`)
		if err != nil {
			yield(Link{}, fmt.Errorf("read links: %w", err))
			return
		}
		defer closeRows(s, rows)
		for rows.Next() {
			var l Link
			var hash, sealed []byte
			var linked, verified int64
			err := rows.Scan(&l.Account.Platform, &l.Account.ID, &hash, &sealed, &linked, &verified)
			if err == nil {
				l.NIP, err = s.seal.openNIP("accounts", hash, sealed)
			}
			l.Linked, l.Verified = fromMS(linked), fromMS(verified)
			if !yield(l, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Link{}, fmt.Errorf("read links: %w", err))
		}
	}
}

const linkedQuery = `SELECT EXISTS (SELECT 1 FROM accounts WHERE platform = $1 AND account = $2 AND nip_hash IS NOT NULL)`

// Linked tells whether an account is linked.
func (s *Store) Linked(ctx context.Context, a Account) (bool, error) {
	var linked bool
	err := s.linked.QueryRowContext(ctx, a.Platform, a.ID).Scan(&linked)
	if err != nil {
		return false, fmt.Errorf("read link: %w", err)
	}
	return linked, nil
}
