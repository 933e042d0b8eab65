package store

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// CreateCode keeps a one-time code as a keyed hash, together with the job
// that mails it. At a limit nothing is kept and issued is false. The work is
// the same whether or not the NIP exists.
func (s *Store) CreateCode(ctx context.Context, r CodeRequest, job Job) (issued bool, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx, conn *sql.Conn) error {
		issued = false
		if err := s.lockKeys(ctx, tx, "code "+r.Account.Platform+":"+r.Account.ID, "code "+r.NIP); err != nil {
			return err
		}
		hash, sealed := s.seal.sealNIP("codes", r.NIP)
		since := ms(r.Now.Add(-r.Window))
		var byAccount, byNIP int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM codes WHERE platform = $1 AND account = $2 AND created > $3`,
			r.Account.Platform, r.Account.ID, since).Scan(&byAccount); err != nil {
			return fmt.Errorf("count codes: %w", err)
		}
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM codes WHERE nip_hash = $1 AND created > $2`, hash, since).Scan(&byNIP); err != nil {
			return fmt.Errorf("count codes: %w", err)
		}
		if byAccount >= r.Limit || byNIP >= r.Limit {
			return nil
		}
		issued = true
		// A new code ends the account's earlier ones.
		if _, err := tx.ExecContext(ctx, `UPDATE codes SET closed = 1 WHERE platform = $1 AND account = $2 AND closed = 0`, r.Account.Platform, r.Account.ID); err != nil {
			return fmt.Errorf("close codes: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO codes (platform, account, nip_hash, nip_sealed, hash, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			r.Account.Platform, r.Account.ID, hash, sealed, s.codeHash(r.Account, r.Code), ms(r.Now), ms(r.Expires)); err != nil {
			return fmt.Errorf("keep code: %w", err)
		}
		return s.enqueueTx(ctx, tx, conn, []Job{job})
	})
	return issued && err == nil, err
}

func (s *Store) codeHash(a Account, code string) []byte {
	return s.seal.sum("code", a.Platform, a.ID, code)
}

// CodeAttempt is a typed code.
type CodeAttempt struct {
	Account  Account
	Code     string
	Now      time.Time
	Attempts int // most wrong ones for one code
}

// RedeemCode judges a typed code and, when it is right, links the account to
// the employee it was sent to, all in one transaction: a code counts once,
// and a crash leaves either nothing or the whole.
func (s *Store) RedeemCode(ctx context.Context, r CodeAttempt, jobs func(nip string, displaced []Account) []Job) (CodeResult, error) {
	var out CodeResult
	err := s.inTx(ctx, func(tx *sql.Tx, conn *sql.Conn) error {
		var err error
		if out, err = s.judgeCode(ctx, tx, r); err != nil || out.Outcome != CodeRight {
			return err
		}
		displaced, err := s.linkTx(ctx, tx, r.Account, out.NIP, r.Now)
		if errors.Is(err, ErrNotFound) {
			nip := out.NIP
			out = CodeResult{Outcome: CodeNone} // the employee left the directory meanwhile
			return s.auditTx(ctx, tx, Event{At: r.Now, Account: r.Account, NIP: nip, Action: "link", Outcome: string(out.Outcome)})
		}
		if err != nil {
			return err
		}
		return s.enqueueTx(ctx, tx, conn, jobs(out.NIP, displaced))
	})
	if err != nil {
		return CodeResult{}, err
	}
	return out, nil
}

// TryCode judges a typed code without linking anybody: like RedeemCode it
// counts the attempt, and a code is right once. attempts is how many wrong
// ones a code bears.
func (s *Store) TryCode(ctx context.Context, a Account, code string, now time.Time, attempts int) (CodeResult, error) {
	var out CodeResult
	err := s.inTx(ctx, func(tx *sql.Tx, _ *sql.Conn) error {
		var err error
		out, err = s.judgeCode(ctx, tx, CodeAttempt{Account: a, Code: code, Now: now, Attempts: attempts})
		return err
	})
	if err != nil {
		return CodeResult{}, err
	}
	return out, nil
}

// judgeCode compares, counts and closes.
func (s *Store) judgeCode(ctx context.Context, tx *sql.Tx, r CodeAttempt) (CodeResult, error) {
	if err := s.lockKeys(ctx, tx, "code "+r.Account.Platform+":"+r.Account.ID); err != nil {
		return CodeResult{}, err
	}
	var id, expires int64
	var attempts int
	var hash, nipHash, nipSealed []byte
	err := tx.QueryRowContext(ctx, `SELECT id, nip_hash, nip_sealed, hash, expires, attempts FROM codes
		WHERE platform = $1 AND account = $2 AND closed = 0 ORDER BY id DESC LIMIT 1`, r.Account.Platform, r.Account.ID).
		Scan(&id, &nipHash, &nipSealed, &hash, &expires, &attempts)
	if errors.Is(err, sql.ErrNoRows) {
		out := CodeResult{Outcome: CodeNone}
		return out, s.auditTx(ctx, tx, Event{At: r.Now, Account: r.Account, Action: "link", Outcome: string(out.Outcome)})
	}
	if err != nil {
		return CodeResult{}, fmt.Errorf("read code: %w", err)
	}
	nip, err := s.seal.openNIP("codes", nipHash, nipSealed)
	if err != nil {
		return CodeResult{}, err
	}
	out := CodeResult{Outcome: CodeWrong, Left: r.Attempts - attempts - 1}
	closed := 1
	switch {
	case ms(r.Now) > expires:
		out = CodeResult{Outcome: CodeExpired}
	case hmac.Equal(hash, s.codeHash(r.Account, r.Code)):
		out = CodeResult{Outcome: CodeRight, NIP: nip}
	case out.Left <= 0:
		out = CodeResult{Outcome: CodeExhausted}
	default:
		closed = 0
	}
	if _, err := tx.ExecContext(ctx, `UPDATE codes SET attempts = attempts + 1, closed = $1 WHERE id = $2`, closed, id); err != nil {
		return CodeResult{}, fmt.Errorf("count attempt: %w", err)
	}
	if out.Outcome == CodeRight {
		return out, nil // the link has a line of its own
	}
	return out, s.auditTx(ctx, tx, Event{At: r.Now, Account: r.Account, NIP: nip, Action: "link", Outcome: string(out.Outcome)})
}
